#include "pipeline/reports/report_html.h"

#include <fmt/format.h>
#include <sodium.h>

#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>

#include "models/error.h"
#include "pipeline/reports/swedish.h"

namespace avtalskoll::pipeline {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

const char* explanation(SubmissionVerdict verdict) {
    switch (verdict) {
        case SubmissionVerdict::Complete: return "Alla obligatoriska punkter finns med.";
        case SubmissionVerdict::Incomplete: return "Inlämningen behöver kompletteras:";
        case SubmissionVerdict::Review: return "En handläggare behöver titta på:";
        case SubmissionVerdict::Rejected: return "Inlämningen kunde inte bedömas:";
    }
    return "";
}

std::string data_uri(const char* type, const std::vector<std::uint8_t>& bytes) {
    if (bytes.empty()) return {};
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.resize(text.find('\0'));
    return fmt::format("data:{};base64,{}", type, text);
}

std::string counted(int count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

// The list under the verdict: every field that is not ok, in the forms' order.
data problems(const Report& report) {
    data list(data::type::list);
    for (const Finding& f : report.findings)
        if (f.severity == Severity::Error ||
            (f.severity == Severity::Review && report.verdict == SubmissionVerdict::Review))
            list.push_back(data("text", f.message));
    for_each_field(report, [&](const auto& agreement, const auto& point, const auto& field) {
        const bool wrong =
            field.verdict == FieldVerdict::Missing || field.verdict == FieldVerdict::Invalid;
        const bool doubtful =
            field.verdict == FieldVerdict::Unclear && report.verdict != SubmissionVerdict::Rejected;
        if (agreement.present && field.required && (wrong || doubtful))
            list.push_back(data("text", fmt::format("{}, punkt {}: {}", agreement.title,
                                                    point.point, field.message)));
    });
    return list;
}

data field_data(const FieldReport& field) {
    data d;
    d.set("label", field.label);
    d.set("verdict", to_string(field.verdict));
    d.set("verdict_text", in_swedish(field.verdict));
    if (field.value) d.set("value", *field.value);
    else d.set("value", data(data::type::bool_false));
    d.set("message", field.message.empty() ? data(data::type::bool_false) : data(field.message));
    d.set("source", field.evidence ? data(fmt::format("{}, sidan {}", field.evidence->file,
                                                      field.evidence->page))
                                   : data(data::type::bool_false));
    const std::string crop = data_uri("image/png", field.crop_png);
    d.set("crop", crop.empty() ? data(data::type::bool_false) : data(crop));
    d.set("crop_width", std::to_string(field.crop_width));
    d.set("crop_height", std::to_string(field.crop_height));
    return d;
}

const char* absence_of(const AgreementReport& agreement) {
    const bool needless = !agreement.required && !agreement.alternative;
    return needless ? "Avtalet finns inte i inlämningen och behövs inte."
                    : "Avtalet finns inte i inlämningen.";
}

data agreement_data(const AgreementReport& agreement) {
    data d, points(data::type::list);
    d.set("title", agreement.title);
    d.set("version_text", agreement.version ? "version " + *agreement.version : "");
    if (!agreement.present) {
        d.set("note", absence_of(agreement));
        d.set("points", points);
        return d;
    }
    d.set("note", data(data::type::bool_false));
    for (const PointReport& point : agreement.points) {
        data p, fields(data::type::list);
        p.set("point", point.point);
        p.set("title", point.title);
        for (const FieldReport& field : point.fields) fields.push_back(field_data(field));
        p.set("fields", fields);
        points.push_back(p);
    }
    d.set("points", points);
    return d;
}

data boxes_on(const Report& report, const PagePicture& picture) {
    data boxes(data::type::list);
    for_each_field(report, [&](const auto&, const PointReport& point, const FieldReport& field) {
        if (!field.evidence || field.evidence->file != picture.file ||
            field.evidence->page != picture.page)
            return;
        const BoxShare& b = field.evidence->box;
        data box;
        box.set("verdict", to_string(field.verdict));
        box.set("label",
                fmt::format("{} {}: {}", point.point, field.label, in_swedish(field.verdict)));
        for (const auto& [name, value] :
             {std::pair("x", b.x), std::pair("y", b.y), std::pair("w", b.w), std::pair("h", b.h)})
            box.set(name, fmt::format("{:.4f}", value));
        boxes.push_back(box);
    });
    return boxes;
}

data picture_data(const Report& report, const PagePicture& picture) {
    data d;
    d.set("image", data_uri("image/jpeg", picture.jpeg));
    d.set("width", std::to_string(picture.width));
    d.set("height", std::to_string(picture.height));
    d.set("caption", picture.caption);
    d.set("source", fmt::format("{}, sidan {}", picture.file, picture.page));
    d.set("boxes", boxes_on(report, picture));
    return d;
}

data findings_data(const Report& report) {
    data list(data::type::list);
    for (const Finding& f : report.findings) {
        data d;
        d.set("severity", to_string(f.severity));
        d.set("severity_text", in_swedish(f.severity));
        d.set("message", f.message);
        list.push_back(d);
    }
    return list;
}

void set_list(data& root, const std::string& name, const data& list) {
    root.set("has_" + name,
             data(list.list_value().empty() ? data::type::bool_false : data::type::bool_true));
    root.set(name, list);
}

const char* about_personal_data(const std::optional<bool>& holds_some) {
    if (!holds_some) return "personuppgifter: inte angivet";
    return *holds_some ? "datamängden innehåller personuppgifter"
                       : "datamängden innehåller inte personuppgifter";
}

}  // namespace

HtmlTemplate::HtmlTemplate(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in)
        throw Error(ErrorKind::NotFound,
                    fmt::format("{}: the report's template is missing", file.string()));
    std::stringstream all;
    all << in.rdbuf();
    text_ = all.str();
    const mustache parsed(text_);
    if (!parsed.is_valid())
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: {}", file.string(), parsed.error_message()));
}

std::string HtmlTemplate::render(const Report& report) const {
    data root, agreements(data::type::list), pictures(data::type::list);
    int pages = 0;
    for (const FileReport& f : report.files) pages += f.pages;
    root.set("id", report.id);
    root.set("verdict", to_string(report.verdict));
    root.set("verdict_text", in_swedish(report.verdict));
    root.set("verdict_explanation", explanation(report.verdict));
    root.set("file_count", counted(static_cast<int>(report.files.size()), "fil", "filer"));
    root.set("page_count", counted(pages, "sida", "sidor"));
    root.set("personal_data", about_personal_data(report.personal_data));
    set_list(root, "problems", problems(report));
    set_list(root, "findings", findings_data(report));
    for (const AgreementReport& agreement : report.agreements)
        agreements.push_back(agreement_data(agreement));
    root.set("agreements", agreements);
    for (const PagePicture& picture : report.pictures)
        pictures.push_back(picture_data(report, picture));
    set_list(root, "pictures", pictures);
    mustache page(text_);
    return page.render(root);
}

}  // namespace avtalskoll::pipeline
