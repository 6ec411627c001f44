#include "pipeline/reports/report_html.h"

#include <fmt/format.h>
#include <sodium.h>

#include <fstream>
#include <kainjow/mustache.hpp>
#include <sstream>

#include "models/error.h"
#include "pipeline/reports/verdict_messages.h"

namespace avtalskoll::pipeline {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

std::string data_uri(const char* type, const std::vector<std::uint8_t>& bytes) {
    if (bytes.empty()) return {};
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(),
                      sodium_base64_VARIANT_ORIGINAL);
    text.resize(text.find('\0'));
    return fmt::format("data:{};base64,{}", type, text);
}

data or_false(const std::string& text) {
    return text.empty() ? data(data::type::bool_false) : data(text);
}

void set_list(data& root, const std::string& name, const data& list) {
    root.set("has_" + name,
             data(list.list_value().empty() ? data::type::bool_false : data::type::bool_true));
    root.set(name, list);
}

Message source_of(const std::string& file, int page) {
    return Message("report_page.source", {{"file", file}, {"page", page}});
}

Message absence_of(const AgreementReport& agreement) {
    const bool needless = !agreement.required && !agreement.alternative;
    return needless ? Message("report_page.agreement_needless")
                    : Message("report_page.agreement_absent");
}

Message about_personal_data(const std::optional<bool>& holds_some) {
    if (!holds_some) return Message("report_page.personal_data_unknown");
    return *holds_some ? Message("report_page.personal_data")
                       : Message("report_page.no_personal_data");
}

Message explanation_of(SubmissionVerdict verdict) {
    return Message(std::string("explanation.") + to_string(verdict));
}

Message count_of_files(std::size_t count) {
    return count == 1 ? Message("report_page.one_file", {{"count", count}})
                      : Message("report_page.files", {{"count", count}});
}

Message count_of_pages(const std::vector<FileReport>& files) {
    int count = 0;
    for (const FileReport& f : files) count += f.pages;
    return count == 1 ? Message("report_page.one_page", {{"count", count}})
                      : Message("report_page.pages", {{"count", count}});
}

// Fills the template for one report.
class ReportPage {
public:
    ReportPage(const Report& report, const Texts& texts) : report_(report), texts_(texts) {}

    data filled() const {
        data root, agreements(data::type::list), pictures(data::type::list);
        root.set("language", say(Message("language")));
        root.set("id", report_.id);
        root.set("verdict", to_string(report_.verdict));
        root.set("verdict_text", say(message_for(report_.verdict)));
        root.set("verdict_explanation", say(explanation_of(report_.verdict)));
        root.set("file_count", say(count_of_files(report_.files.size())));
        root.set("page_count", say(count_of_pages(report_.files)));
        root.set("personal_data", say(about_personal_data(report_.personal_data)));
        set_list(root, "problems", problems());
        root.set("findings_heading", say(Message("report_page.findings_heading")));
        set_list(root, "findings", findings());
        for (const AgreementReport& agreement : report_.agreements)
            agreements.push_back(agreement_data(agreement));
        root.set("agreements", agreements);
        for (const PagePicture& picture : report_.pictures)
            pictures.push_back(picture_data(picture));
        root.set("pictures_heading", say(Message("report_page.pictures_heading")));
        set_list(root, "pictures", pictures);
        return root;
    }

private:
    std::string say(const Message& message) const { return texts_.say(message); }

    // The list under the verdict: every field that is not ok, in the forms' order.
    data problems() const {
        data list(data::type::list);
        for (const Finding& f : report_.findings)
            if (f.severity == Severity::Error ||
                (f.severity == Severity::Review && report_.verdict == SubmissionVerdict::Review))
                list.push_back(data("text", say(f.message)));
        for_each_field(report_, [&](const auto& agreement, const auto& point, const auto& field) {
            const bool wrong =
                field.verdict == FieldVerdict::Missing || field.verdict == FieldVerdict::Invalid;
            const bool doubtful = field.verdict == FieldVerdict::Unclear &&
                                  report_.verdict != SubmissionVerdict::Rejected;
            if (!agreement.present || !field.required || !(wrong || doubtful)) return;
            list.push_back(
                data("text", say(Message("report_page.problem", {{"title", agreement.title},
                                                                 {"point", point.point},
                                                                 {"message", field.message}}))));
        });
        return list;
    }

