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
    Purged purged = purge_rows(database_.ago(std::chrono::days(days)));
    purged.files = remove_originals();
    database_.forget_deleted();
    return purged;
}

Purged Purge::purge_rows(const std::string& before) {
    Purged purged;
    SqlTransaction transaction(database_, SqlScope::Everything);
    const std::vector<StoredSubmission> old =
        submissions_.where("purged_at IS NULL AND received_at < $1", before);
    for (const StoredSubmission& stored : old) purge_submission(stored.key, stored.submission.id);
    purged.submissions = static_cast<int>(old.size());
    purged.earlier = purge_earlier(before);
    database_.log(user_name(), 0,
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
    SqlTransaction transaction(database_, SqlScope::Everything);
    const std::string is_kept = fmt::format("SELECT 1 FROM ({}) k WHERE sha256 = $1", kKeptFiles);
    const int removed = originals_.remove_unneeded(
        [&](const std::string& sha) { return database_.row(is_kept, sha).has_value(); });
    transaction.commit();
    return removed;
}

void Purge::purge_report(std::int64_t key, const std::string& id, const std::string& report_json,
                         const std::string& verdict) {
    Report line;
    line.id = id;
    line.verdict = verdict_from(verdict);
    database_.run(
        "UPDATE reports SET json = $1, html = NULL, csv_row = $2, organisation = '', "
        "organisation_number = '' WHERE key = $3",
        purged_json(report_json, line), pipeline::csv_row(line), key);
}

void Purge::take_names_from_accounts(const char* table, const char* column, std::int64_t key) {
    for (const SqlRow& row : database_.rows(
             fmt::format("SELECT key, account FROM {} WHERE {} = $1", table, column), key))
        database_.run(fmt::format("UPDATE {} SET account = $1 WHERE key = $2", table),
                      account_without_names(row.text(1)), row.number(0));
}

void Purge::purge_submission(std::int64_t key, const std::string& id) {
    for (const SqlRow& row :
         database_.rows("SELECT key, json, verdict FROM reports WHERE submission = $1", key))
        purge_report(row.number(0), id, row.text(1), row.text(2));
    database_.run("UPDATE submissions SET purged_at = $1 WHERE key = $2", database_.now(), key);
    take_names_from_accounts("submissions", "key", key);
    database_.run("UPDATE files SET name = 'fil ' || (position + 1) WHERE submission = $1", key);
    database_.run(
        "UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier IN (SELECT key "
        "FROM earlier WHERE submission = $1)",
        key);
    database_.run("UPDATE earlier SET purged_at = coalesce(purged_at, $1) WHERE submission = $2",
                  database_.now(), key);
    take_names_from_accounts("earlier", "submission", key);
    database_.run(
        "UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
        "submission = $1",
        key);
    database_.run("UPDATE letters SET text = NULL, recipient = NULL WHERE submission = $1", key);
    database_.run("UPDATE case_files SET name = NULL WHERE submission = $1", key);
    database_.run(
        "UPDATE mail SET recipient = NULL, text = NULL, attachment_name = NULL, state = CASE "
        "state WHEN 'waiting' THEN 'failed' ELSE state END WHERE submission = $1",
        key);
    database_.run(
        "UPDATE case_events SET detail = NULL WHERE submission = $1 AND detail IS NOT NULL", key);
    database_.run("DELETE FROM dead_letters WHERE submission = $1", key);
    database_.run(
        "UPDATE cases SET organisation = '', organisation_number = '', search = $1, status = "
        "'closed', answer_by = NULL, claimed_by = NULL WHERE submission = $2",
        folded_words(id), key);
    database_.log(user_name(), key, {.action = AuditAction::Purged});
}

int Purge::purge_earlier(const std::string& before) {
    struct Row {
        std::int64_t key, submission;
        std::string content, replaced_at, id;
    };
    std::vector<Row> rows;
    for (const SqlRow& row : database_.rows(
             "SELECT e.key, e.submission, e.content, e.replaced_at, s.id FROM earlier e JOIN "
             "submissions s ON s.key = e.submission WHERE e.purged_at IS NULL AND "
             "e.received_at < $1",
             before))
        rows.push_back({row.number(0), row.number(1), row.text(2), row.text(3), row.text(4)});
    for (const Row& row : rows) {
        database_.run("UPDATE earlier SET purged_at = $1 WHERE key = $2", database_.now(), row.key);
        take_names_from_accounts("earlier", "key", row.key);
        database_.run("UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier = $1",
                      row.key);
        purge_reports_of(row.submission, row.content, row.id);
        database_.run(
            "UPDATE letters SET text = NULL, recipient = NULL WHERE decision IN (SELECT key FROM "
            "decisions WHERE "
            "submission = $1 AND content = $2 AND at <= $3)",
            row.submission, row.content, row.replaced_at);
        database_.run(
            "UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
            "submission = $1 AND content = $2 AND at <= $3",
            row.submission, row.content, row.replaced_at);
        database_.run(
            "UPDATE mail SET recipient = NULL, text = NULL, attachment_name = NULL WHERE "
            "submission = $1 AND at <= $2 AND state IN ('sent', 'failed')",
            row.submission, row.replaced_at);
        database_.log(user_name(), row.submission, {.action = AuditAction::EarlierPurged});
    }
    return static_cast<int>(rows.size());
}

void Purge::purge_reports_of(std::int64_t submission, const std::string& content,
                             const std::string& id) {
    struct Row {
        std::int64_t key;
        std::string json, verdict;
    };
    std::vector<Row> rows;
    for (const SqlRow& row : database_.rows(
             "SELECT key, json, verdict FROM reports r WHERE submission = $1 AND html IS NOT NULL "
             "AND (content = $2 OR key IN (SELECT report FROM set_aside_reports WHERE content = "
             "$2)) AND NOT EXISTS (SELECT 1 FROM submissions WHERE key = $1 AND content = $2) AND "
             "NOT EXISTS (SELECT 1 FROM earlier WHERE submission = $1 AND content = $2 AND "
             "purged_at IS NULL)",
             submission, content))
        rows.push_back({row.number(0), row.text(1), row.text(2)});
    for (const Row& row : rows) purge_report(row.key, id, row.json, row.verdict);
}

}  // namespace avtalskoll::app
