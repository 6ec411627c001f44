#include "app/store/stored_reports.h"

#include <fmt/format.h>

#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr const char* kReportColumns =
    "SELECT verdict, summary, json, html, csv_row, engine, forms, rules FROM reports";

// An organisation number is looked for with its hyphen or without.
std::string search_text(const std::string& id, const std::string& organisation,
                        const std::string& number) {
    std::string digits = number;
    std::erase(digits, '-');
    return fmt::format("{} {} {}", folded_words(id + " " + organisation), folded_words(number),
                       digits);
}

std::optional<FinishedReport> report_from(SQLite::Statement& query) {
    if (!query.executeStep()) return std::nullopt;
    const SQLite::Column html = query.getColumn(3);
    FinishedReport report;
    report.verdict = verdict_from(query.getColumn(0));
    report.lacks = parse_lacks(query.getColumn(1).getString());
    report.json = query.getColumn(2).getString();
    report.html.assign(static_cast<const char*>(html.getBlob()),
                       static_cast<std::size_t>(html.getBytes()));
    report.csv_row = query.getColumn(4).getString();
    report.versions = {query.getColumn(5), query.getColumn(6), query.getColumn(7)};
    return report;
}

}  // namespace

SubmissionVerdict verdict_from(const std::string& text) {
    return parse_submission_verdict(text).value_or(SubmissionVerdict::Rejected);
}

std::optional<FinishedReport> StoredReports::of(const StoredSubmission& stored,
                                                const EngineVersions& versions) {
    SQLite::Statement query(database_, std::string(kReportColumns) +
                                           " WHERE submission = ? AND content = ? AND "
                                           "engine = ? AND forms = ? AND rules = ?");
    bind_all(query, stored.key, stored.content, versions.engine, versions.forms, versions.rules);
    return report_from(query);
}

std::optional<FinishedReport> StoredReports::latest(const std::string& id) {
    SQLite::Statement query(database_,
                            std::string(kReportColumns) +
                                " WHERE submission = (SELECT key FROM submissions WHERE id = ?1) "
                                "AND content = (SELECT content FROM submissions WHERE id = ?1) "
                                "ORDER BY key DESC LIMIT 1");
    query.bind(1, id);
    return report_from(query);
}

std::optional<FinishedReport> StoredReports::with_key(std::int64_t key) {
    SQLite::Statement query(database_, std::string(kReportColumns) + " WHERE key = ?");
    query.bind(1, key);
    return report_from(query);
}

bool StoredReports::keep(const StoredSubmission& stored, const FinishedReport& report) {
    SQLite::Statement insert(
        database_,
        "INSERT INTO reports (submission, content, engine, forms, rules, made_at, verdict, "
        "summary, json, csv_row, organisation, organisation_number, "
        "html) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (submission, content, engine, forms, rules) DO NOTHING");
    bind_all(insert, stored.key, stored.content, report.versions.engine, report.versions.forms,
             report.versions.rules, utc_now(), std::string(to_string(report.verdict)),
             to_string(report.lacks), report.json, report.csv_row, report.organisation,
             report.organisation_number);
    insert.bind(13, report.html.data(), static_cast<int>(report.html.size()));
    if (insert.exec() == 0) return false;
    const std::int64_t key = database_.getLastInsertRowid();
    for (const Finding& f : report.findings)
        file_.run(
            "INSERT INTO findings (report, code, severity, form, point, field, page) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            key, f.code, std::string(to_string(f.severity)), f.form, f.point, f.field,
            static_cast<std::int64_t>(f.page));
    show_newest(stored.key);
    file_.log(user_name(), stored.key,
              {.action = AuditAction::Checked,
               .verdict = report.verdict,
               .engine = report.versions.engine,
               .rules = report.versions.rules});
    return true;
}

void StoredReports::show_newest(std::int64_t submission) {
    SQLite::Statement newest(
        database_,
        "SELECT s.id, r.verdict, r.summary, r.organisation, r.organisation_number FROM "
        "submissions s JOIN reports r ON r.submission = s.key AND r.content = "
        "s.content WHERE s.key = ? ORDER BY r.key DESC LIMIT 1");
    newest.bind(1, submission);
    if (!newest.executeStep()) return;
    const std::string id = newest.getColumn(0), verdict = newest.getColumn(1),
                      organisation = newest.getColumn(3), number = newest.getColumn(4);
    const int names_nobody = organisation.empty() && number.empty() ? 1 : 0;
    // The machine calls nothing complete that an officer has touched.
    SQLite::Statement touched(
        database_, "SELECT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.submission = ?)");
    touched.bind(1, submission);
    touched.executeStep();
    const int is_touched = touched.getColumn(0),
              is_complete = verdict == to_string(SubmissionVerdict::Complete) ? 1 : 0;
    file_.run(
        "UPDATE cases SET verdict = ?1, summary = ?2, organisation = CASE WHEN ?8 THEN "
        "organisation ELSE ?3 END, organisation_number = CASE WHEN ?8 THEN organisation_number "
        "ELSE ?4 END, search = CASE WHEN ?8 THEN search ELSE ?5 END, status = CASE WHEN "
        "decided_at IS NOT NULL THEN status WHEN ?6 THEN "
        "'complete' WHEN claimed_by IS NOT NULL OR ?7 THEN 'in_review' ELSE 'received' END "
        "WHERE submission = ?9",
        verdict, newest.getColumn(2).getString(), organisation, number,
        search_text(id, organisation, number), is_complete & ~is_touched, is_touched, names_nobody,
        submission);
}

}  // namespace avtalskoll::app
