#include "rules/judge_submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/error.h"
#include "rules/corroborate.h"
#include "rules/cross_rules.h"
#include "rules/field_rule.h"
#include "rules/page_ledger.h"
#include "rules/signature_rule.h"
#include "rules/text.h"

namespace avtalskoll::rules {
namespace {

// A copy of a form page, judged.
struct JudgedCopy {
    const PageReading* page;
    std::vector<const FieldReading*> readings;  // of the version's fields
    std::vector<FieldReport> fields;            // as readings
};

// What a signature's place says of a document that was signed by certificate, or that no hand can have signed.
void judge_digital(FieldReport& report, const FieldReading& reading, bool signed_by_certificate, bool born_digital) {
    if (report.kind != FieldKind::Signature) return;
    constexpr double kLeastScreenInk_mm2 = 2.4;  // the least ink of a signature that was seen
    if (report.verdict == FieldVerdict::Missing && signed_by_certificate) decide(report, FieldVerdict::Unclear, 0.9, "digitally_signed");
    if (report.verdict != FieldVerdict::Ok) return;
    if (born_digital) decide(report, FieldVerdict::Unclear, 0.9, "pasted_signature");
    else if (reading.screen_ink_mm2 >= kLeastScreenInk_mm2)
        decide(report, FieldVerdict::Unclear, 0.9, reading.screen_annotation ? "annotation_ink" : "pasted_signature");
}

// Nothing is surely absent from a page of which a part is lost.
void judge_damaged(FieldReport& report, const PageReading& page) {
    if (!page.damage.empty() && report.verdict == FieldVerdict::Missing) decide(report, FieldVerdict::Unclear, 0.8, "page_damaged");
}

// `version`: index of the form in the version that counts.
JudgedCopy judge_page(const FormSet& forms, int version, const PageReading& page, bool signed_by_certificate, const Caution& caution) {
    JudgedCopy copy{&page, {}, {}};
    for (const FieldReading& reading : page.fields) {
        if (reading.ref.form != version) continue;
        copy.readings.push_back(&reading);
        FieldReport report = judge_field(field_of(forms, reading.ref), reading, caution);
        judge_digital(report, reading, signed_by_certificate, page.born_digital);
        judge_damaged(report, page);
        if (page.struck_through && report.verdict == FieldVerdict::Ok) decide(report, FieldVerdict::Unclear, 0.8, "crossed_out");
        report.evidence = Evidence{page.origin.file, page.origin.page, reading.box};
        report.crop_png = reading.crop_png;
        report.crop_width = reading.crop_width;
        report.crop_height = reading.crop_height;
        copy.fields.push_back(std::move(report));
    }
    return copy;
}

// Whether two copies of a page say the same as far as either says anything.
bool same_content(const JudgedCopy& a, const JudgedCopy& b) {
    constexpr double kSameText = 0.75;
    for (std::size_t i = 0; i < a.fields.size(); ++i) {
        const FieldReport& x = a.fields[i];
        const FieldReport& y = b.fields[i];
        if (x.verdict == FieldVerdict::Unclear || y.verdict == FieldVerdict::Unclear) continue;
        if (x.verdict != y.verdict) return false;
        if (x.value && y.value && similarity(folded_words(*x.value), folded_words(*y.value)) < kSameText) return false;
    }
    return true;
}

double certainty(const JudgedCopy& copy) {
    double sum = copy.page->match.confidence;
    for (const FieldReport& f : copy.fields) sum += (f.verdict == FieldVerdict::Unclear ? 0 : 1) + 0.1 * f.value_confidence.value_or(1);
    return sum;
}

class AgreementJudge {
public:
    AgreementJudge(const FormSet& forms, const LedgerEntry& entry, const PageLedger& ledger, const std::set<std::string>& signed_files, bool required, const Caution& caution)
        : forms_(forms), entry_(entry), ledger_(ledger), signed_files_(signed_files), caution_(caution), form_(forms.forms[static_cast<std::size_t>(entry.form)]) {
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
                findings.push_back({.code = "agreement_missing", .severity = Severity::Error, .message = fmt::format("{} saknas i inlämningen.", form_.title), .form = form_.id});
            return std::move(report_);
        }
        note_missing_pages(findings);
        note_empty_form(findings);
        note_counter_signatures(findings);
        return std::move(report_);
    }

private:
    void take_pages(std::vector<Finding>& findings) {
        int doubled = 0;  // form pages that are there more than once
        for (std::size_t p = 0; p < entry_.pages.size(); ++p) {
            AgreementPage row{static_cast<int>(p + 1), {}, 0, 0, 0};
            std::vector<JudgedCopy> copies;
            for (const PageReading* page : entry_.pages[p]) copies.push_back(judge_page(forms_, entry_.form, *page, signed_files_.contains(page->origin.file), caution_));
            std::stable_sort(copies.begin(), copies.end(), [](const JudgedCopy& a, const JudgedCopy& b) { return certainty(a) > certainty(b); });
            if (!copies.empty()) {
                const PageReading& best = *copies.front().page;
                row = {static_cast<int>(p + 1), best.origin.file, best.origin.page, best.match.rotation, best.match.confidence};
            }
            report_.pages.push_back(row);
            for (std::size_t c = 1; c < copies.size(); ++c) {
                const bool same = same_content(copies.front(), copies[c]);
                findings.push_back({.code = "page_doubled",
                                    .severity = same ? Severity::Info : Severity::Review,
                                    .message = fmt::format("{} sidan {} finns i flera exemplar{}.", form_.title, p + 1, same ? "" : " som skiljer sig åt"),
                                    .form = form_.id,
                                    .file = copies[c].page->origin.file,
                                    .page = copies[c].page->origin.page});
            }
            doubled += copies.size() > 1;
            if (!copies.empty()) chosen_.push_back(std::move(copies.front()));
        }
        if (doubled > 1 && doubled == static_cast<int>(chosen_.size()))
            findings.push_back(
                {.code = "agreement_doubled", .severity = Severity::Review, .message = fmt::format("{} finns två gånger i inlämningen.", form_.title), .form = form_.id});
    }

