#include "app/store/stored_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <type_traits>

#include "models/error.h"
#include "models/report.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/files/file_kind.h"

namespace avtalskoll::app {
namespace {

using nlohmann::json;

std::string dumped(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json ignored_of(const Submission& submission) {
    json ignored = json::array();
    for (const IgnoredEntry& one : submission.ignored)
        ignored.push_back({{"name", one.name},
                           {"kind", pipeline::to_string(one.kind)},
                           {"may_hold_pages", one.may_hold_pages}});
    return ignored;
}

// Stores of version 1.0 have names alone.
IgnoredEntry ignored_from(const json& one) {
    if (one.is_string()) return {one.get<std::string>(), FileKind::Unknown, true};
    const auto kind = pipeline::parse_file_kind(one.at("kind").get<std::string>());
    return {one.at("name"), kind.value_or(FileKind::Unknown), one.at("may_hold_pages")};
}

// A message as its key and its values. Words as they were written, which stores of earlier versions
// have, are a string; so is nothing to say.
json json_of(const Message& message) {
    if (message.key().empty()) return message.written();
    json values = json::object();
    for (const MessageValue& one : message.values())
        std::visit(
            [&](const auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Message>)
                    values[one.name] = json_of(value);
                else values[one.name] = value;
            },
            one.value);
    return {{"key", message.key()}, {"values", std::move(values)}};
}

MessageValue value_from(const std::string& name, const json& value);

Message message_from(const json& message) {
    if (message.is_string()) return Message::as_written(message.get<std::string>());
    std::vector<MessageValue> values;
    for (const auto& [name, value] : message.at("values").items())
        values.push_back(value_from(name, value));
    return Message(message.at("key"), std::move(values));
}

MessageValue value_from(const std::string& name, const json& value) {
    if (value.is_object()) return {name, message_from(value)};
    if (value.is_number_integer()) return {name, value.get<std::int64_t>()};
    if (value.is_number()) return {name, value.get<double>()};
    return {name, value.get<std::string>()};
}

json account_of(const Submission& submission) {
    return {{"personal_data",
             submission.personal_data ? json(*submission.personal_data) : json(nullptr)},
            {"organisation_number", submission.organisation_number},
            {"broken", json_of(submission.broken)},
            {"ignored", ignored_of(submission)},
            {"unused_keys", submission.unused_keys}};
}

std::string text_of(const json& object, const char* member) {
    const auto at = object.find(member);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

int number_of(const json& object, const char* member) {
    const auto at = object.find(member);
    return at != object.end() && at->is_number_integer() ? at->get<int>() : 0;
}

// A purged report names no file.
bool is_purged(const json& report) {
    const auto is_unnamed = [](const json& of) { return text_of(of, "file").empty(); };
    for (const json& agreement : report.at("agreements"))
        if (const json& pages = agreement.at("pages");
            !std::all_of(pages.begin(), pages.end(), is_unnamed))
            return false;
    const json& findings = report.at("findings");
    return std::all_of(findings.begin(), findings.end(), is_unnamed);
}

// The number of pages that are named. Without file names one page number may belong to two files:
// then each mention counts.
std::size_t pages_named(const json& report, bool has_names) {
    static const std::set<std::string> kAboutPages{
        "blank_page",    "other_organisation", "page_doubled",   "page_not_filled_in",
        "page_replaced", "page_unknown",       "page_unreadable"};
    std::set<std::pair<std::string, int>> named;
    std::size_t mentions = 0;
    const auto take = [&](const json& of) {
        if (number_of(of, "page") <= 0) return;
        ++mentions;
        named.emplace(text_of(of, "file"), number_of(of, "page"));
    };
    for (const json& agreement : report.at("agreements"))
        for (const json& page : agreement.at("pages")) take(page);
    for (const json& finding : report.at("findings"))
        if (has_names || kAboutPages.contains(text_of(finding, "code"))) take(finding);
    return has_names ? named.size() : mentions;
}

// An error that says why this file was not opened, or why none was.
bool says_why_unread(const json& report, const std::string& file, bool has_names) {
    static const std::set<std::string> kOfAll{"account_number_invalid", "no_documents", "set_aside",
                                              "submission_invalid"};
    const json& findings = report.at("findings");
    return std::any_of(findings.begin(), findings.end(), [&](const json& finding) {
        if (text_of(finding, "severity") != to_string(Severity::Error)) return false;
        return kOfAll.contains(text_of(finding, "code")) ||
               (has_names ? text_of(finding, "file") == file
                          : text_of(finding, "code").starts_with("file_"));
    });
}

// When the drawing program was ended from outside, these words blamed the document.
bool may_blame_the_document(const json& report) {
    for (const json& finding : report.at("findings"))
        for (const char* words : {"har avbrutit ritandet", "kunde inte ritas: filen är skadad"})
            if (text_of(finding, "message").find(words) != std::string::npos) return true;
    return false;
}

}  // namespace

std::string account_json(const Submission& submission) { return dumped(account_of(submission)); }

void read_account_json(const std::string& text, Submission& submission) {
    const json account = json::parse(text);
    if (const json& said = account.at("personal_data"); !said.is_null())
        submission.personal_data = said.get<bool>();
    submission.organisation_number = account.at("organisation_number");
    submission.broken = message_from(account.at("broken"));
    submission.ignored.clear();
    for (const json& one : account.at("ignored")) submission.ignored.push_back(ignored_from(one));
    submission.unused_keys = account.value("unused_keys", std::vector<std::string>{});
}

std::string account_without_names(const std::string& text) {
    json account = json::parse(text);
    account["ignored"] = json::array();
    return dumped(account);
}

std::string content_of(const Submission& submission, const std::vector<std::string>& hashes) {
    std::vector<std::string> sorted = hashes;
    std::sort(sorted.begin(), sorted.end());
    json content{{"account", account_of(submission)}, {"files", sorted}};
    for (const char* told : {"ignored", "unused_keys"}) content["account"].erase(told);
    if (hashes.empty() || sorted.front().empty()) content["id"] = submission.id;
    for (std::size_t i = 0; i < hashes.size(); ++i)  // the order in which files came decides, too
        if (submission.files[i].hand_in > 1)
            content["hand_ins"][hashes[i]] = submission.files[i].hand_in;
    return pipeline::sha256_of_text(dumped(content));
}

std::optional<pipeline::WrittenReport> parsed_report(const std::string& text) try {
    return pipeline::report_from_json(text);
} catch (const Error&) {
    return std::nullopt;
}

std::string without_values(pipeline::WrittenReport written) {
    Report& report = written.report;
    int number = 0;
    for (FileReport& file : report.files) {
        file.name = fmt::format("fil {}", ++number);
        file.signatures.clear();
    }
    for (AgreementReport& agreement : report.agreements)
        for (AgreementPage& page : agreement.pages) {
            page.file.clear();
            for (PageOrigin& origin : page.replaces) origin.file.clear();
        }
    for_each_field(report, [](const auto&, const auto&, FieldReport& field) {
        field.value.reset();
        field.normalized.reset();
        field.message = {};
        field.evidence.reset();
    });
    for (Finding& finding : report.findings) {
        finding.message = {};
        finding.file.clear();
    }
    report.timing.reset();
    return pipeline::to_json(report, written.engine, pipeline::Texts(), -1);
}

bool speaks_of_every_page(const std::string& text) try {
    const json report = json::parse(text);
    const bool has_names = !is_purged(report);
    std::size_t pages = 0;
    bool unread_without_reason = false;
    for (const json& file : report.at("submission").at("files")) {
        const int of_file = number_of(file, "pages");
        pages += static_cast<std::size_t>(std::max(of_file, 0));
        unread_without_reason |=
            of_file <= 0 && !says_why_unread(report, text_of(file, "name"), has_names);
    }
    const json& findings = report.at("findings");
    const bool is_rejected = text_of(report, "verdict") == to_string(SubmissionVerdict::Rejected);
    const bool says_why = std::any_of(findings.begin(), findings.end(), [](const json& finding) {
        return text_of(finding, "severity") == to_string(Severity::Error) ||
               text_of(finding, "code") == "page_unreadable";
    });
    return pages_named(report, has_names) >= pages && !unread_without_reason &&
           (!is_rejected || says_why) && !may_blame_the_document(report);
} catch (const json::exception&) {
    return false;
}

}  // namespace avtalskoll::app
