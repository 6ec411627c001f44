#include "rules/judge_agreement.h"

#include <algorithm>
#include <set>

#include "rules/copies.h"
#include "rules/field_rule.h"
#include "rules/relations.h"
#include "rules/signature_rule.h"
#include "rules/strange_page.h"

namespace avtalskoll::rules {
namespace {

// A signature's place in a document that bears a certificate's mark, or that no hand can have
// signed. `why_not_missing`: the reason code of that mark; null without one.
void judge_digital(FieldReport& report, const FieldReading& reading, const char* why_not_missing,
                   bool born_digital) {
    if (report.kind != FieldKind::Signature) return;
    constexpr double kLeastScreenInk_mm2 = 2.4;  // the least ink of a signature that was seen
    if (report.verdict == FieldVerdict::Missing && why_not_missing)
        decide(report, FieldVerdict::Unclear, 0.9, why_not_missing);
    // A doubtful one gets the reason that is sure: it is no hand's ink on this paper.
    if (report.verdict != FieldVerdict::Ok && report.reason != "doubtful_signature") return;
    if (born_digital) decide(report, FieldVerdict::Unclear, 0.9, "pasted_signature");
    else if (reading.screen_ink_mm2 >= kLeastScreenInk_mm2)
        decide(report, FieldVerdict::Unclear, 0.9,
               reading.screen_annotation ? "annotation_ink" : "pasted_signature");
}

// Nothing is surely absent from a page of which a part is lost.
void judge_damaged(FieldReport& report, const PageReading& page) {
    if (!page.damage.empty() && report.verdict == FieldVerdict::Missing)
        decide(report, FieldVerdict::Unclear, 0.8, "page_damaged");
}

class AgreementJudge {
public:
    explicit AgreementJudge(const AgreementCase& given)
        : given_(given), form_(given.forms.forms[static_cast<std::size_t>(given.entry.form)]) {
        report_.form = form_.id;
        report_.title = form_.title;
        report_.required = given.required;
        report_.alternative = !given.required && is_alternative(given.forms, form_.id);
        report_.present = given.entry.present();
        if (report_.present) report_.version = form_.version;
    }

    AgreementReport judge(std::vector<Finding>& findings) {
        take_pages(findings);
        take_fields();
        if (!report_.present) {
            if (report_.required && !given_.ledger.has_unknown_page)
                findings.push_back(
                    {.code = "agreement_missing",
                     .severity = Severity::Error,
                     .message = Message("finding.agreement_missing", {{"title", form_.title}}),
                     .form = form_.id});
            return std::move(report_);
        }
        note_missing_pages(findings);
        note_empty_form(findings);
        note_counter_signatures(findings);
        judge_relations(form_, report_, findings);
        return std::move(report_);
    }

private:
    void take_pages(std::vector<Finding>& findings) {
        std::vector<std::vector<JudgedCopy>> copies = judged_copies();
        const std::set<std::string> by_hand = files_signed_by_hand(copies);
        std::vector<OtherCopy> others;
        std::size_t doubled = 0;  // form pages that are there more than once
        for (std::size_t p = 0; p < copies.size(); ++p) {
            AgreementPage row;
            row.form_page = static_cast<int>(p + 1);
            if (!copies[p].empty()) {
                ChosenCopy chosen = choose_copy(std::move(copies[p]), by_hand);
                const PageReading& best = *chosen.copy.page;
                row = {row.form_page,       best.origin.file,      best.origin.page,
                       best.match.rotation, best.match.confidence, replaced_by(best)};
                note_copies(chosen, row.form_page, findings);
                doubled += chosen.others.empty() ? 0 : 1;
                others.insert(others.end(), chosen.others.begin(), chosen.others.end());
                chosen_.push_back(std::move(chosen.copy));
            }
            report_.pages.push_back(row);
        }
        if (doubled > 1 && doubled == chosen_.size()) note_doubled_agreement(others, findings);
    }

    std::vector<PageOrigin> replaced_by(const PageReading& page) const {
        std::vector<PageOrigin> origins;
        for (const ReplacedPage& replaced : given_.ledger.replaced)
            if (replaced.by == &page) origins.push_back(replaced.page->origin);
        return origins;
    }

