#include "rules/judge_submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "models/error.h"
#include "models/text.h"
#include "rules/copies.h"
#include "rules/corroborate.h"
#include "rules/cross_rules.h"
#include "rules/field_rule.h"
#include "rules/page_ledger.h"
#include "rules/signature_rule.h"

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
    // A doubtful one is told for what it surely is: no hand's ink on this paper.
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

// `version`: index of the form in the version that counts.
JudgedCopy judge_page(const FormSet& forms, int version, const PageReading& page,
                      const char* why_not_missing, const Caution& caution) {
    JudgedCopy copy{&page, {}, {}};
    for (const FieldReading& reading : page.fields) {
        if (reading.ref.form != version) continue;
        copy.readings.push_back(&reading);
        FieldReport report = judge_field(field_of(forms, reading.ref), reading, caution);
        judge_digital(report, reading, why_not_missing, page.born_digital);
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

// Files that bear a digital signature (true) or a mere time stamp (false).
using MarkedFiles = std::map<std::string, bool>;

class AgreementJudge {
public:
    AgreementJudge(const FormSet& forms, const LedgerEntry& entry, const PageLedger& ledger,
                   const MarkedFiles& marked_files, bool required, const Caution& caution)
        : forms_(forms),
          entry_(entry),
          ledger_(ledger),
          marked_files_(marked_files),
          caution_(caution),
          form_(forms.forms[static_cast<std::size_t>(entry.form)]) {
        report_.form = form_.id;
        report_.title = form_.title;
        report_.required = required;
        report_.alternative = !required && is_alternative(forms, form_.id);
        report_.present = entry.present();
        if (report_.present) report_.version = form_.version;
    }

    AgreementReport judge(std::vector<Finding>& findings) {
        take_pages(findings);
        take_fields();
        if (!report_.present) {
            if (report_.required && !ledger_.has_unknown_page)
                findings.push_back({.code = "agreement_missing",
                                    .severity = Severity::Error,
                                    .message = fmt::format("{} saknas i inlämningen.", form_.title),
                                    .form = form_.id});
            return std::move(report_);
        }
        note_missing_pages(findings);
        note_empty_form(findings);
        note_counter_signatures(findings);
        return std::move(report_);
    }

private:
    void take_pages(std::vector<Finding>& findings) {
        std::vector<std::vector<JudgedCopy>> copies(entry_.pages.size());
        for (std::size_t p = 0; p < copies.size(); ++p)
            for (const PageReading* page : entry_.pages[p])
                copies[p].push_back(
                    judge_page(forms_, entry_.form, *page, mark_of(page->origin.file), caution_));
        const std::set<std::string> by_hand = files_signed_by_hand(copies);
        std::vector<OtherCopy> others;
        std::size_t doubled = 0;  // form pages that are there more than once
        for (std::size_t p = 0; p < copies.size(); ++p) {
            AgreementPage row{static_cast<int>(p + 1), {}, 0, 0, 0};
            if (!copies[p].empty()) {
                ChosenCopy chosen = choose_copy(std::move(copies[p]), by_hand);
                const PageReading& best = *chosen.copy.page;
                row = {static_cast<int>(p + 1), best.origin.file, best.origin.page,
                       best.match.rotation, best.match.confidence};
                note_copies(chosen, row.form_page, findings);
                doubled += chosen.others.empty() ? 0 : 1;
                others.insert(others.end(), chosen.others.begin(), chosen.others.end());
                chosen_.push_back(std::move(chosen.copy));
            }
            report_.pages.push_back(row);
        }
        if (doubled > 1 && doubled == chosen_.size()) note_doubled_agreement(others, findings);
    }

    // Reason code of the digital signature or time stamp that a file bears; null: neither.
    const char* mark_of(const std::string& file) const {
        const auto at = marked_files_.find(file);
        if (at == marked_files_.end()) return nullptr;
        return at->second ? "digitally_signed" : "time_stamp_only";
    }

    void note_copies(const ChosenCopy& chosen, int form_page,
                     std::vector<Finding>& findings) const {
        const auto how = [](CopyRelation relation) {
            switch (relation) {
                case CopyRelation::Lesser: return "; det mest ifyllda gäller";
                case CopyRelation::Contradicts: return " som skiljer sig åt";
                default: return "";
            }
        };
        for (const OtherCopy& other : chosen.others)
            findings.push_back({.code = "page_doubled",
                                .severity = other.relation == CopyRelation::Contradicts
                                                ? Severity::Review
                                                : Severity::Info,
                                .message = fmt::format("{} sidan {} finns i flera exemplar{}.",
                                                       form_.title, form_page, how(other.relation)),
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
             .message = fmt::format("{} finns i flera exemplar i inlämningen.", form_.title),
             .form = form_.id});
    }

    void take_fields() {
        for (std::size_t p = 0; p < form_.points.size(); ++p) {
            PointReport point{form_.points[p].number, form_.points[p].title, {}};
            for (std::size_t f = 0; f < form_.points[p].fields.size(); ++f)
                point.fields.push_back(
                    field_report({entry_.form, static_cast<int>(p), static_cast<int>(f)}));
            report_.points.push_back(std::move(point));
        }
    }

    FieldReport field_report(const FieldRef& ref) {
        const Field& field = field_of(forms_, ref);
        bool page_there = false;
        for (JudgedCopy& copy : chosen_) {
            page_there |= copy.page->match.page_in(entry_.form) == field.place.page;
            for (std::size_t i = 0; i < copy.fields.size(); ++i)
                if (copy.readings[i]->ref == ref) return std::move(copy.fields[i]);
        }
        if (!page_there && entry_.in_other_version.contains(field.place.page))
            return absent_field(field, FieldVerdict::Unclear, "other_version", 0.9);
        if (!page_there && (report_.required || report_.present))
            if (auto found = sought_by_label(ref)) return std::move(*found);
        if (!page_there && ledger_.only_unread_files)
            return absent_field(field, FieldVerdict::Unclear, "file_not_read", 0.6);
        if (page_there || ledger_.has_unknown_page)
            return absent_field(field, FieldVerdict::Unclear, "page_unknown", 0.6);
        return absent_field(field, FieldVerdict::Missing,
                            report_.present ? "page_missing" : "agreement_missing", 0.97);
    }

    // What a page that looks like no form's says under the point's heading. Such a page is for a
    // person to judge.
    std::optional<FieldReport> sought_by_label(const FieldRef& ref) const {
        const FormPoint& point = form_.points[static_cast<std::size_t>(ref.point)];
        const Field& field = field_of(forms_, ref);
        for (const LedgerStranger& stranger : ledger_.strangers) {
            if (stranger.told.kind == StrangeKind::Letter) continue;
            const auto found = find_by_label(*stranger.page, point, field);
            if (!found) continue;
            FieldReport report = absent_field(field, FieldVerdict::Unclear, "found_by_label", 0.6);
            if (!found->value.empty()) report.value = found->value;
            report.evidence =
                Evidence{stranger.page->origin.file, stranger.page->origin.page, found->box};
            return report;
        }
        return std::nullopt;
    }

    void note_missing_pages(std::vector<Finding>& findings) const {
        if (ledger_.has_unknown_page && !ledger_.only_unread_files)
            return;  // the unknown page is a finding of its own
        for (std::size_t p = 0; p < entry_.pages.size(); ++p) {
            if (!entry_.pages[p].empty() ||
                entry_.in_other_version.contains(static_cast<int>(p + 1)))
                continue;
            bool needed = false;
            for (const FormPoint& point : form_.points)
                for (const Field& field : point.fields)
                    needed |= field.required && field.place.page == static_cast<int>(p + 1);
            findings.push_back({.code = "page_missing",
                                .severity = needed && !ledger_.only_unread_files ? Severity::Error
                                                                                 : Severity::Review,
                                .message = fmt::format("{} sidan {} saknas.", form_.title, p + 1),
                                .form = form_.id});
        }
    }

    // Every place of the form was seen, and nothing is in any of them.
    void note_empty_form(std::vector<Finding>& findings) const {
        const auto is_empty = [](const FieldReport& f) {
            return f.verdict == FieldVerdict::Missing &&
                   (f.reason == "empty" || f.reason == "hint_only");
        };
        for (const PointReport& point : report_.points)
            if (!std::all_of(point.fields.begin(), point.fields.end(), is_empty)) return;
        findings.push_back(
            {.code = "form_not_filled_in",
             .severity = Severity::Review,
             .message = fmt::format("{} är skickat utan att vara ifyllt.", form_.title),
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
                     .message =
                         fmt::format("{} punkt {}: det finns en namnteckning på motpartens plats.",
                                     form_.title, point.number),
                     .form = form_.id,
                     .point = point.number,
                     .file = copy.page->origin.file,
                     .page = copy.page->origin.page});
            }
    }

    const FormSet& forms_;
    const LedgerEntry& entry_;
    const PageLedger& ledger_;
    const MarkedFiles& marked_files_;
    Caution caution_;
    const Form& form_;
    std::vector<JudgedCopy> chosen_;  // one for each form page that is there
    AgreementReport report_;
};

void add_pictures(Report& report, const FormSet& forms, const std::vector<PageReading>& pages) {
    for (const PageReading& page : pages) {
        if (page.thumbnail_jpeg.empty()) continue;
        std::string caption = "Okänd sida";
        if (page.kind == PageKind::Form)
            caption = fmt::format("{}, sidan {}",
                                  forms.forms[static_cast<std::size_t>(page.match.form)].title,
                                  page.match.form_page);
        else if (page.kind == PageKind::Blank) caption = "Tom sida";
        else if (page.kind == PageKind::Foreign) caption = "Hör inte till avtalen";
        report.pictures.push_back({page.origin.file, page.origin.page, caption, page.thumbnail_jpeg,
                                   page.thumbnail_width, page.thumbnail_height});
    }
}

const char* kind_of_document(const std::set<StrangeKind>& kinds) {
    if (kinds.contains(StrangeKind::OtherAgreement)) return "ett annat avtal";
    if (kinds == std::set{StrangeKind::Letter}) return "ett brev";
    return "ett annat dokument";
}

// A file with nothing but pages of something else, while an agreement that is asked for is not
// there.
void note_wrong_documents(Report& report, const FormSet& forms,
                          const std::vector<PageReading>& pages, const PageLedger& ledger) {
    const bool lacking = std::any_of(
        forms.requirements.begin(), forms.requirements.end(),
        [&](const Requirement& r) { return ledger.lacks(r, forms, report.personal_data); });
    if (!lacking || ledger.has_unknown_page) return;
    for (const FileReport& file : report.files) {
        std::set<StrangeKind> kinds;
        for (const LedgerStranger& stranger : ledger.strangers)
            if (stranger.page->origin.file == file.name) kinds.insert(stranger.told.kind);
        const bool others = std::any_of(pages.begin(), pages.end(), [&](const PageReading& p) {
            return p.origin.file == file.name && p.kind == PageKind::Form;
        });
        if (!kinds.empty() && !others)
            report.findings.push_back(
                {.code = "wrong_document",
                 .severity = Severity::Error,
                 .message = fmt::format("{} är inte något av avtalen utan {}.", file.name,
                                        kind_of_document(kinds)),
                 .file = file.name});
    }
}

const char* state_of(SignatureValidity validity) {
    switch (validity) {
        case SignatureValidity::Unchanged:
            return "dokumentet är oförändrat sedan dess; vem certifikatet tillhör är inte "
                   "kontrollerat";
        case SignatureValidity::Changed: return "dokumentet har ändrats sedan dess";
        case SignatureValidity::Partial:
            return "dokumentet har ändrats eller fått tillägg efter det, så den gäller inte hela "
                   "filen";
        case SignatureValidity::Unchecked: break;
    }
    return "äktheten är inte kontrollerad";
}

std::string described(const std::string& file, const DigitalSignature& signature) {
    const std::string time = signature.time.empty() ? "okänd tid" : signature.time,
                      state = state_of(signature.validity);
    if (signature.time_stamp)
        return fmt::format("{} har en tidsstämpel, {}, som inte är någon persons underskrift: {}.",
                           file, time, state);
    return fmt::format("{} är digitalt underskriven av {}, {}: {}.", file,
                       signature.signer.empty() ? "okänd" : signature.signer, time, state);
}

// A finding for every signature made by certificate; the names of the files that bear one.
MarkedFiles note_digital_signatures(Report& report) {
    MarkedFiles files;
    for (const FileReport& file : report.files)
        for (const DigitalSignature& signature : file.signatures) {
            files[file.name] |= !signature.time_stamp;
            report.findings.push_back({.code = "digitally_signed",
                                       .severity = Severity::Review,
                                       .message = described(file.name, signature),
                                       .file = file.name});
        }
    return files;
}

std::string titles_of(const FormSet& forms, const std::vector<std::string>& ids) {
    std::vector<std::string> titles;
    for (const std::string& id : ids) {
        const auto form = std::find_if(forms.forms.begin(), forms.forms.end(),
                                       [&](const Form& f) { return f.id == id; });
        if (form != forms.forms.end()) titles.push_back(form->title);
    }
    return fmt::format("{}", fmt::join(titles, ", "));
}

// None of several agreements of which one must be there; or no agreement at all, which is never
// complete.
void note_absent_agreements(Report& report, const FormSet& forms, const PageLedger& ledger) {
    for (const Requirement& requirement : forms.requirements) {
        if (requirement.any_of.size() < 2 ||
            !ledger.lacks(requirement, forms, report.personal_data))
            continue;
        const std::string titles = titles_of(forms, requirement.any_of);
        if (ledger.has_unknown_page)
            report.findings.push_back(
                {.code = "no_agreement",
                 .severity = Severity::Review,
                 .message = fmt::format("Ett av dessa avtal ska finnas med, men inget hittades: "
                                        "{}. Kontrollera det som inte kunde läsas.",
                                        titles)});
        else
            report.findings.push_back(
                {.code = "agreement_missing",
                 .severity = Severity::Error,
                 .message = fmt::format("Ett av dessa avtal ska finnas med, men inget gör det: {}.",
                                        titles)});
    }
    if (ledger.is_empty())
        report.findings.push_back(
            {.code = "no_agreement",
             .severity = Severity::Review,
             .message = "Inget av de registrerade avtalen finns i inlämningen."});
}

// Files inside a PDF are not read: one may hold whatever is lacking.
void note_attachments(Report& report, PageLedger& ledger) {
    for (const FileReport& file : report.files) {
        if (file.attachments == 0) continue;
        ledger.has_unknown_page = true;
        report.findings.push_back(
            {.code = "attachment_not_read",
             .severity = ledger.lacking ? Severity::Review : Severity::Info,
             .message = fmt::format("{} har bifogade filer inuti sig, som inte har lästs ({} st). "
                                    "Spara ut dem och lägg dem bredvid.",
                                    file.name, file.attachments),
             .file = file.name});
    }
}

void require_every_file(const Submission& submission,
                        const std::vector<DocumentReading>& documents) {
    const auto is_read = [](const SubmittedFile& file, const DocumentReading& document) {
        return file.name == document.file().name;
    };
    if (!std::equal(submission.files.begin(), submission.files.end(), documents.begin(),
                    documents.end(), is_read))
        throw Error(ErrorKind::Internal,
                    "not every file of a submission was read; nothing was judged");
}

}  // namespace

