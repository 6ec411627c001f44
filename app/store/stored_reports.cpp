#include "app/store/stored_reports.h"

#include <fmt/format.h>

#include "app/store/carried_decisions.h"
#include "app/store/case_search.h"

namespace avtalskoll::app {
namespace {

constexpr const char* kReportColumns =
    "SELECT verdict, summary, json, html, csv_row, engine, forms, rules FROM reports";

std::optional<FinishedReport> report_from(const std::optional<SqlRow>& row) {
    if (!row) return std::nullopt;
    FinishedReport report;
    report.verdict = verdict_from(row->text(0));
    report.lacks = parse_lacks(row->text(1));
    report.json = row->text(2);
    report.html = row->text(3);
    report.csv_row = row->text(4);
    report.versions = {row->text(5), row->text(6), row->text(7)};
    return report;
}

}  // namespace

SubmissionVerdict verdict_from(const std::string& text) {
    return parse_submission_verdict(text).value_or(SubmissionVerdict::Rejected);
}

std::optional<FinishedReport> StoredReports::of(const StoredSubmission& stored,
                                                const EngineVersions& versions) {
    return report_from(
        database_.row(std::string(kReportColumns) + " WHERE submission = $1 AND content = $2 AND "
                                                    "engine = $3 AND forms = $4 AND rules = $5",
                      stored.key, stored.content, versions.engine, versions.forms, versions.rules));
}

std::optional<FinishedReport> StoredReports::latest(const std::string& id) {
    return report_from(
        database_.row(std::string(kReportColumns) +
                          " WHERE submission = (SELECT key FROM submissions WHERE id = $1) "
                          "AND content = (SELECT content FROM submissions WHERE id = $1) "
                          "ORDER BY key DESC LIMIT 1",
                      id));
}

std::optional<FinishedReport> StoredReports::with_key(std::int64_t key) {
    return report_from(database_.row(std::string(kReportColumns) + " WHERE key = $1", key));
}

bool StoredReports::is_purged(const StoredSubmission& stored) {
    const auto there = database_.row(
        "SELECT EXISTS (SELECT 1 FROM submissions WHERE key = $1 AND content = $2 AND purged_at IS "
        "NULL) OR EXISTS (SELECT 1 FROM earlier WHERE submission = $1 AND content = $2 AND "
        "purged_at IS NULL)",
        stored.key, stored.content);
    return !there->truth(0);
}

bool StoredReports::keep(const StoredSubmission& stored, const FinishedReport& report) {
    if (is_purged(stored)) return false;
    const auto inserted = database_.row(
        "INSERT INTO reports (submission, content, engine, forms, rules, made_at, verdict, "
        "summary, json, csv_row, organisation, organisation_number, "
        "html) VALUES ($1, $2, $3, $4, $5, $6, "
        "$7, $8, $9, $10, $11, $12, $13)"
        " ON CONFLICT (submission, content, engine, forms, rules) DO NOTHING RETURNING key",
        stored.key, stored.content, report.versions.engine, report.versions.forms,
        report.versions.rules, database_.now(), std::string(to_string(report.verdict)),
        to_string(report.lacks), report.json, report.csv_row, report.organisation,
        report.organisation_number, SqlBytes{report.html});
    if (!inserted) return false;
    const std::int64_t key = inserted->number(0);
    for (const Finding& f : report.findings)
        database_.run(
            "INSERT INTO findings (report, code, severity, form, point, field, page) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7)",
            key, f.code, std::string(to_string(f.severity)), f.form, f.point, f.field,
            static_cast<std::int64_t>(f.page));
    carry_decisions(database_, stored.key, key);
    show_newest(stored.key);
    database_.log(user_name(), stored.key,
                  {.action = AuditAction::Checked,
                   .verdict = report.verdict,
                   .engine = report.versions.engine,
                   .rules = report.versions.rules});
    return true;
}

void StoredReports::show_newest(std::int64_t submission) {
    const auto newest = database_.row(
        "SELECT r.verdict, r.summary, r.organisation, r.organisation_number FROM submissions s "
        "JOIN reports r ON r.submission = s.key AND r.content = "
        "s.content WHERE s.key = $1 ORDER BY r.key DESC LIMIT 1",
        submission);
    if (!newest) return;
    const std::string verdict = newest->text(0), organisation = newest->text(2),
                      number = newest->text(3);
    const bool names_nobody = organisation.empty() && number.empty();
    // The machine calls nothing complete that an officer has touched.
    const auto touched = database_.row(
        "SELECT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.submission = $1)", submission);
    const bool is_touched = touched->truth(0),
               is_complete = verdict == to_string(SubmissionVerdict::Complete);
    database_.run(
        "UPDATE cases SET verdict = $1, summary = $2, organisation = CASE WHEN $7 THEN "
        "organisation ELSE $3 END, organisation_number = CASE WHEN $7 THEN organisation_number "
        "ELSE $4 END, status = CASE WHEN decided_at IS NOT NULL THEN status WHEN $5 THEN "
        "'complete' WHEN claimed_by IS NOT NULL OR $6 THEN 'in_review' ELSE 'received' END "
        "WHERE submission = $8",
        verdict, newest->text(1), organisation, number, is_complete && !is_touched, is_touched,
        names_nobody, submission);
    refresh_search(database_, submission);
}

}  // namespace avtalskoll::app
