#include "pipeline/process_submission.h"

#include <fmt/format.h>

#include <chrono>

#include "models/error.h"
#include "ocr/whole_page.h"
#include "pipeline/file_hash.h"
#include "rules/organisation_number.h"
#include "rules/page_ledger.h"

namespace avtalskoll::pipeline {
namespace {

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) { return std::chrono::duration<double, std::milli>(Clock::now() - start).count(); }

const char* finding_code(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::Encrypted: return "file_encrypted";
        case ErrorKind::OverLimit: return "file_over_limit";
        default: return "file_unreadable";
    }
}

bool concerns_document(ErrorKind kind) { return kind == ErrorKind::Unreadable || kind == ErrorKind::Encrypted || kind == ErrorKind::OverLimit || kind == ErrorKind::Io; }

// What is already wrong before a document is opened; sets `usable` false when nothing can be judged.
std::vector<Finding> check_intake(const Submission& submission, bool* usable) {
    std::vector<Finding> findings;
    const auto refuse = [&](const char* code, const std::string& message, const std::string& file) {
        findings.push_back({.code = code, .severity = Severity::Error, .message = message, .file = file});
        *usable = false;
    };
    if (!submission.broken.empty()) refuse("submission_invalid", fmt::format("submission.json kan inte användas: {}.", submission.broken), "submission.json");
    else if (!submission.organisation_number.empty() && rules::parse_organisation_number(submission.organisation_number).fault != rules::NumberFault::None)
        refuse("account_number_invalid", "Kontots organisationsnummer i submission.json är inte giltigt.", "submission.json");
    if (submission.files.empty()) refuse("no_documents", "Inlämningen innehåller ingen PDF-fil och ingen bild av en sida.", "");
    for (const std::string& name : submission.ignored)
        findings.push_back(
            {.code = "file_ignored", .severity = Severity::Info, .message = fmt::format("Filen är varken en PDF eller en bild och har inte lästs: {}.", name), .file = name});
    return findings;
}

std::vector<PageReading> read_file(const SubmittedFile& file, const Engine& engine, FileReport& row, std::vector<Finding>& findings, StageTimes& times) try {
    const auto start = Clock::now();
    ocr::Rasterizer document(file.path, engine.limits);
    times.open_ms += ms_since(start);
    row.pages = document.page_count();
    row.signatures = document.signatures();
    return read_document(document, file.name, engine.reading, engine.tools, engine.stop, &times.pages);
} catch (const Error& e) {
    if (!concerns_document(e.kind())) throw;
    findings.push_back({.code = finding_code(e.kind()), .severity = Severity::Error, .message = fmt::format("{}: {}.", file.name, e.what()), .file = file.name});
    return {};
}

// Where a page of an agreement is lacking, a page that matched no form may be it, or what was sent in its stead: those are read whole.
void read_strange_pages(const Submission& submission, const Engine& engine, std::vector<PageReading>& pages) {
    if (!rules::make_ledger(engine.judging.forms, pages, submission.personal_data, engine.judging.page_words).lacking) return;
    for (const SubmittedFile& file : submission.files) {
        std::vector<PageReading*> strange;
        std::vector<int> numbers;
        for (PageReading& page : pages)
            if (page.origin.file == file.name && (page.kind == PageKind::Foreign || page.kind == PageKind::Unknown)) {
                strange.push_back(&page);
                numbers.push_back(page.origin.page);
            }
        if (strange.empty()) continue;
        ocr::Rasterizer document(file.path, engine.limits, numbers);
        for (PageReading* page : strange) {
            const auto drawn = document.next();
            if (engine.stop.load()) throw Error(ErrorKind::Interrupted, "interrupted");
            if (!drawn || !drawn->trouble.empty()) continue;
            auto tools = engine.tools.borrow();
            page->whole = ocr::read_whole_page(drawn->image, *tools);
        }
    }
}

}  // namespace

ReadSubmission read_submission(const Submission& submission, const Engine& engine) {
    bool usable = true;
    ReadSubmission read;
    read.findings = check_intake(submission, &usable);
    for (const SubmittedFile& file : submission.files) {
        read.files.push_back({file.name, sha256_of(file.path), 0});
        if (!usable) continue;
        auto pages = read_file(file, engine, read.files.back(), read.findings, read.times);
        read.pages.insert(read.pages.end(), std::make_move_iterator(pages.begin()), std::make_move_iterator(pages.end()));
    }
    const auto start = Clock::now();
    read_strange_pages(submission, engine, read.pages);
    read.times.strange_ms = ms_since(start);
    return read;
}

Report process_submission(const Submission& submission, const Engine& engine) {
    const auto start = Clock::now();
    ReadSubmission read = read_submission(submission, engine);
    Report report = rules::judge_submission(submission, std::move(read.files), read.pages, std::move(read.findings), engine.judging);
    report.timing = read.times;
    report.timing.total_ms = ms_since(start);
    return report;
}

}  // namespace avtalskoll::pipeline
