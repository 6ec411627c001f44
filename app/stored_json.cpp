#include "app/stored_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/file_hash.h"
#include "pipeline/file_kind.h"

namespace avtalskoll::app {
namespace {

using nlohmann::json;

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json ignored_of(const Submission& submission) {
    json ignored = json::array();
    for (const IgnoredEntry& one : submission.ignored) ignored.push_back({{"name", one.name}, {"kind", pipeline::to_string(one.kind)}, {"may_hold_pages", one.may_hold_pages}});
    return ignored;
}

// Stores of version 1.0 have names alone.
IgnoredEntry ignored_from(const json& one) {
    if (one.is_string()) return {one.get<std::string>(), FileKind::Unknown, true};
    const auto kind = pipeline::parse_file_kind(one.at("kind").get<std::string>());
    return {one.at("name"), kind.value_or(FileKind::Unknown), one.at("may_hold_pages")};
}

json account_of(const Submission& submission) {
    return {{"personal_data", submission.personal_data ? json(*submission.personal_data) : json(nullptr)},
            {"organisation_number", submission.organisation_number},
            {"broken", submission.broken},
            {"ignored", ignored_of(submission)},
            {"unused_keys", submission.unused_keys}};
}

}  // namespace

std::string account_json(const Submission& submission) { return dumped(account_of(submission)); }

void read_account_json(const std::string& text, Submission& submission) {
    const json account = json::parse(text);
    if (const json& said = account.at("personal_data"); !said.is_null()) submission.personal_data = said.get<bool>();
    submission.organisation_number = account.at("organisation_number");
    submission.broken = account.at("broken");
    submission.ignored.clear();
    for (const json& one : account.at("ignored")) submission.ignored.push_back(ignored_from(one));
    submission.unused_keys = account.value("unused_keys", std::vector<std::string>{});
}

std::string content_of(const Submission& submission, const std::vector<std::string>& hashes) {
    std::vector<std::string> sorted = hashes;
    std::sort(sorted.begin(), sorted.end());
    json content{{"account", account_of(submission)}, {"files", sorted}};
    for (const char* told : {"ignored", "unused_keys"}) content["account"].erase(told);
    if (hashes.empty() || sorted.front().empty()) content["id"] = submission.id;
    return pipeline::sha256_of_text(dumped(content));
}

std::string without_values(const std::string& text) {
    json report = json::parse(text);
    int number = 0;
    for (json& file : report.at("submission").at("files")) {
        file["name"] = fmt::format("fil {}", ++number);
        file.erase("signatures");
    }
    for (json& agreement : report.at("agreements")) {
        for (json& page : agreement.at("pages")) page["file"] = nullptr;
        for (json& point : agreement.at("points"))
            for (json& field : point.at("fields")) {
                for (const char* member : {"value", "normalized", "message"})
                    if (field.contains(member)) field[member] = nullptr;
                field.erase("alternatives");
                field.erase("evidence");
            }
    }
    for (json& finding : report.at("findings")) {
        finding["message"] = "";
        finding["file"] = nullptr;
    }
    report.erase("timing");
    return dumped(report);
}

}  // namespace avtalskoll::app
