#include "app/store/purge.h"

#include <fmt/format.h>

#include "app/store/stored_json.h"
#include "app/store/stored_reports.h"
#include "models/text.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {
namespace {

// A report that cannot be read may hold anything: of it only `line` is kept.
std::string purged_json(const std::string& report, const Report& line) {
    return without_values(parsed_report(report).value_or(pipeline::WrittenReport{line, {}}));
}

}  // namespace

Purged Purge::run(int days) {
    Purged purged = purge_rows(utc_ago(std::chrono::days(days)));
    purged.files = remove_originals();
    file_.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
    return purged;
}

Purged Purge::purge_rows(const std::string& before) {
    Purged purged;
    SQLite::Transaction transaction(file_.database(), SQLite::TransactionBehavior::IMMEDIATE);
    const std::vector<StoredSubmission> old =
        submissions_.where("purged_at IS NULL AND received_at < ?", before);
    for (const StoredSubmission& stored : old) purge_submission(stored.key, stored.submission.id);
    purged.submissions = static_cast<int>(old.size());
    purged.earlier = purge_earlier(before);
    // Until then the index keeps words of what is gone.
    file_.run("INSERT INTO case_search (case_search) VALUES ('optimize')");
    file_.log(user_name(), 0,
              {.action = AuditAction::Purged,
               .number = purged.submissions,
               .earlier = purged.earlier,
               .time = before});
    transaction.commit();
    return purged;
}

// Removed only after the rows: a run that ends in between leaves files, which the next purge
// removes. During the transaction nobody else receives.
int Purge::remove_originals() {
    SQLite::Transaction transaction(file_.database(), SQLite::TransactionBehavior::IMMEDIATE);
    SQLite::Statement needed(file_.database(),
                             fmt::format("SELECT 1 FROM ({}) WHERE sha256 = ?", kKeptFiles));
    const int removed = originals_.remove_unneeded([&](const std::string& sha) {
        needed.reset();
        needed.bind(1, sha);
        return needed.executeStep();
    });
    transaction.commit();
    return removed;
}

void Purge::purge_report(std::int64_t key, const std::string& id, const std::string& report_json,
                         const std::string& verdict) {
    Report line;
    line.id = id;
    line.verdict = verdict_from(verdict);
    file_.run(
        "UPDATE reports SET json = ?, html = NULL, csv_row = ?, organisation = '', "
        "organisation_number = '' WHERE key = ?",
        purged_json(report_json, line), pipeline::csv_row(line), key);
}

void Purge::purge_submission(std::int64_t key, const std::string& id) {
    SQLite::Statement reports(file_.database(),
                              "SELECT key, json, verdict FROM reports WHERE submission = ?");
    reports.bind(1, key);
    while (reports.executeStep())
        purge_report(reports.getColumn(0).getInt64(), id, reports.getColumn(1),
                     reports.getColumn(2));
    file_.run(
        "UPDATE submissions SET purged_at = ?, account = json_set(account, '$.ignored', "
        "json('[]')) WHERE key = ?",
        utc_now(), key);
    file_.run("UPDATE files SET name = 'fil ' || (position + 1) WHERE submission = ?", key);
    file_.run(
        "UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier IN (SELECT key "
        "FROM earlier WHERE submission = ?)",
        key);
    file_.run(
        "UPDATE earlier SET purged_at = coalesce(purged_at, ?), account = json_set(account, "
        "'$.ignored', json('[]')) WHERE submission = ?",
        utc_now(), key);
    file_.run(
        "UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
        "submission = ?",
        key);
    file_.run("UPDATE letters SET text = NULL WHERE submission = ?", key);
    file_.run(
        "UPDATE cases SET organisation = '', organisation_number = '', search = ?, status = "
        "'closed', claimed_by = NULL WHERE submission = ?",
        folded_words(id), key);
    file_.log(user_name(), key, {.action = AuditAction::Purged});
}

int Purge::purge_earlier(const std::string& before) {
    SQLite::Statement old(
        file_.database(),
        "SELECT e.key, e.submission, e.content, e.replaced_at, s.id FROM earlier e JOIN "
        "submissions s ON s.key = e.submission WHERE e.purged_at IS NULL AND "
        "e.received_at < ?");
    old.bind(1, before);
    struct Row {
        std::int64_t key, submission;
        std::string content, replaced_at, id;
    };
    std::vector<Row> rows;
    while (old.executeStep())
        rows.push_back({old.getColumn(0).getInt64(), old.getColumn(1).getInt64(), old.getColumn(2),
                        old.getColumn(3), old.getColumn(4)});
    for (const Row& row : rows) {
        file_.run(
            "UPDATE earlier SET purged_at = ?, account = json_set(account, '$.ignored', "
            "json('[]')) WHERE key = ?",
            utc_now(), row.key);
        file_.run("UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier = ?",
                  row.key);
        purge_reports_of(row.submission, row.content, row.id);
        file_.run(
            "UPDATE letters SET text = NULL WHERE decision IN (SELECT key FROM decisions WHERE "
            "submission = ? AND content = ? AND at <= ?)",
            row.submission, row.content, row.replaced_at);
        file_.run(
            "UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
            "submission = ? AND content = ? AND at <= ?",
            row.submission, row.content, row.replaced_at);
        file_.log(user_name(), row.submission, {.action = AuditAction::EarlierPurged});
    }
    return static_cast<int>(rows.size());
}

void Purge::purge_reports_of(std::int64_t submission, const std::string& content,
                             const std::string& id) {
    SQLite::Statement reports(
        file_.database(),
        "SELECT key, json, verdict FROM reports r WHERE submission = ?1 AND html IS NOT NULL "
        "AND (content = ?2 OR key IN (SELECT report FROM set_aside_reports WHERE content = "
        "?2)) AND NOT EXISTS (SELECT 1 FROM submissions WHERE key = ?1 AND content = ?2) AND "
        "NOT EXISTS (SELECT 1 FROM earlier WHERE submission = ?1 AND content = ?2 AND "
        "purged_at IS NULL)");
    bind_all(reports, submission, content);
    struct Row {
        std::int64_t key;
        std::string json, verdict;
    };
    std::vector<Row> rows;
    while (reports.executeStep())
        rows.push_back(
            {reports.getColumn(0).getInt64(), reports.getColumn(1), reports.getColumn(2)});
    for (const Row& row : rows) purge_report(row.key, id, row.json, row.verdict);
}

}  // namespace avtalskoll::app
