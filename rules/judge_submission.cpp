#include "rules/judge_submission.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <set>

#include "models/error.h"
#include "rules/corroborate.h"
#include "rules/cross_rules.h"
#include "rules/judge_agreement.h"
#include "rules/kinds/kind_rules.h"
#include "rules/kinds/organisation_number.h"
#include "rules/page_ledger.h"

namespace avtalskoll::rules {
namespace {

Message caption_of(const PageReading& page, const FormSet& forms) {
    switch (page.kind) {
        case PageKind::Form:
            return Message("caption.form_page",
                           {{"title", forms.forms[static_cast<std::size_t>(page.match.form)].title},
                            {"page", page.match.form_page}});
        case PageKind::Blank: return Message("caption.blank");
        case PageKind::Foreign: return Message("caption.foreign");
        default: return Message("caption.unknown");
    }
}

void add_pictures(Report& report, const FormSet& forms, const Pages& pages) {
    for (const PageReading* shown : pages) {
        const PageReading& page = *shown;
        if (page.thumbnail_jpeg.empty()) continue;
        report.pictures.push_back({page.origin.file, page.origin.page, caption_of(page, forms),
                                   page.thumbnail_jpeg, page.thumbnail_width,
                                   page.thumbnail_height});
    }
}

Message kind_of_document(const std::set<StrangeKind>& kinds) {
    if (kinds.contains(StrangeKind::OtherAgreement)) return Message("document_kind.agreement");
    if (kinds == std::set{StrangeKind::Letter}) return Message("document_kind.letter");
    return Message("document_kind.other");
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
                 .message = Message("finding.wrong_document",
                                    {{"file", file.name}, {"kind", kind_of_document(kinds)}}),
                 .file = file.name});
    }
}

Message state_of(SignatureValidity validity) {
    switch (validity) {
        case SignatureValidity::Unchanged: return Message("digital_signature.unchanged");
        case SignatureValidity::Changed: return Message("digital_signature.changed");
        case SignatureValidity::Partial: return Message("digital_signature.partial");
        case SignatureValidity::Unchecked: break;
    }
    return Message("digital_signature.unchecked");
}

Message described(const std::string& file, const DigitalSignature& signature) {
    const Message time = signature.time.empty() ? Message("digital_signature.time_unknown")
                                                : Message::as_written(signature.time),
                  signer = signature.signer.empty() ? Message("digital_signature.signer_unknown")
                                                    : Message::as_written(signature.signer),
                  state = state_of(signature.validity);
    if (signature.time_stamp)
        return Message("finding.time_stamped", {{"file", file}, {"time", time}, {"state", state}});
    return Message("finding.digitally_signed",
                   {{"file", file}, {"signer", signer}, {"time", time}, {"state", state}});
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
                 .message = Message("finding.no_alternative_found", {{"titles", titles}})});
        else
            report.findings.push_back(
                {.code = "agreement_missing",
                 .severity = Severity::Error,
                 .message = Message("finding.no_alternative", {{"titles", titles}})});
    }
    if (ledger.is_empty())
        report.findings.push_back({.code = "no_agreement",
                                   .severity = Severity::Review,
                                   .message = Message("finding.no_agreement")});
}

// Files inside a PDF are not read: one may hold whatever is lacking.
void note_attachments(Report& report, PageLedger& ledger) {
    for (const FileReport& file : report.files) {
        if (file.attachments == 0) continue;
        ledger.has_unknown_page = true;
        report.findings.push_back(
            {.code = "attachment_not_read",
             .severity = ledger.lacking ? Severity::Review : Severity::Info,
             .message = Message("finding.attachment_not_read",
                                {{"file", file.name}, {"count", file.attachments}}),
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
                                   .message = Message("finding.personal_data_assumed")});
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

// Nobody needs a whole personal number to see that it is there; the officer sees the picture.
void hide_personal_numbers(Report& report) {
    for_each_field(report, [](const auto&, const auto&, FieldReport& field) {
        const auto hide = [&](std::string& text) { text = shown_value(field.kind, text); };
        if (field.value) hide(*field.value);
        if (field.normalized) hide(*field.normalized);
        for (std::string& other : field.alternatives) hide(other);
    });
}

// The earliest hand-in of which a form page counts.
int oldest_counting(const PageLedger& ledger) {
    int oldest = INT_MAX;
    for (const LedgerEntry& entry : ledger.entries)
        for (const auto& copies : entry.pages)
            for (const PageReading* page : copies) oldest = std::min(oldest, page->hand_in);
    return oldest;
}

// True for a finding on a page or file that may hold more than was seen of it.
bool may_hide_something(const Finding& finding) {
    return finding.severity == Severity::Error || finding.code == "page_unreadable" ||
           finding.code == "page_damaged" || finding.code == "attachment_not_read";
}

// Files that came earlier are done with when later ones gave every page, or all that they held.
void relieve_earlier_files(Report& report, const Submission& submission, const PageLedger& ledger) {
    if (ledger.lacking) return;
    const int oldest = oldest_counting(ledger);
    std::set<std::string> before_all, replaced;
    for (const SubmittedFile& file : submission.files)
        if (file.hand_in < oldest) before_all.insert(file.name);
    for (const ReplacedPage& page : ledger.replaced) replaced.insert(page.page->origin.file);
    for (const LedgerEntry& entry : ledger.entries)
        for (const auto& copies : entry.pages)
            for (const PageReading* page : copies) replaced.erase(page->origin.file);
    for (Finding& finding : report.findings) {
        const bool is_done = before_all.contains(finding.file) ||
                             (replaced.contains(finding.file) && !may_hide_something(finding));
        if (is_done && finding.code != "other_organisation") finding.severity = Severity::Info;
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
    const auto fault = [](const char* code, const Message& message) {
        return std::vector<Finding>{{.code = code,
                                     .severity = Severity::Error,
                                     .message = message,
                                     .file = "submission.json"}};
    };
    if (!submission.broken.empty())
        return fault("submission_invalid",
                     Message("finding.submission_invalid", {{"why", submission.broken}}));
    const bool invalid =
        !submission.organisation_number.empty() &&
        parse_organisation_number(submission.organisation_number).fault != NumberFault::None;
    if (!invalid) return {};
    return fault("account_number_invalid", Message("finding.account_number_invalid"));
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
            {forms, entry, ledger, marked_files, required, context.words, context.caution},
            report.findings));
    }
    note_absent_agreements(report, forms, ledger);
    relieve_earlier_files(report, submission, ledger);
    note_wrong_documents(report, forms, pages, ledger);
    corroborate(report, submission, context.organisations, context.words);
    check_organisation(report, submission, context.organisations, context.words);
    add_pictures(report, forms, pages);
    hide_personal_numbers(report);
    const bool readable = std::any_of(pages.begin(), pages.end(), [](const PageReading* p) {
        return p->kind != PageKind::Unreadable;
    });
    report.verdict = verdict_of(report, readable);
    return report;
}

}  // namespace avtalskoll::rules