    void take_fields() {
        for (std::size_t p = 0; p < form_.points.size(); ++p) {
            PointReport point{form_.points[p].number, form_.points[p].title, {}};
            for (std::size_t f = 0; f < form_.points[p].fields.size(); ++f) point.fields.push_back(field_report({entry_.form, static_cast<int>(p), static_cast<int>(f)}));
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
        if (!page_there && entry_.in_other_version.contains(field.place.page)) return absent_field(field, FieldVerdict::Unclear, "other_version", 0.9);
        if (!page_there && (report_.required || report_.present))
            if (auto found = sought_by_label(ref)) return std::move(*found);
        if (!page_there && ledger_.only_unread_files) return absent_field(field, FieldVerdict::Unclear, "file_not_read", 0.6);
        if (page_there || ledger_.has_unknown_page) return absent_field(field, FieldVerdict::Unclear, "page_unknown", 0.6);
        return absent_field(field, FieldVerdict::Missing, report_.present ? "page_missing" : "agreement_missing", 0.97);
    }

    // What a page that looks like no form's says under the point's heading. Such a page is for a person to judge.
    std::optional<FieldReport> sought_by_label(const FieldRef& ref) const {
        const FormPoint& point = form_.points[static_cast<std::size_t>(ref.point)];
        const Field& field = field_of(forms_, ref);
        for (const LedgerStranger& stranger : ledger_.strangers) {
            if (stranger.told.kind == StrangeKind::Letter) continue;
            const auto found = find_by_label(*stranger.page, point, field);
            if (!found) continue;
            FieldReport report = absent_field(field, FieldVerdict::Unclear, "found_by_label", 0.6);
            if (!found->value.empty()) report.value = found->value;
            report.evidence = Evidence{stranger.page->origin.file, stranger.page->origin.page, found->box};
            return report;
        }
        return std::nullopt;
    }

    void note_missing_pages(std::vector<Finding>& findings) const {
        if (ledger_.has_unknown_page && !ledger_.only_unread_files) return;  // the unknown page is a finding of its own
        for (std::size_t p = 0; p < entry_.pages.size(); ++p) {
            if (!entry_.pages[p].empty() || entry_.in_other_version.contains(static_cast<int>(p + 1))) continue;
            bool needed = false;
            for (const FormPoint& point : form_.points)
                for (const Field& field : point.fields) needed |= field.required && field.place.page == static_cast<int>(p + 1);
            findings.push_back({.code = "page_missing",
                                .severity = needed && !ledger_.only_unread_files ? Severity::Error : Severity::Review,
                                .message = fmt::format("{} sidan {} saknas.", form_.title, p + 1),
                                .form = form_.id});
        }
    }

    // Every place of the form was seen, and nothing is in any of them.
    void note_empty_form(std::vector<Finding>& findings) const {
        const auto is_empty = [](const FieldReport& f) { return f.verdict == FieldVerdict::Missing && (f.reason == "empty" || f.reason == "hint_only"); };
        for (const PointReport& point : report_.points)
            if (!std::all_of(point.fields.begin(), point.fields.end(), is_empty)) return;
        findings.push_back(
            {.code = "form_not_filled_in", .severity = Severity::Review, .message = fmt::format("{} är skickat utan att vara ifyllt.", form_.title), .form = form_.id});
    }

    void note_counter_signatures(std::vector<Finding>& findings) const {
        for (const JudgedCopy& copy : chosen_)
            for (const FieldReading* reading : copy.readings) {
                if (!reading->signature || counter_signature_belief(*reading) < kCounterBelief) continue;
                const FormPoint& point = form_.points[static_cast<std::size_t>(reading->ref.point)];
                findings.push_back({.code = "counter_signature_present",
                                    .severity = Severity::Review,
                                    .message = fmt::format("{} punkt {}: det finns en namnteckning på motpartens plats.", form_.title, point.number),
                                    .form = form_.id,
                                    .point = point.number,
                                    .file = copy.page->origin.file,
                                    .page = copy.page->origin.page});
            }
    }

    const FormSet& forms_;
    const LedgerEntry& entry_;
    const PageLedger& ledger_;
    const std::set<std::string>& signed_files_;  // by certificate
    Caution caution_;
    const Form& form_;
    std::vector<JudgedCopy> chosen_;  // one for each form page that is there
    AgreementReport report_;
};

void add_pictures(Report& report, const FormSet& forms, const std::vector<PageReading>& pages) {
    for (const PageReading& page : pages) {
        if (page.thumbnail_jpeg.empty()) continue;
        std::string caption = "Okänd sida";
        if (page.kind == PageKind::Form) caption = fmt::format("{}, sidan {}", forms.forms[static_cast<std::size_t>(page.match.form)].title, page.match.form_page);
        else if (page.kind == PageKind::Blank) caption = "Tom sida";
        else if (page.kind == PageKind::Foreign) caption = "Hör inte till avtalen";
        report.pictures.push_back({page.origin.file, page.origin.page, caption, page.thumbnail_jpeg, page.thumbnail_width, page.thumbnail_height});
    }
}

const char* kind_of_document(const std::set<StrangeKind>& kinds) {
    if (kinds.contains(StrangeKind::OtherAgreement)) return "ett annat avtal";
    if (kinds == std::set{StrangeKind::Letter}) return "ett brev";
    return "ett annat dokument";
}

// A file with nothing but pages of something else, while an agreement that is asked for is not there.
void note_wrong_documents(Report& report, const std::vector<PageReading>& pages, const PageLedger& ledger) {
    const bool lacking = std::any_of(report.agreements.begin(), report.agreements.end(), [](const AgreementReport& a) { return a.required && !a.present; });
    if (!lacking || ledger.has_unknown_page) return;
    for (const FileReport& file : report.files) {
        std::set<StrangeKind> kinds;
        for (const LedgerStranger& stranger : ledger.strangers)
            if (stranger.page->origin.file == file.name) kinds.insert(stranger.told.kind);
        const bool others = std::any_of(pages.begin(), pages.end(), [&](const PageReading& p) { return p.origin.file == file.name && p.kind == PageKind::Form; });
        if (!kinds.empty() && !others)
            report.findings.push_back({.code = "wrong_document",
                                       .severity = Severity::Error,
                                       .message = fmt::format("{} är inte något av avtalen utan {}.", file.name, kind_of_document(kinds)),
                                       .file = file.name});
    }
}

// A finding for every signature made by certificate; the names of the files that bear one.
std::set<std::string> note_digital_signatures(Report& report) {
    std::set<std::string> files;
    const auto state = [](SignatureValidity validity) {
        switch (validity) {
            case SignatureValidity::Unchanged: return "dokumentet är oförändrat sedan dess; vem certifikatet tillhör är inte kontrollerat";
            case SignatureValidity::Changed: return "dokumentet har ändrats sedan dess";
            case SignatureValidity::Unchecked: break;
        }
        return "underskriften kunde inte kontrolleras";
    };
    for (const FileReport& file : report.files)
        for (const DigitalSignature& signature : file.signatures) {
            files.insert(file.name);
            report.findings.push_back({.code = "digitally_signed",
                                       .severity = Severity::Review,
                                       .message = fmt::format("{} är digitalt underskriven av {}, {}: {}.", file.name, signature.signer.empty() ? "okänd" : signature.signer,
                                                              signature.time.empty() ? "okänd tid" : signature.time, state(signature.validity)),
                                       .file = file.name});
        }
    return files;
}

std::string titles_of(const FormSet& forms, const std::vector<std::string>& ids) {
    std::vector<std::string> titles;
    for (const std::string& id : ids) {
        const auto form = std::find_if(forms.forms.begin(), forms.forms.end(), [&](const Form& f) { return f.id == id; });
        if (form != forms.forms.end()) titles.push_back(form->title);
    }
    return fmt::format("{}", fmt::join(titles, ", "));
}

// None of several agreements of which one must be there; or no agreement at all, which is never complete.
void note_absent_agreements(Report& report, const FormSet& forms, const PageLedger& ledger) {
    for (const Requirement& requirement : forms.requirements) {
        if (requirement.any_of.size() < 2 || !ledger.lacks(requirement, forms, report.personal_data)) continue;
        const std::string titles = titles_of(forms, requirement.any_of);
        if (ledger.has_unknown_page)
            report.findings.push_back(
                {.code = "no_agreement",
                 .severity = Severity::Review,
                 .message = fmt::format("Ett av dessa avtal ska finnas med, men inget hittades: {}. Kontrollera det som inte kunde läsas.", titles)});
        else
            report.findings.push_back({.code = "agreement_missing",
                                       .severity = Severity::Error,
                                       .message = fmt::format("Ett av dessa avtal ska finnas med, men inget gör det: {}.", titles)});
    }
    if (ledger.is_empty())
        report.findings.push_back(
            {.code = "no_agreement", .severity = Severity::Review, .message = "Inget av de registrerade avtalen finns i inlämningen."});
}

void require_every_file(const Submission& submission, const std::vector<DocumentReading>& documents) {
    const auto is_read = [](const SubmittedFile& file, const DocumentReading& document) { return file.name == document.file().name; };
    if (!std::equal(submission.files.begin(), submission.files.end(), documents.begin(), documents.end(), is_read))
        throw Error(ErrorKind::Internal, "not every file of a submission was read; nothing was judged");
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
                incomplete |= field.verdict == FieldVerdict::Missing || field.verdict == FieldVerdict::Invalid;
                review |= field.verdict == FieldVerdict::Unclear;
            }
    }
    return incomplete ? SubmissionVerdict::Incomplete : review ? SubmissionVerdict::Review : SubmissionVerdict::Complete;
}