    // For each form page, every page of the submission that shows it.
    std::vector<std::vector<JudgedCopy>> judged_copies() const {
        std::vector<std::vector<JudgedCopy>> copies(given_.entry.pages.size());
        for (std::size_t p = 0; p < copies.size(); ++p)
            for (const PageReading* page : given_.entry.pages[p])
                copies[p].push_back(judge_page(*page));
        return copies;
    }

    // The fields that the page has in the version that counts.
    JudgedCopy judge_page(const PageReading& page) const {
        JudgedCopy copy{&page, {}, {}};
        for (const FieldReading& reading : page.fields) {
            if (reading.ref.form != given_.entry.form) continue;
            copy.readings.push_back(&reading);
            FieldReport report = judge_field(field_of(given_.forms, reading.ref), reading,
                                             given_.words, given_.caution);
            judge_digital(report, reading, mark_of(page.origin.file), page.born_digital);
            judge_damaged(report, page);
            if (page.struck_through && report.verdict == FieldVerdict::Ok)
                decide(report, FieldVerdict::Unclear, 0.8, "crossed_out");
            report.evidence = Evidence{page.origin.file, page.origin.page, reading.box};
            report.crop_png = reading.crop_png;
            report.crop_width = reading.crop_width;
            report.crop_height = reading.crop_height;
            copy.fields.push_back(std::move(report));
        }
        return copy;
    }

    // Reason code of the digital signature or time stamp that a file bears; null: neither.
    const char* mark_of(const std::string& file) const {
        const auto at = given_.marked_files.find(file);
        if (at == given_.marked_files.end()) return nullptr;
        return at->second ? "digitally_signed" : "time_stamp_only";
    }

    void note_copies(const ChosenCopy& chosen, int form_page,
                     std::vector<Finding>& findings) const {
        const auto said = [&](CopyRelation relation) {
            switch (relation) {
                case CopyRelation::Lesser:
                    return Message("finding.page_doubled_in_part",
                                   {{"title", form_.title}, {"page", form_page}});
                case CopyRelation::Contradicts:
                    return Message("finding.page_doubled_and_differs",
                                   {{"title", form_.title}, {"page", form_page}});
                default:
                    return Message("finding.page_doubled",
                                   {{"title", form_.title}, {"page", form_page}});
            }
        };
        for (const OtherCopy& other : chosen.others)
            findings.push_back({.code = "page_doubled",
                                .severity = other.relation == CopyRelation::Contradicts
                                                ? Severity::Review
                                                : Severity::Info,
                                .message = said(other.relation),
                                .form = form_.id,
                                .file = other.page->origin.file,
                                .page = other.page->origin.page});
    }

    // Equal copies need nobody, nor does the file that was filled in on the screen beside the paper
    // made of it. Of two papers that are not alike a person says which one was meant.
    void note_doubled_agreement(const std::vector<OtherCopy>& others,
                                std::vector<Finding>& findings) const {
        const bool for_a_person =
            std::any_of(others.begin(), others.end(), [](const OtherCopy& other) {
                const bool draft_on_screen =
                    other.relation == CopyRelation::Lesser && other.page->born_digital;
                return other.relation != CopyRelation::Same && !draft_on_screen;
            });
        findings.push_back(
            {.code = "agreement_doubled",
             .severity = for_a_person ? Severity::Review : Severity::Info,
             .message = Message("finding.agreement_doubled", {{"title", form_.title}}),
             .form = form_.id});
    }

    void take_fields() {
        for (std::size_t p = 0; p < form_.points.size(); ++p) {
            PointReport point{form_.points[p].number, form_.points[p].title, {}};
            for (std::size_t f = 0; f < form_.points[p].fields.size(); ++f)
                point.fields.push_back(
                    field_report({given_.entry.form, static_cast<int>(p), static_cast<int>(f)}));
            report_.points.push_back(std::move(point));
        }
    }

