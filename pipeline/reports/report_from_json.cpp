#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "models/error.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::pipeline {
namespace {

using Value = nlohmann::json;

// Null and absent members are empty texts and no numbers, as to_json writes them.
std::string text_of(const Value& json, const char* member) {
    const auto at = json.find(member);
    return at == json.end() || at->is_null() ? std::string() : at->get<std::string>();
}
int number_of(const Value& json, const char* member) {
    const auto at = json.find(member);
    return at == json.end() || at->is_null() ? 0 : at->get<int>();
}
template <class T>
std::optional<T> optional_of(const Value& json, const char* member) {
    const auto at = json.find(member);
    return at == json.end() || at->is_null() ? std::nullopt : std::optional<T>(at->get<T>());
}

template <class T>
T known(const std::optional<T>& value, const Value& written) {
    if (!value) throw Error(ErrorKind::BadInput, fmt::format("not a report: {}", written.dump()));
    return *value;
}

template <class Item, class Read>
std::vector<Item> list_of(const Value& list, const Read& read) {
    std::vector<Item> items;
    for (const Value& one : list) items.push_back(read(one));
    return items;
}

DigitalSignature signature_from(const Value& json) {
    DigitalSignature signature;
    signature.signer = text_of(json, "signer");
    signature.time = text_of(json, "time");
    const Value& validity = json.at("validity");
    signature.validity =
        known(parse_signature_validity(validity.get_ref<const std::string&>()), validity);
    signature.time_stamp = text_of(json, "kind") == "time_stamp";
    return signature;
}

FileReport file_from(const Value& json) {
    FileReport file{json.at("name"), text_of(json, "sha256"), json.at("pages"), {}, 0};
    if (const auto signatures = json.find("signatures"); signatures != json.end())
        file.signatures = list_of<DigitalSignature>(*signatures, signature_from);
    return file;
}

Evidence evidence_from(const Value& json) {
    const Value& box = json.at("box");
    return {json.at("file"), json.at("page"), {box.at(0), box.at(1), box.at(2), box.at(3)}};
}

FieldReport field_from(const Value& json) {
    FieldReport field;
    field.field = json.at("field");
    field.required = json.at("required");
    const Value& verdict = json.at("verdict");
    field.verdict = known(parse_field_verdict(verdict.get_ref<const std::string&>()), verdict);
    field.value = optional_of<std::string>(json, "value");
    field.normalized = optional_of<std::string>(json, "normalized");
    field.confidence = json.value("confidence", 0.0);
    field.value_confidence = optional_of<double>(json, "value_confidence");
    field.reason = text_of(json, "reason");
    field.repaired_by = text_of(json, "repaired_by");
    field.message = Message::as_written(text_of(json, "message"));
    if (const auto evidence = json.find("evidence"); evidence != json.end() && !evidence->is_null())
        field.evidence = evidence_from(*evidence);
    return field;
}

PointReport point_from(const Value& json) {
    return {json.at("point"), json.at("title"),
            list_of<FieldReport>(json.at("fields"), field_from)};
}

AgreementPage page_from(const Value& json) {
    AgreementPage page{json.at("form_page"), text_of(json, "file"), number_of(json, "page"),
                       json.at("rotation"), json.at("confidence")};
    if (const auto replaces = json.find("replaces"); replaces != json.end())
        page.replaces = list_of<PageOrigin>(*replaces, [](const Value& origin) {
            return PageOrigin{text_of(origin, "file"), origin.at("page")};
        });
    return page;
}

AgreementReport agreement_from(const Value& json) {
    AgreementReport agreement;
    agreement.form = json.at("form");
    agreement.title = json.at("title");
    agreement.version = optional_of<std::string>(json, "version");
    agreement.required = json.at("required");
    agreement.present = json.at("present");
    agreement.pages = list_of<AgreementPage>(json.at("pages"), page_from);
    agreement.points = list_of<PointReport>(json.at("points"), point_from);
    return agreement;
}

Finding finding_from(const Value& json) {
    const Value& severity = json.at("severity");
    return {.code = json.at("code"),
            .severity = known(parse_severity(severity.get_ref<const std::string&>()), severity),
            .message = Message::as_written(json.at("message")),
            .form = text_of(json, "form"),
            .point = text_of(json, "point"),
            .field = text_of(json, "field"),
            .file = text_of(json, "file"),
            .page = number_of(json, "page")};
}

PageTime page_time_from(const Value& json) {
    return {json.at("file"), json.at("page"), json.at("draw_ms"), json.at("match_ms"),
            json.at("read_ms")};
}

StageTimes times_from(const Value& json) {
    StageTimes times;
    times.total_ms = json.at("total_ms");
    times.open_ms = json.at("open_ms");
    times.strange_ms = json.at("strange_ms");
    times.pages = list_of<PageTime>(json.at("pages"), page_time_from);
    return times;
}

Report report_of(const Value& json) {
    Report report;
    const Value& submission = json.at("submission");
    report.id = submission.at("id");
    report.personal_data = optional_of<bool>(submission, "personal_data");
    report.files = list_of<FileReport>(submission.at("files"), file_from);
    const Value& verdict = json.at("verdict");
    report.verdict =
        known(parse_submission_verdict(verdict.get_ref<const std::string&>()), verdict);
    report.agreements = list_of<AgreementReport>(json.at("agreements"), agreement_from);
    report.findings = list_of<Finding>(json.at("findings"), finding_from);
    report.timing.reset();
    if (const auto timing = json.find("timing"); timing != json.end())
        report.timing = times_from(*timing);
    return report;
}

}  // namespace

WrittenReport report_from_json(std::string_view text) try {
    const Value json = Value::parse(text);
    WrittenReport written{report_of(json), {}};
    if (const auto engine = json.find("engine"); engine != json.end())
        written.engine = {engine->at("version"), engine->at("forms")};
    return written;
} catch (const Value::exception& e) {
    // The parser's own words may quote the text, which holds personal values.
    throw Error(ErrorKind::BadInput, fmt::format("not a report (JSON error {})", e.id));
}

}  // namespace avtalskoll::pipeline