std::vector<PageReading> pages_of(const std::vector<DocumentReading>& documents) {
    std::vector<PageReading> pages;
    for (const DocumentReading& document : documents) pages.insert(pages.end(), document.pages().begin(), document.pages().end());
    return pages;
}

Report judge_submission(const Submission& submission, const std::vector<DocumentReading>& documents, std::vector<Finding> findings, const JudgingContext& context) {
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
        report.findings.push_back(
            {.code = "personal_data_assumed", .severity = Severity::Info, .message = "Det framgår inte om datamängden innehåller personuppgifter; det antas att den gör det."});
    const std::set<std::string> signed_files = note_digital_signatures(report);
    PageLedger ledger = make_ledger(forms, pages, submission.personal_data, context.page_words);
    // A file that cannot be opened may hold any page.
    ledger.has_unknown_page |= std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& f) { return f.severity == Severity::Error && !f.file.empty(); });
    // So may one that was not opened at all.
    const bool unread = std::any_of(submission.ignored.begin(), submission.ignored.end(), [](const IgnoredEntry& entry) { return entry.may_hold_pages; });
    ledger.only_unread_files = unread && !ledger.has_unknown_page;
    ledger.has_unknown_page |= unread;
    report.findings.insert(report.findings.end(), ledger.findings.begin(), ledger.findings.end());
    for (const LedgerEntry& entry : ledger.entries) {
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        const bool required = is_required(forms, form.id, submission.personal_data);
        report.agreements.push_back(AgreementJudge(forms, entry, ledger, signed_files, required, context.caution).judge(report.findings));
    }
    note_absent_agreements(report, forms, ledger);
    note_wrong_documents(report, pages, ledger);
    corroborate(report, submission, context.organisations);
    check_organisation(report, submission, context.organisations);
    add_pictures(report, forms, pages);
    const bool readable = std::any_of(pages.begin(), pages.end(), [](const PageReading& p) { return p.kind != PageKind::Unreadable; });
    report.verdict = verdict_of(report, readable);
    return report;
}

}  // namespace avtalskoll::rules
