#include "app/stored_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/file_hash.h"

namespace avtalskoll::app {
namespace {

using nlohmann::json;

std::string dumped(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json account_of(const Submission& submission) {
    return {{"personal_data", submission.personal_data ? json(*submission.personal_data) : json(nullptr)},
            {"organisation_number", submission.organisation_number},
            {"broken", submission.broken},
            {"ignored", submission.ignored}};
}

}  // namespace

std::string account_json(const Submission& submission) { return dumped(account_of(submission)); }

void read_account_json(const std::string& text, Submission& submission) {
    const json account = json::parse(text);
    if (const json& said = account.at("personal_data"); !said.is_null()) submission.personal_data = said.get<bool>();
    submission.organisation_number = account.at("organisation_number");
    submission.broken = account.at("broken");
    submission.ignored = account.at("ignored").get<std::vector<std::string>>();
}

std::string content_of(const Submission& submission, const std::vector<std::string>& hashes) {
    std::vector<std::string> sorted = hashes;
    std::sort(sorted.begin(), sorted.end());
    json content{{"account", account_of(submission)}, {"files", sorted}};
    content["account"].erase("ignored");
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