SubmissionVerdict verdict_of(const Report& report, bool readable) {
    if (!readable) return SubmissionVerdict::Rejected;
    bool incomplete = false, review = false;
    for (const Finding& f : report.findings) {
        incomplete |= f.severity == Severity::Error;
        review |= f.severity == Severity::Review;
    }
    for (const AgreementReport& agreement : report.agreements) {
        if (!agreement.required && !agreement.present) continue;
        for (const PointReport& point : agreement.points)
            for (const FieldReport& field : point.fields) {
                if (!field.required) continue;
                incomplete |= field.verdict == FieldVerdict::Missing ||
                              field.verdict == FieldVerdict::Invalid;
                review |= field.verdict == FieldVerdict::Unclear;
            }
    }
    return incomplete ? SubmissionVerdict::Incomplete
           : review   ? SubmissionVerdict::Review
                      : SubmissionVerdict::Complete;
}

std::vector<PageReading> pages_of(const std::vector<DocumentReading>& documents) {
    std::vector<PageReading> pages;
    for (const DocumentReading& document : documents)
        pages.insert(pages.end(), document.pages().begin(), document.pages().end());
    return pages;
}

Report judge_submission(const Submission& submission, const std::vector<DocumentReading>& documents,
                        std::vector<Finding> findings, const JudgingContext& context) {
    require_every_file(submission, documents);
    const std::vector<PageReading> pages = pages_of(documents);
    const FormSet& forms = context.forms;
    Report report;
    report.id = submission.id;
    report.personal_data = submission.personal_data;
    report.findings = std::move(findings);
    for (const DocumentReading& document : documents) {
        report.files.push_back(document.file());
        if (document.why_unread()) report.findings.push_back(*document.why_unread());
    }
    if (!submission.personal_data)
        report.findings.push_back({.code = "personal_data_assumed",
                                   .severity = Severity::Info,
                                   .message = "Det framgår inte om datamängden innehåller "
                                              "personuppgifter; det antas att den gör det."});
    const MarkedFiles marked_files = note_digital_signatures(report);
    PageLedger ledger = make_ledger(forms, pages, submission.personal_data, context.page_words);
    // A file that cannot be opened may hold any page.
    ledger.has_unknown_page |= std::any_of(
        report.findings.begin(), report.findings.end(),
        [](const Finding& f) { return f.severity == Severity::Error && !f.file.empty(); });
    // So may one that was not opened at all.
    const bool unread = std::any_of(submission.ignored.begin(), submission.ignored.end(),
                                    [](const IgnoredEntry& entry) { return entry.may_hold_pages; });
    ledger.only_unread_files = unread && !ledger.has_unknown_page;
    ledger.has_unknown_page |= unread;
    note_attachments(report, ledger);
    report.findings.insert(report.findings.end(), ledger.findings.begin(), ledger.findings.end());
    for (const LedgerEntry& entry : ledger.entries) {
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        const bool required = is_required(forms, form.id, submission.personal_data);
        report.agreements.push_back(
            AgreementJudge(forms, entry, ledger, marked_files, required, context.caution)
                .judge(report.findings));
    }
    note_absent_agreements(report, forms, ledger);
    note_wrong_documents(report, forms, pages, ledger);
    corroborate(report, submission, context.organisations);
    check_organisation(report, submission, context.organisations);
    add_pictures(report, forms, pages);
    const bool readable = std::any_of(pages.begin(), pages.end(), [](const PageReading& p) {
        return p.kind != PageKind::Unreadable;
    });
    report.verdict = verdict_of(report, readable);
    return report;
}

}  // namespace avtalskoll::rules
