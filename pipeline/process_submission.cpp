#include "pipeline/process_submission.h"

#include <chrono>

#include "models/error.h"
#include "ocr/reading/page_glance.h"
#include "ocr/reading/whole_page.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/files/file_kind.h"
#include "rules/page_ledger.h"

namespace avtalskoll::pipeline {
namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

const char* finding_code(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Encrypted: return "file_encrypted";
        case ErrorKind::OverLimit: return "file_over_limit";
        default: return "file_unreadable";
    }
}

// Not Io: a lack of the machine is no fault of the document.
bool concerns_document(ErrorKind kind) {
    return kind == ErrorKind::Unreadable || kind == ErrorKind::Encrypted ||
           kind == ErrorKind::OverLimit;
}

Finding about_key(const std::string& key) {
    return {.code = "account_key_unknown",
            .severity = Severity::Info,
            .message = Message("finding.account_key_unknown", {{"key", key}}),
            .file = "submission.json"};
}

Finding about_ignored(const IgnoredEntry& entry) {
    const bool folder = entry.kind == FileKind::FolderWithDocuments;
    const Message kind = message_for(entry.kind), advice = advice_for(entry.kind);
    const Message message =
        advice.empty() ? Message("finding.file_ignored", {{"file", entry.name}, {"kind", kind}})
                       : Message("finding.file_ignored_with_advice",
                                 {{"file", entry.name}, {"kind", kind}, {"advice", advice}});
    return {.code = folder ? "folder_not_read" : "file_ignored",
            .severity = folder ? Severity::Review : Severity::Info,
            .message = message,
            .file = entry.name};
}

// The findings before a document is opened; sets `usable` false when nothing can be judged.
std::vector<Finding> check_intake(const Submission& submission, bool* usable) {
    std::vector<Finding> findings = rules::check_account(submission);
    if (submission.files.empty())
        findings.push_back({.code = "no_documents",
                            .severity = Severity::Error,
                            .message = Message("finding.no_documents")});
    *usable = findings.empty();
    for (const std::string& key : submission.unused_keys) findings.push_back(about_key(key));
    for (const IgnoredEntry& entry : submission.ignored) findings.push_back(about_ignored(entry));
    return findings;
}

// The report of a submission whose files are not opened at all.
Report refused(const Submission& submission, std::vector<Finding> findings) {
    Report report;
    report.id = submission.id;
    report.personal_data = submission.personal_data;
    for (const SubmittedFile& file : submission.files)
        report.files.push_back({file.name, sha256_of(file.path), 0});
    report.findings = std::move(findings);
    return report;
}

Finding about_file(const std::string& file, const Error& fault) {
    return {.code = finding_code(fault.kind()),
            .severity = Severity::Error,
            .message = Message("finding.file_not_read", {{"file", file}, {"why", fault.reason()}}),
            .file = file};
}

DocumentReading read_file(const SubmittedFile& submitted, const Engine& engine, StageTimes& times) {
    FileReport file{submitted.name, sha256_of(submitted.path), 0};
    try {
        const FileKind kind = kind_of_file(submitted.path, submitted.name);
        if (is_misnamed(kind))
            throw Error(ErrorKind::Unreadable,
                        Message("drawing.misnamed", {{"kind", message_for(kind)}}));
        const auto start = Clock::now();
        ocr::Rasterizer document(submitted.path, engine.limits);
        times.open_ms += ms_since(start);
        file.pages = document.page_count();
        file.signatures = document.signatures();
        file.attachments = document.attachments();
        DocumentReading reading = read_document(
            document, file, {engine.reading, engine.tools, engine.stop}, &times.pages);
        for (int number = 1; number <= file.pages; ++number)
            reading.page(number).hand_in = submitted.hand_in;
        return reading;
    } catch (const Error& e) {
        if (!concerns_document(e.kind())) throw;
        return DocumentReading::unread(std::move(file), about_file(submitted.name, e));
    }
}

// Looks at the document's pages of these numbers, and reads those whole that a look does not tell.
void read_whole(const SubmittedFile& file, const std::vector<int>& numbers, const Engine& engine,
                DocumentReading& reading) {
    ocr::Rasterizer document(file.path, engine.limits, numbers);
    for (const int number : numbers) {
        if (engine.stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
        PageReading& page = reading.page(number);
        const auto drawn = document.next();
        page.kind = drawn && drawn->trouble.empty() ? page.kind : PageKind::Unknown;
        if (!drawn || !drawn->trouble.empty()) continue;
        auto tools = engine.tools.borrow();
        page.whole = ocr::glance_at_page(drawn->image, engine.reading.models.lines);
        if (rules::needs_whole_reading(page, engine.judging.forms, engine.judging.page_words))
            page.whole = ocr::read_whole_page(drawn->image, *tools);
    }
}

// A page that matched no form may be a lacking page, or one that was sent in its place, so it is
// read whole. A page that cannot be drawn a second time may be anything.
void read_unmatched_pages(const SubmittedFile& file, const Engine& engine, DocumentReading& reading,
                          std::vector<Finding>& findings) {
    std::vector<int> numbers;
    for (const PageReading& page : reading.pages())
        if (page.kind == PageKind::Foreign || page.kind == PageKind::Unknown)
            numbers.push_back(page.origin.page);
    if (numbers.empty()) return;
    try {
        read_whole(file, numbers, engine, reading);
    } catch (const Error& e) {
        if (!concerns_document(e.kind())) throw;
        findings.push_back(about_file(file.name, e));
        findings.back().severity = Severity::Review;  // the pages that were read count
        for (const int number : numbers)
            if (!reading.page(number).whole) reading.page(number).kind = PageKind::Unknown;
    }
}

}  // namespace

ReadSubmission read_submission(const Submission& submission, const Engine& engine) {
    ReadSubmission read;
    read.findings = check_intake(submission, &read.usable);
    if (!read.usable) return read;
    for (const SubmittedFile& file : submission.files)
        read.documents.push_back(read_file(file, engine, read.times));
    const FormSet& forms = engine.judging.forms;
    const rules::HandIns hand_ins =
        rules::settle_hand_ins(pages_of(read.documents), forms, engine.judging.words);
    read.ledger = rules::make_ledger(forms, hand_ins, submission.personal_data);
    const auto start = Clock::now();
    for (std::size_t i = 0; read.ledger.lacking && i < read.documents.size(); ++i)
        read_unmatched_pages(submission.files[i], engine, read.documents[i], read.findings);
    read.times.strange_ms = ms_since(start);
    rules::complete_ledger(read.ledger, hand_ins.counting, forms, engine.judging.page_words);
    return read;
}

Report process_submission(const Submission& submission, const Engine& engine) {
    const auto start = Clock::now();
    ReadSubmission read = read_submission(submission, engine);
    Report report = read.usable ? rules::judge_submission(submission, read.documents, read.ledger,
                                                          std::move(read.findings), engine.judging)
                                : refused(submission, std::move(read.findings));
    report.timing = read.times;
    report.timing->total_ms = ms_since(start);
    return report;
}

}  // namespace avtalskoll::pipeline