    data field_data(const FieldReport& field) const {
        data d;
        d.set("label", field.label);
        d.set("verdict", to_string(field.verdict));
        d.set("verdict_text", say(message_for(field.verdict)));
        if (field.value) d.set("value", *field.value);
        else d.set("value", data(data::type::bool_false));
        d.set("message", or_false(say(field.message)));
        d.set("source", field.evidence
                            ? data(say(source_of(field.evidence->file, field.evidence->page)))
                            : data(data::type::bool_false));
        d.set("crop", or_false(data_uri("image/png", field.crop_png)));
        d.set("crop_text", say(Message("report_page.crop", {{"label", field.label}})));
        d.set("crop_width", std::to_string(field.crop_width));
        d.set("crop_height", std::to_string(field.crop_height));
        return d;
    }

    data agreement_data(const AgreementReport& agreement) const {
        data d, points(data::type::list);
        d.set("title", agreement.title);
        d.set("version_text", agreement.version ? say(Message("report_page.version",
                                                              {{"version", *agreement.version}}))
                                                : "");
        if (!agreement.present) {
            d.set("note", say(absence_of(agreement)));
            d.set("points", points);
            return d;
        }
        d.set("note", data(data::type::bool_false));
        for (const PointReport& point : agreement.points) {
            data p, fields(data::type::list);
            p.set("heading",
                  say(point.title.empty()
                          ? Message("report_page.point_untitled", {{"point", point.point}})
                          : Message("report_page.point",
                                    {{"point", point.point}, {"title", point.title}})));
            for (const FieldReport& field : point.fields) fields.push_back(field_data(field));
            p.set("fields", fields);
            points.push_back(p);
        }
        d.set("points", points);
        return d;
    }

    data boxes_on(const PagePicture& picture) const {
        data boxes(data::type::list);
        for_each_field(report_, [&](const auto&, const auto& point, const auto& field) {
            if (!field.evidence || field.evidence->file != picture.file ||
                field.evidence->page != picture.page)
                return;
            const BoxShare& b = field.evidence->box;
            data box;
            box.set("verdict", to_string(field.verdict));
            box.set("label", fmt::format("{} {}: {}", point.point, field.label,
                                         say(message_for(field.verdict))));
            for (const auto& [name, value] : {std::pair("x", b.x), std::pair("y", b.y),
                                              std::pair("w", b.w), std::pair("h", b.h)})
                box.set(name, fmt::format("{:.4f}", value));
            boxes.push_back(box);
        });
        return boxes;
    }

    data picture_data(const PagePicture& picture) const {
        data d;
        d.set("image", data_uri("image/jpeg", picture.jpeg));
        d.set("width", std::to_string(picture.width));
        d.set("height", std::to_string(picture.height));
        d.set("caption", say(picture.caption));
        d.set("source", say(source_of(picture.file, picture.page)));
        d.set("boxes", boxes_on(picture));
        return d;
    }

    data findings() const {
        data list(data::type::list);
        for (const Finding& f : report_.findings) {
            data d;
            d.set("severity", to_string(f.severity));
            d.set("severity_text", say(message_for(f.severity)));
            d.set("message", say(f.message));
            list.push_back(d);
        }
        return list;
    }

    const Report& report_;
    const Texts& texts_;
};

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

std::string HtmlTemplate::render(const Report& report, const Texts& texts) const {
    mustache page(text_);
    return page.render(ReportPage(report, texts).filled());
}

}  // namespace avtalskoll::pipeline
