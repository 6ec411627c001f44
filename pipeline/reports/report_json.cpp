#include "pipeline/reports/report_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/version.h"

namespace avtalskoll::pipeline {
namespace {

using Json = nlohmann::ordered_json;

// Four decimals: more would only be noise, and less readable.
double rounded(double value) { return std::round(value * 1e4) / 1e4; }

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}
Json or_null(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }
Json or_null(int value) { return value > 0 ? Json(value) : Json(nullptr); }

Json to_json(const FieldReport& field, const Texts& texts) {
    Json json{{"field", field.field},
              {"required", field.required},
              {"verdict", to_string(field.verdict)},
              {"value", or_null(field.value)}};
    json["normalized"] = or_null(field.normalized);
    json["confidence"] = rounded(field.confidence);
    json["value_confidence"] = field.value && field.value_confidence
                                   ? Json(rounded(*field.value_confidence))
                                   : Json(nullptr);
    json["reason"] = or_null(field.reason);
    if (!field.repaired_by.empty()) json["repaired_by"] = field.repaired_by;
    json["message"] = or_null(texts.say(field.message));
    json["evidence"] = nullptr;
    if (field.evidence) {
        const BoxShare& b = field.evidence->box;
        json["evidence"] = {{"file", field.evidence->file},
                            {"page", field.evidence->page},
                            {"box", {rounded(b.x), rounded(b.y), rounded(b.w), rounded(b.h)}}};
    }
    return json;
}

Json to_json(const AgreementReport& agreement, const Texts& texts) {
    Json json{{"form", agreement.form},
              {"title", agreement.title},
              {"version", or_null(agreement.version)},
              {"required", agreement.required},
              {"present", agreement.present}};
    json["pages"] = Json::array();
    for (const AgreementPage& p : agreement.pages) {
        json["pages"].push_back({{"form_page", p.form_page},
                                 {"file", or_null(p.file)},
                                 {"page", or_null(p.page)},
                                 {"rotation", p.rotation},
                                 {"confidence", rounded(p.confidence)}});
        for (const PageOrigin& origin : p.replaces)
            json["pages"].back()["replaces"].push_back(
                {{"file", or_null(origin.file)}, {"page", origin.page}});
    }
    json["points"] = Json::array();
    for (const PointReport& point : agreement.points) {
        Json fields = Json::array();
        for (const FieldReport& field : point.fields) fields.push_back(to_json(field, texts));
        json["points"].push_back(
            {{"point", point.point}, {"title", point.title}, {"fields", std::move(fields)}});
    }
    return json;
}

Json to_json(const Finding& f, const Texts& texts) {
    return {{"code", f.code},
            {"severity", to_string(f.severity)},
            {"message", texts.say(f.message)},
            {"form", or_null(f.form)},
            {"point", or_null(f.point)},
            {"field", or_null(f.field)},
            {"file", or_null(f.file)},
            {"page", or_null(f.page)}};
}

Json to_json(const StageTimes& times) {
    const PageTime sum = times.sum();
    Json json{{"total_ms", rounded(times.total_ms)},
              {"open_ms", rounded(times.open_ms)},
              {"draw_ms", rounded(sum.draw_ms)},
              {"match_ms", rounded(sum.match_ms)},
              {"read_ms", rounded(sum.read_ms)},
              {"strange_ms", rounded(times.strange_ms)},
              {"pages", Json::array()}};
    for (const PageTime& page : times.pages)
        json["pages"].push_back({{"file", page.file},
                                 {"page", page.page},
                                 {"draw_ms", rounded(page.draw_ms)},
                                 {"match_ms", rounded(page.match_ms)},
                                 {"read_ms", rounded(page.read_ms)}});
    return json;
}

Json to_json(const EngineFacts& engine) {
    return {{"name", "avtalskoll"}, {"version", engine.version}, {"forms", engine.forms}};
}

}  // namespace

EngineFacts EngineFacts::of(const FormSet& forms) {
    EngineFacts engine{kVersion, {}};
    for (const Form& form : forms.forms) engine.forms.push_back(form.id + " " + form.version);
    return engine;
}

std::string to_json(const Report& report, const EngineFacts& engine, const Texts& texts,
                    int indent) {
    Json json{{"schema", "avtalskoll/report/1"}};
    Json files = Json::array();
    for (const FileReport& f : report.files) {
        files.push_back({{"name", f.name}, {"sha256", or_null(f.sha256)}, {"pages", f.pages}});
        for (const DigitalSignature& s : f.signatures)
            files.back()["signatures"].push_back(
                {{"signer", or_null(s.signer)},
                 {"time", or_null(s.time)},
                 {"validity", to_string(s.validity)},
                 {"kind", s.time_stamp ? "time_stamp" : "signature"}});
    }
    json["submission"] = {{"id", report.id},
                          {"files", std::move(files)},
                          {"personal_data", or_null(report.personal_data)}};
    json["verdict"] = to_string(report.verdict);
    json["agreements"] = Json::array();
    for (const AgreementReport& agreement : report.agreements)
        json["agreements"].push_back(to_json(agreement, texts));
    json["findings"] = Json::array();
    for (const Finding& finding : report.findings)
        json["findings"].push_back(to_json(finding, texts));
    json["engine"] = to_json(engine);
    if (report.timing) json["timing"] = to_json(*report.timing);
    // File names on disk need not be UTF-8: other bytes become U+FFFD.
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace avtalskoll::pipeline
