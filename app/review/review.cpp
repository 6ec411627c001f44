#include "app/review/review.h"

#include <algorithm>

#include "pipeline/files/file_hash.h"
#include "pipeline/reports/report_json.h"
#include "rules/page_ledger.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kSaidLetters = 8;  // of the hash in a finding's place

// The field as registered; of another version where this one is not registered any more.
const Field* registered(const FormSet& forms, const FieldPlace& place, const std::string& version) {
    const Field* found = nullptr;
    for (const Form& form : forms.forms) {
        if (form.id != place.form || (found && form.version != version)) continue;
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields)
                if (point.number == place.point && field.id == place.field) found = &field;
    }
    return found;
}

// By their texts: the parts of a place may hold what parts them.
bool is_same(const FindingPlace& a, const FindingPlace& b) { return to_string(a) == to_string(b); }

class Reviewer {
public:
    Reviewer(const OpenCase& open, const FormSet& forms)
        : open_(open),
          forms_(forms),
          report_(pipeline::report_from_json(open.report_json).report) {}

    Review review() {
        read_pages();
        review_.no_personal_data = frame_decision(Action::NoPersonalData, "");
        for (const AgreementReport& agreement : report_.agreements) read_agreement(agreement);
        for (const Finding& finding : report_.findings) read_finding(finding);
        return std::move(review_);
    }

private:
    void read_pages() {
        int index = 0;
        for (const FileReport& file : report_.files) {
            for (int page = 1; page <= file.pages; ++page)
                review_.pages.push_back({file.name, index, page, "", "", 0, 0});
            ++index;
        }
    }

    void read_agreement(const AgreementReport& found) {
        ReviewedAgreement& agreement = review_.agreements.emplace_back();
        agreement.form = found.form;
        agreement.title = found.title;
        agreement.version = found.version.value_or("");
        agreement.needs_personal_data =
            found.required && !rules::is_required(forms_, found.form, false);
        agreement.required =
            found.required && !(review_.no_personal_data && agreement.needs_personal_data);
        agreement.present = found.present;
        agreement.set_aside = frame_decision(Action::SetAside, found.form);
        for (const AgreementPage& page : found.pages) read_form_page(page, agreement);
        for (const PointReport& found_point : found.points) {
            ReviewedPoint point{found_point.point, found_point.title, {}};
            for (const FieldReport& field : found_point.fields)
                point.fields.push_back(read_field(field, agreement, point.point));
            agreement.points.push_back(std::move(point));
        }
    }

    void read_form_page(const AgreementPage& found, ReviewedAgreement& agreement) {
        if (found.file.empty()) {
            if (agreement.present) agreement.missing_pages.push_back(found.form_page);
            return;
        }
        for (ReviewedPage& page : review_.pages) {
            if (page.file != found.file || page.page != found.page) continue;
            page.form = agreement.form;
            page.form_title = agreement.title;
            page.form_page = found.form_page;
            page.rotation = found.rotation;
        }
        if (!found.replaces.empty()) read_replaced(found, agreement);
    }

    // -1: there is none.
    int index_of_page(const std::string& file, int number) const {
        const auto at = std::find_if(
            review_.pages.begin(), review_.pages.end(),
            [&](const ReviewedPage& page) { return page.file == file && page.page == number; });
        return at == review_.pages.end() ? -1 : static_cast<int>(at - review_.pages.begin());
    }

    void read_replaced(const AgreementPage& found, ReviewedAgreement& agreement) {
        ReplacedPages replaced{found.form_page, index_of_page(found.file, found.page), {}};
        for (const PageOrigin& origin : found.replaces) {
            const int before = index_of_page(origin.file, origin.page);
            if (before < 0) continue;
            review_.pages[static_cast<std::size_t>(before)].is_replaced = true;
            replaced.before.push_back(before);
        }
        if (replaced.now >= 0 && !replaced.before.empty())
            agreement.replaced.push_back(std::move(replaced));
    }

    // The decision on what the case needs that is in force; nullptr: none.
    const Decision* frame_decision(Action action, const std::string& form) const {
        const Decision* last = nullptr;
        for (const Decision& d : open_.decisions)
            if (d.holds() && d.action == action && d.place.form == form) last = &d;
        return last;
    }

