#include "rules/judge_submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "models/error.h"
#include "rules/corroborate.h"
#include "rules/cross_rules.h"
#include "rules/judge_agreement.h"
#include "rules/organisation_number.h"
#include "rules/page_ledger.h"

namespace avtalskoll::rules {
namespace {

void add_pictures(Report& report, const FormSet& forms, const Pages& pages) {
    for (const PageReading* shown : pages) {
        const PageReading& page = *shown;
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
void note_wrong_documents(Report& report, const FormSet& forms, const Pages& pages,
                          const PageLedger& ledger) {
    const bool lacking = std::any_of(
        forms.requirements.begin(), forms.requirements.end(),
        [&](const Requirement& r) { return ledger.lacks(r, forms, report.personal_data); });
    if (!lacking || ledger.has_unknown_page) return;
    for (const FileReport& file : report.files) {
        std::set<StrangeKind> kinds;
        for (const UnmatchedPage& unmatched : ledger.unmatched)
            if (unmatched.page->origin.file == file.name)
                kinds.insert(unmatched.classification.kind);
        const bool others = std::any_of(pages.begin(), pages.end(), [&](const PageReading* p) {
            return p->origin.file == file.name && p->kind == PageKind::Form;
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

void take_files(Report& report, const Submission& submission,
                const std::vector<DocumentReading>& documents) {
    for (const DocumentReading& document : documents) {
        report.files.push_back(document.file());
        if (document.why_unread()) report.findings.push_back(*document.why_unread());
    }
    if (!submission.personal_data)
        report.findings.push_back({.code = "personal_data_assumed",
                                   .severity = Severity::Info,
                                   .message = "Det framgår inte om datamängden innehåller "
                                              "personuppgifter; det antas att den gör det."});
}

// A file that cannot be opened may hold any page; so may one that was not opened at all.
void note_unread_files(PageLedger& ledger, const Report& report, const Submission& submission) {
    ledger.has_unknown_page |= std::any_of(
        report.findings.begin(), report.findings.end(),
        [](const Finding& f) { return f.severity == Severity::Error && !f.file.empty(); });
    const bool unread = std::any_of(submission.ignored.begin(), submission.ignored.end(),
                                    [](const IgnoredEntry& entry) { return entry.may_hold_pages; });
    ledger.only_unread_files = unread && !ledger.has_unknown_page;
    ledger.has_unknown_page |= unread;
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
    for_each_field(report, [&](const auto& agreement, const auto&, const FieldReport& field) {
        if (!field.required || !agreement.is_judged()) return;
        incomplete |=
            field.verdict == FieldVerdict::Missing || field.verdict == FieldVerdict::Invalid;
        review |= field.verdict == FieldVerdict::Unclear;
    });
    if (incomplete) return SubmissionVerdict::Incomplete;
    return review ? SubmissionVerdict::Review : SubmissionVerdict::Complete;
}

std::vector<Finding> check_account(const Submission& submission) {
    const auto fault = [](const char* code, const std::string& message) {
        return std::vector<Finding>{{.code = code,
                                     .severity = Severity::Error,
                                     .message = message,
                                     .file = "submission.json"}};
    };
    if (!submission.broken.empty())
        return fault("submission_invalid",
                     fmt::format("submission.json kan inte användas: {}.", submission.broken));
    const bool invalid =
        !submission.organisation_number.empty() &&
        parse_organisation_number(submission.organisation_number).fault != NumberFault::None;
    if (!invalid) return {};
    return fault("account_number_invalid",
                 "Kontots organisationsnummer i submission.json är inte giltigt.");
}

Report judge_submission(const Submission& submission, const std::vector<DocumentReading>& documents,
                        PageLedger ledger, std::vector<Finding> findings,
                        const JudgingContext& context) {
    require_every_file(submission, documents);
    const Pages pages = pages_of(documents);
    const FormSet& forms = context.forms;
    Report report;
    report.id = submission.id;
    report.personal_data = submission.personal_data;
    report.findings = std::move(findings);
    take_files(report, submission, documents);
    const MarkedFiles marked_files = note_digital_signatures(report);
    note_unread_files(ledger, report, submission);
    note_attachments(report, ledger);
    report.findings.insert(report.findings.end(), ledger.findings.begin(), ledger.findings.end());
    for (const LedgerEntry& entry : ledger.entries) {
        const Form& form = forms.forms[static_cast<std::size_t>(entry.form)];
        const bool required = is_required(forms, form.id, submission.personal_data);
        report.agreements.push_back(judge_agreement(
            {forms, entry, ledger, marked_files, required, context.caution}, report.findings));
    }
    note_absent_agreements(report, forms, ledger);
    note_wrong_documents(report, forms, pages, ledger);
    corroborate(report, submission, context.organisations);
    check_organisation(report, submission, context.organisations);
    add_pictures(report, forms, pages);
    const bool readable = std::any_of(pages.begin(), pages.end(), [](const PageReading* p) {
        return p->kind != PageKind::Unreadable;
    });
    report.verdict = verdict_of(report, readable);
    return report;
}

}  // namespace avtalskoll::rules