    FieldReport field_report(const FieldRef& ref) {
        const Field& field = field_of(given_.forms, ref);
        bool page_there = false;
        for (JudgedCopy& copy : chosen_) {
            page_there |= copy.page->match.page_in(given_.entry.form) == field.place.page;
            for (std::size_t i = 0; i < copy.fields.size(); ++i)
                if (copy.readings[i]->ref == ref) return std::move(copy.fields[i]);
        }
        if (!page_there && given_.entry.in_other_version.contains(field.place.page))
            return absent_field(field, FieldVerdict::Unclear, "other_version", 0.9);
        if (!page_there && (report_.required || report_.present))
            if (auto found = sought_by_label(ref)) return std::move(*found);
        if (!page_there && given_.ledger.only_unread_files)
            return absent_field(field, FieldVerdict::Unclear, "file_not_read", 0.6);
        if (page_there || given_.ledger.has_unknown_page)
            return absent_field(field, FieldVerdict::Unclear, "page_unknown", 0.6);
        return absent_field(field, FieldVerdict::Missing,
                            report_.present ? "page_missing" : "agreement_missing", 0.97);
    }

    // Adds what a page that looks like no form's says under the point's heading. A person judges
    // such a page.
    std::optional<FieldReport> sought_by_label(const FieldRef& ref) const {
        const FormPoint& point = form_.points[static_cast<std::size_t>(ref.point)];
        const Field& field = field_of(given_.forms, ref);
        for (const UnmatchedPage& page : given_.ledger.unmatched) {
            if (page.classification.kind == StrangeKind::Letter) continue;
            const auto found = find_by_label(*page.page, point, field);
            if (!found) continue;
            FieldReport report = absent_field(field, FieldVerdict::Unclear, "found_by_label", 0.6);
            if (!found->value.empty()) report.value = found->value;
            report.evidence = Evidence{page.page->origin.file, page.page->origin.page, found->box};
            return report;
        }
        return std::nullopt;
    }

    void note_missing_pages(std::vector<Finding>& findings) const {
        if (given_.ledger.has_unknown_page && !given_.ledger.only_unread_files)
            return;  // the unknown page is a finding of its own
        for (std::size_t p = 0; p < given_.entry.pages.size(); ++p) {
            if (!given_.entry.pages[p].empty() ||
                given_.entry.in_other_version.contains(static_cast<int>(p + 1)))
                continue;
            bool needed = false;
            for_each_field(form_, [&](const FormPoint&, const Field& field) {
                needed |= field.required && field.place.page == static_cast<int>(p + 1);
            });
            findings.push_back(
                {.code = "page_missing",
                 .severity = needed && !given_.ledger.only_unread_files ? Severity::Error
                                                                        : Severity::Review,
                 .message =
                     Message("finding.page_missing", {{"title", form_.title}, {"page", p + 1}}),
                 .form = form_.id});
        }
    }

    // Every place of the form was seen, and nothing is in any of them.
    void note_empty_form(std::vector<Finding>& findings) const {
        const auto is_empty = [](const FieldReport& f) {
            return f.verdict == FieldVerdict::Missing &&
                   (f.reason == "empty" || f.reason == "hint_only" || f.reason == "not_ticked");
        };
        for (const PointReport& point : report_.points)
            if (!std::all_of(point.fields.begin(), point.fields.end(), is_empty)) return;
        findings.push_back(
            {.code = "form_not_filled_in",
             .severity = Severity::Review,
             .message = Message("finding.form_not_filled_in", {{"title", form_.title}}),
             .form = form_.id});
    }

    void note_counter_signatures(std::vector<Finding>& findings) const {
        for (const JudgedCopy& copy : chosen_)
            for (const FieldReading* reading : copy.readings) {
                if (!reading->signature || counter_signature_belief(*reading) < kCounterBelief)
                    continue;
                const FormPoint& point = form_.points[static_cast<std::size_t>(reading->ref.point)];
                findings.push_back(
                    {.code = "counter_signature_present",
                     .severity = Severity::Review,
                     .message = Message("finding.counter_signature_present",
                                        {{"title", form_.title}, {"point", point.number}}),
                     .form = form_.id,
                     .point = point.number,
                     .file = copy.page->origin.file,
                     .page = copy.page->origin.page});
            }
    }

    const AgreementCase& given_;
    const Form& form_;
    std::vector<JudgedCopy> chosen_;  // one for each form page that is there
    AgreementReport report_;
};

}  // namespace

AgreementReport judge_agreement(const AgreementCase& given, std::vector<Finding>& findings) {
    return AgreementJudge(given).judge(findings);
}

}  // namespace avtalskoll::rules
