#include "app/review/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

using nlohmann::json;

// A member's text; empty when it is null or absent, as after a purge.
std::string text_of(const json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

template <class Enum, std::size_t N>
Enum from_text(const std::string& text, const std::array<Enum, N>& all, Enum otherwise) {
    for (const Enum one : all)
        if (text == to_string(one)) return one;
    return otherwise;
}
FieldVerdict verdict_from(const std::string& text) {
    return from_text(text,
                     std::array{FieldVerdict::Ok, FieldVerdict::Missing, FieldVerdict::Invalid,
                                FieldVerdict::Unclear},
                     FieldVerdict::Unclear);
}
Severity severity_from(const std::string& text) {
    return from_text(text, std::array{Severity::Error, Severity::Review, Severity::Info},
                     Severity::Review);
}

// The field as registered; of another version where this one is not registered any more.
const Field* registered(const FormSet& forms, const std::string& form, const std::string& version,
                        const std::string& point, const std::string& field) {
    const Field* found = nullptr;
    for (const Form& f : forms.forms) {
        if (f.id != form || (found && f.version != version)) continue;
        for (const FormPoint& p : f.points)
            for (const Field& candidate : p.fields)
                if (p.number == point && candidate.id == field) found = &candidate;
    }
    return found;
}

class Reviewer {
public:
    Reviewer(const OpenCase& open, const FormSet& forms)
        : open_(open), forms_(forms), report_(json::parse(open.report_json)) {}

    Review review() {
        read_pages();
        for (const json& agreement : report_.at("agreements")) read_agreement(agreement);
        for (const json& finding : report_.at("findings")) read_finding(finding);
        return std::move(review_);
    }

private:
    void read_pages() {
        for (std::size_t f = 0; f < report_.at("submission").at("files").size(); ++f) {
            const json& file = report_["submission"]["files"][f];
            for (int page = 1; page <= file.value("pages", 0); ++page)
                review_.pages.push_back(
                    {text_of(file, "name"), static_cast<int>(f), page, "", "", 0, 0});
        }
    }

    void read_agreement(const json& json_agreement) {
        ReviewedAgreement& agreement = review_.agreements.emplace_back();
        agreement.form = text_of(json_agreement, "form");
        agreement.title = text_of(json_agreement, "title");
        agreement.version = text_of(json_agreement, "version");
        agreement.required = json_agreement.value("required", true);
        agreement.present = json_agreement.value("present", false);
        for (const json& page : json_agreement.at("pages")) {
            const std::string file = text_of(page, "file");
            if (file.empty() && agreement.present)
                agreement.missing_pages.push_back(page.value("form_page", 0));
            for (ReviewedPage& there : review_.pages)
                if (!file.empty() && there.file == file && page.at("page").is_number_integer() &&
                    there.page == page["page"].get<int>()) {
                    there.form = agreement.form;
                    there.form_title = agreement.title;
                    there.form_page = page.value("form_page", 0);
                    there.rotation = page.value("rotation", 0);
                }
        }
        for (const json& json_point : json_agreement.at("points")) {
            ReviewedPoint point{text_of(json_point, "point"), text_of(json_point, "title"), {}};
            for (const json& field : json_point.at("fields"))
                point.fields.push_back(read_field(field, agreement, point.point));
            agreement.points.push_back(std::move(point));
        }
    }

    ReviewedField read_field(const json& json_field, const ReviewedAgreement& agreement,
                             const std::string& point) {
        ReviewedField field;
        field.form = agreement.form;
        field.point = point;
        field.field = field.label = text_of(json_field, "field");
        if (const Field* known =
                registered(forms_, field.form, agreement.version, point, field.field)) {
            field.label = known->label;
            field.kind = known->kind;
        }
        field.required =
            json_field.value("required", true) && (agreement.required || agreement.present);
        field.verdict = field.found = verdict_from(text_of(json_field, "verdict"));
        field.value = field.found_value = text_of(json_field, "value");
        field.reason = text_of(json_field, "reason");
        field.message = text_of(json_field, "message");
        read_evidence(json_field, field);
        for (const Decision& d : open_.decisions) {
            if (!d.holds() || d.field.empty() || d.form != field.form || d.point != point ||
                d.field != field.field)
                continue;
            field.decision = &d;
            field.verdict = verdict_from(d.new_verdict);
            field.value = d.new_value.value_or("");
            field.machine_changed =
                d.report != open_.report && (d.found_verdict != to_string(field.found) ||
                                             d.found_value.value_or("") != field.found_value);
        }
        if (field.required && !field.in_order()) {
            ++review_.open;
            review_.unclear += field.verdict == FieldVerdict::Unclear ? 1 : 0;
        }
        return field;
    }

    void read_evidence(const json& json_field, ReviewedField& field) const {
        const auto at = json_field.find("evidence");
        if (at == json_field.end() || !at->is_object()) return;
        const json& box = at->at("box");
        field.evidence = Evidence{text_of(*at, "file"),
                                  at->value("page", 0),
                                  {box.at(0), box.at(1), box.at(2), box.at(3)}};
        for (const ReviewedPage& page : review_.pages)
            if (page.file == field.evidence->file && page.page == field.evidence->page)
                field.rotation = page.rotation;
    }

    void read_finding(const json& json_finding) {
        ReviewedFinding finding;
        finding.code = text_of(json_finding, "code");
        finding.message = text_of(json_finding, "message");
        finding.form = text_of(json_finding, "form");
        finding.point = text_of(json_finding, "point");
        finding.field = text_of(json_finding, "field");
        finding.file = text_of(json_finding, "file");
        finding.severity = severity_from(text_of(json_finding, "severity"));
        const auto page = json_finding.find("page");
        // Part of the place: a finding that says something else was not accepted with this one.
        const std::string said =
            pipeline::sha256_of_text(text_of(json_finding, "severity") + finding.message)
                .substr(0, 8);
        finding.place = fmt::format(
            "{}/{}/{}/{}/{}/{}/{}", finding.code, finding.form, finding.point, finding.field,
            file_number(finding.file),
            page != json_finding.end() && page->is_number_integer() ? page->get<int>() : 0, said);
        for (const Decision& d : open_.decisions)
            if (d.holds() && !d.finding.empty() && d.finding == finding.place)
                finding.decision = &d;
        if (!finding.in_order()) ++review_.open;
        review_.findings.push_back(std::move(finding));
    }

    // From 1; 0: none. A number, for names of files may name persons and are purged.
    int file_number(const std::string& name) const {
        int number = 0;
        for (const json& file : report_["submission"]["files"]) {
            ++number;
            if (!name.empty() && text_of(file, "name") == name) return number;
        }
        return 0;
    }

    const OpenCase& open_;
    const FormSet& forms_;
    const json report_;
    Review review_;
};

}  // namespace

const ReviewedField* Review::field(const std::string& form, const std::string& point,
                                   const std::string& wanted) const {
    for (const ReviewedAgreement& agreement : agreements)
        for (const ReviewedPoint& p : agreement.points)
            for (const ReviewedField& f : p.fields)
                if (f.form == form && f.point == point && f.field == wanted) return &f;
    return nullptr;
}

const ReviewedFinding* Review::finding(const std::string& place) const {
    const auto at = std::find_if(findings.begin(), findings.end(),
                                 [&](const ReviewedFinding& f) { return f.place == place; });
    return at == findings.end() ? nullptr : &*at;
}

Review review_of(const OpenCase& open, const FormSet& forms) {
    if (open.report == 0) return {};
    return Reviewer(open, forms).review();
}

const Decision* last_decision(const OpenCase& open) {
    for (auto d = open.decisions.rbegin(); d != open.decisions.rend(); ++d)
        if (d->holds()) return &*d;
    return nullptr;
}

}  // namespace avtalskoll::app