    ReviewedField read_field(const FieldReport& found, const ReviewedAgreement& agreement,
                             const std::string& point) {
        ReviewedField field;
        field.place = {agreement.form, point, found.field};
        field.label = found.field;
        if (const Field* known = registered(forms_, field.place, agreement.version)) {
            field.label = known->label;
            field.kind = known->kind;
        }
        field.required = found.required && agreement.counts();
        field.verdict = field.found = found.verdict;
        field.value = field.found_value = found.value.value_or("");
        field.reason = found.reason;
        field.message = found.message.written();
        read_evidence(found, field);
        for (const Decision& d : open_.decisions)
            if (d.holds() && !d.place.field.empty() && d.place == field.place) apply(d, field);
        if (field.required && !field.in_order()) {
            ++review_.open;
            review_.unclear += field.verdict == FieldVerdict::Unclear ? 1 : 0;
        }
        return field;
    }

    void apply(const Decision& d, ReviewedField& field) const {
        field.decision = &d;
        field.verdict = parse_field_verdict(d.new_verdict).value_or(FieldVerdict::Unclear);
        field.value = d.new_value.value_or("");
        field.machine_changed =
            d.report != open_.report && (d.found_verdict != to_string(field.found) ||
                                         d.found_value.value_or("") != field.found_value);
    }

    void read_evidence(const FieldReport& found, ReviewedField& field) const {
        if (!found.evidence) return;
        field.evidence = found.evidence;
        for (const ReviewedPage& page : review_.pages)
            if (page.file == field.evidence->file && page.page == field.evidence->page)
                field.rotation = page.rotation;
    }

    void read_finding(const Finding& found) {
        ReviewedFinding finding;
        finding.message = found.message.written();
        finding.file = found.file;
        finding.severity = found.severity;
        finding.place = {found.code,
                         {found.form, found.point, found.field},
                         file_number(finding.file),
                         found.page,
                         pipeline::sha256_of_text(to_string(found.severity) + finding.message)
                             .substr(0, kSaidLetters)};
        for (const Decision& d : open_.decisions)
            if (d.holds() && d.finding && is_same(*d.finding, finding.place)) finding.decision = &d;
        finding.is_needed = is_needed(found.form);
        if (!finding.in_order()) ++review_.open;
        review_.findings.push_back(std::move(finding));
    }

    // False for a finding on an agreement that the case does not depend on.
    bool is_needed(const std::string& form) const {
        const auto at = std::find_if(
            review_.agreements.begin(), review_.agreements.end(),
            [&](const ReviewedAgreement& agreement) { return agreement.form == form; });
        return at == review_.agreements.end() || at->counts();
    }

    // From 1; 0: none.
    int file_number(const std::string& name) const {
        const auto at = std::find_if(report_.files.begin(), report_.files.end(),
                                     [&](const FileReport& file) { return file.name == name; });
        if (name.empty() || at == report_.files.end()) return 0;
        return static_cast<int>(at - report_.files.begin()) + 1;
    }

    const OpenCase& open_;
    const FormSet& forms_;
    const Report report_;
    Review review_;
};

}  // namespace

const ReviewedField* Review::field(const FieldPlace& place) const {
    for (const ReviewedAgreement& agreement : agreements)
        for (const ReviewedPoint& point : agreement.points)
            for (const ReviewedField& field : point.fields)
                if (field.place == place) return &field;
    return nullptr;
}

const ReviewedAgreement* Review::agreement(const std::string& form) const {
    const auto at = std::find_if(agreements.begin(), agreements.end(),
                                 [&](const ReviewedAgreement& one) { return one.form == form; });
    return at == agreements.end() ? nullptr : &*at;
}

const ReviewedFinding* Review::finding(const FindingPlace& place) const {
    const auto at = std::find_if(findings.begin(), findings.end(),
                                 [&](const ReviewedFinding& f) { return is_same(f.place, place); });
    return at == findings.end() ? nullptr : &*at;
}

Review review_of(const OpenCase& open, const FormSet& forms) {
    if (open.report == 0) return {};
    return Reviewer(open, forms).review();
}

}  // namespace avtalskoll::app
