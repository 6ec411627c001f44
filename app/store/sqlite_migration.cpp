#include "app/store/sqlite_migration.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/store/originals.h"
#include "app/store/sqlite_database.h"
#include "app/store/stored_json.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr const char* kActor = "avtalskoll";

template <class... Values>
void run(SQLite::Database& database, const char* sql, const Values&... values) {
    SQLite::Statement statement(database, sql);
    bind_all(statement, values...);
    statement.exec();
}

void log(SQLite::Database& database, std::int64_t submission, const char* action,
         const char* detail) {
    run(database,
        "INSERT INTO audit (at, actor, action, submission, detail) VALUES (?, ?, ?, ?, ?)",
        utc_now(), kActor, action, submission, detail);
}

struct ReportRow {
    std::int64_t key = 0, submission = 0;
    std::string content;
    bool purged = false;
    bool current = false;  // of what the submission is now
    bool newest = false;   // of its content
};

std::vector<ReportRow> short_reports(SQLite::Database& database) {
    SQLite::Statement rows(
        database,
        "SELECT r.key, r.submission, r.content, r.html IS NULL OR s.purged_at IS NOT NULL, "
        "r.content = s.content, NOT EXISTS (SELECT 1 FROM reports l WHERE "
        "l.submission = r.submission AND l.content = r.content AND l.key > r.key), r.json FROM "
        "reports r JOIN submissions s ON s.key = r.submission");
    std::vector<ReportRow> found;
    while (rows.executeStep())
        if (!speaks_of_every_page(rows.getColumn(6)))
            found.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1).getInt64(),
                             rows.getColumn(2), rows.getColumn(3).getInt() != 0,
                             rows.getColumn(4).getInt() != 0, rows.getColumn(5).getInt() != 0});
    return found;
}

// An older report would count in place of one that is set aside, so it is set aside, too. True when
// there was still something to do.
bool set_aside(SQLite::Database& database, const ReportRow& row) {
    constexpr const char* kOf = "submission = ?1 AND content = ?2 AND (?4 OR key = ?3)";
    const int all = row.newest ? 1 : 0;
    run(database,
        (std::string("INSERT INTO set_aside_reports (report, content, at) SELECT key, content, ?5 "
                     "FROM reports WHERE ") +
         kOf)
            .c_str(),
        row.submission, row.content, row.key, all, utc_now());
    run(database,
        (std::string("UPDATE reports SET content = 'set aside ' || key WHERE ") + kOf).c_str(),
        row.submission, row.content, row.key, all);
    return database.getChanges() > 0;
}

void open_again(SQLite::Database& database, std::int64_t submission) {
    SQLite::Statement id(database, "SELECT id FROM submissions WHERE key = ?");
    id.bind(1, submission);
    id.executeStep();
    run(database,
        "UPDATE cases SET status = 'received', verdict = '', summary = '', organisation = '', "
        "organisation_number = '', search = ?, decided_at = NULL, claimed_by = NULL, "
        "claimed_at = NULL WHERE submission = ?",
        folded_words(id.getColumn(0).getString()), submission);
}

void set_short_reports_aside(SQLite::Database& database) {
    for (const ReportRow& row : short_reports(database)) {
        if (row.purged) {
            log(database, row.submission, "report doubted",
                "it did not speak of every page; purged, so that it cannot be checked again");
            continue;
        }
        if (!set_aside(database, row)) continue;
        const bool again = row.current && row.newest;
        if (again) open_again(database, row.submission);
        log(database, row.submission, "report set aside",
            again ? "it did not speak of every page; checked again"
                  : "it did not speak of every page");
    }
}

void add_files(SQLite::Database& database, std::int64_t earlier, const std::string& report,
               const Originals& originals) try {
    const auto read = nlohmann::json::parse(report);
    std::int64_t position = 0;
    for (const auto& file : read.at("submission").at("files")) {
        std::string sha = file.at("sha256").is_string() ? file.at("sha256").get<std::string>() : "";
        if (!sha.empty() && !std::filesystem::exists(originals.path_of(sha)))
            sha.clear();  // an earlier purge removed it
        run(database,
            "INSERT INTO earlier_files (earlier, position, name, sha256) VALUES (?, ?, ?, ?)",
            earlier, position++, file.at("name").get<std::string>(), sha);
    }
} catch (const nlohmann::json::exception&) {  // a damaged report: `doctor` reports it
}

void rebuild_earlier_contents(SQLite::Database& database, const Originals& originals) {
    SQLite::Statement rows(database, R"sql(
SELECT r.submission, r.content, s.account, r.json,
  coalesce((SELECT max(at) FROM audit WHERE submission = s.key
      AND action IN ('received', 'opened again') AND at <= r.made_at), r.made_at),
  coalesce((SELECT min(at) FROM audit WHERE submission = s.key AND action = 'opened again'
      AND at >= r.made_at), s.received_at)
FROM reports r JOIN submissions s ON s.key = r.submission
WHERE r.html IS NOT NULL AND s.purged_at IS NULL AND r.content <> s.content
  AND r.key = (SELECT max(key) FROM reports WHERE submission = r.submission AND content = r.content)
      ORDER BY r.key)sql");
    while (rows.executeStep()) {
        run(database,
            "INSERT INTO earlier (submission, content, account, receipt, received_at, replaced_at) "
            "VALUES (?, ?, ?, 'received', ?, ?)",
            rows.getColumn(0).getInt64(), rows.getColumn(1).getString(),
            rows.getColumn(2).getString(), rows.getColumn(4).getString(),
            rows.getColumn(5).getString());
        add_files(database, database.getLastInsertRowid(), rows.getColumn(3), originals);
    }
}

}  // namespace

void migrate_to_earlier_contents(SQLite::Database& database, const std::filesystem::path& store) {
    // Before contents of reports change.
    rebuild_earlier_contents(database, Originals(store.string() + ".files"));
    set_short_reports_aside(database);
}

}  // namespace avtalskoll::app
