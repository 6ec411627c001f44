// The store on one machine: SQLite in WAL mode, every commit synced (synchronous=FULL), originals beside it by SHA-256.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <mutex>
#include <nlohmann/json.hpp>

#include "app/originals.h"
#include "app/store.h"
#include "app/stored_json.h"
#include "models/error.h"
#include "pipeline/file_hash.h"
#include "pipeline/report_json.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// The schema, step by step: user_version says how many were taken. A step that was released is never changed.
constexpr std::array kMigrations{R"sql(
CREATE TABLE submissions (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL,                -- SHA-256 of account and files
  account TEXT NOT NULL,                -- JSON: personal_data, organisation_number, broken, ignored
  received_at TEXT NOT NULL,
  purged_at TEXT,
  set_backs INTEGER NOT NULL DEFAULT 0  -- crashes while this content was checked
);
CREATE INDEX submissions_content ON submissions (content);
CREATE INDEX submissions_received ON submissions (received_at);
CREATE TABLE files (
  submission INTEGER NOT NULL REFERENCES submissions (key),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,                 -- empty: could not be read when it came
  PRIMARY KEY (submission, position)
) WITHOUT ROWID;
CREATE INDEX files_sha256 ON files (sha256);
CREATE TABLE reports (
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  content TEXT NOT NULL,
  engine TEXT NOT NULL,
  forms TEXT NOT NULL,
  rules TEXT NOT NULL,
  made_at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  summary TEXT NOT NULL,                -- codes of what is lacking, no values
  json TEXT NOT NULL,
  html BLOB,                            -- NULL: purged
  csv_row TEXT NOT NULL,
  UNIQUE (submission, content, engine, forms, rules)
);
CREATE INDEX reports_submission ON reports (submission);
CREATE TABLE findings (
  report INTEGER NOT NULL REFERENCES reports (key),
  code TEXT NOT NULL, severity TEXT NOT NULL, form TEXT NOT NULL, point TEXT NOT NULL, field TEXT NOT NULL, page INTEGER NOT NULL
);
CREATE INDEX findings_report ON findings (report);
CREATE TABLE decisions (                -- the officers': what a person said of a point, never overwritten
  key INTEGER PRIMARY KEY,
  submission INTEGER NOT NULL REFERENCES submissions (key),
  report INTEGER NOT NULL REFERENCES reports (key),
  at TEXT NOT NULL, officer TEXT NOT NULL, form TEXT NOT NULL, point TEXT NOT NULL, field TEXT NOT NULL,
  verdict TEXT NOT NULL, old_value TEXT, new_value TEXT
);
CREATE TABLE inbox (state TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE audit (
  key INTEGER PRIMARY KEY,
  at TEXT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  submission INTEGER REFERENCES submissions (key), detail TEXT NOT NULL
);
CREATE INDEX audit_submission ON audit (submission);
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
)sql"};

std::string iso_time(std::time_t t) { return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(t)); }

SubmissionVerdict verdict_from(const std::string& text) {
    for (const auto verdict : {SubmissionVerdict::Complete, SubmissionVerdict::Incomplete, SubmissionVerdict::Review, SubmissionVerdict::Rejected})
        if (text == to_string(verdict)) return verdict;
    return SubmissionVerdict::Rejected;
}

std::string user_name() { return fmt::format("uid {}", ::getuid()); }

class SqliteStore final : public Store {
public:
    SqliteStore(const fs::path& file, bool create) : file_(file), database_(opened(file, create)), originals_(file.string() + ".files") {
        guarded([&] {
            database_.setBusyTimeout(30'000);
            database_.exec("PRAGMA journal_mode=WAL");
            database_.exec("PRAGMA synchronous=FULL");
            database_.exec("PRAGMA foreign_keys=ON");
            database_.exec("PRAGMA secure_delete=ON");  // what is purged is gone from the file too
            migrate();
        });
    }

    Received receive(const Submission& submission, const std::string& inbox_state) override {
        std::vector<std::string> hashes;
        guarded([&] {  // before the lock, which others wait for
            for (const SubmittedFile& file : submission.files) hashes.push_back(originals_.keep(file.path));
        });
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            for (std::size_t i = 0; i < hashes.size(); ++i)  // a purge may have come between
                if (!hashes[i].empty() && !fs::exists(originals_.path_of(hashes[i]))) hashes[i] = originals_.keep(submission.files[i].path);
            const std::string content = content_of(submission, hashes);
            Received received;
            if (auto known = row_where("id = ? AND content = ? AND purged_at IS NULL", submission.id, content)) {
                received = {Receipt::Known, std::move(*known)};
            } else if (auto twin = row_where("content = ? AND purged_at IS NULL AND id <> ?", content, submission.id)) {
                received = {Receipt::Twin, std::move(*twin)};
                log("received again", received.stored.key, "under another id");
            } else {
                const auto same_id = row_where("id = ?", submission.id);
                received.receipt = same_id ? Receipt::Reopened : Receipt::New;
                const std::int64_t key = write_submission(submission, content, hashes, same_id ? same_id->key : 0);
                log(same_id ? "opened again" : "received", key, fmt::format("{} files", hashes.size()));
                received.stored = *row_where("key = ?", key);
            }
            if (!inbox_state.empty()) run("INSERT OR IGNORE INTO inbox (state) VALUES (?)", inbox_state);
            transaction.commit();
            return received;
        });
    }

    bool has_taken(const std::string& inbox_state) override {
        return locked([&] {
            SQLite::Statement query(database_, "SELECT 1 FROM inbox WHERE state = ?");
            query.bind(1, inbox_state);
            return query.executeStep();
        });
    }

    std::optional<FinishedReport> report_of(const StoredSubmission& stored, const EngineVersions& versions) override {
        return locked([&] {
            SQLite::Statement query(database_, std::string(kReportColumns) + " WHERE submission = ? AND content = ? AND engine = ? AND forms = ? AND rules = ?");
            bind(query, stored.key, stored.content, versions.engine, versions.forms, versions.rules);
            return report_from(query);
        });
    }

    bool finish(const StoredSubmission& stored, const FinishedReport& report) override {
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement insert(
                database_,
                "INSERT INTO reports (submission, content, engine, forms, rules, made_at, verdict, summary, json, csv_row, html) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (submission, content, engine, forms, rules) DO NOTHING");
            bind(insert, stored.key, stored.content, report.versions.engine, report.versions.forms, report.versions.rules, now(), std::string(to_string(report.verdict)),
                 report.summary, report.json, report.csv_row);
            insert.bind(11, report.html.data(), static_cast<int>(report.html.size()));
            if (insert.exec() == 0) return false;
            const std::int64_t key = database_.getLastInsertRowid();
            for (const Finding& f : report.findings)
                run("INSERT INTO findings (report, code, severity, form, point, field, page) VALUES (?, ?, ?, ?, ?, ?, ?)", key, f.code, std::string(to_string(f.severity)), f.form,
                    f.point, f.field, static_cast<std::int64_t>(f.page));
            log("checked", stored.key, fmt::format("{}; engine {}, rules {}", to_string(report.verdict), report.versions.engine, report.versions.rules));
            transaction.commit();
            return true;
        });
    }

    std::vector<StoredSubmission> waiting(std::size_t most) override {
        return locked([&] {
            return rows_where(
                "purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.submission = submissions.key AND r.content = submissions.content) ORDER BY key LIMIT ?",
                static_cast<std::int64_t>(most));
        });
    }

    void note_crash(std::int64_t key) override {
        locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            run("UPDATE submissions SET set_backs = set_backs + 1 WHERE key = ?", key);
            log("crashed", key, "the program ended while it checked this");
            transaction.commit();
        });
    }

    std::vector<SubmissionLine> list(const std::string& verdict) override {
        return locked([&] {
            SQLite::Statement query(database_, R"sql(
SELECT s.id, s.received_at, coalesce(r.made_at, ''), coalesce(r.verdict, ''), coalesce(r.summary, ''), (SELECT count(*) FROM files f WHERE f.submission = s.key), s.purged_at IS NOT NULL
FROM submissions s LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports WHERE submission = s.key AND content = s.content)
WHERE ?1 = '' OR r.verdict = ?1 ORDER BY s.key)sql");
            query.bind(1, verdict);
            std::vector<SubmissionLine> lines;
            while (query.executeStep())
                lines.push_back(
                    {query.getColumn(0), query.getColumn(1), query.getColumn(2), query.getColumn(3), query.getColumn(4), query.getColumn(5), query.getColumn(6).getInt() != 0});
            return lines;
        });
    }

    std::optional<StoredSubmission> find(const std::string& id) override {
        return locked([&] { return row_where("id = ?", id); });
    }

    std::optional<FinishedReport> latest_report(const std::string& id) override {
        return locked([&] {
            SQLite::Statement query(database_, std::string(kReportColumns) + " WHERE submission = (SELECT key FROM submissions WHERE id = ?) ORDER BY key DESC LIMIT 1");
            query.bind(1, id);
            return report_from(query);
        });
    }

    std::vector<AuditLine> audit(const std::string& id) override {
        return locked([&] {
            SQLite::Statement query(database_,
                                    "SELECT a.at, a.actor, a.action, coalesce(s.id, ''), a.detail FROM audit a LEFT JOIN submissions s ON s.key = a.submission WHERE ?1 = '' OR "
                                    "s.id = ?1 ORDER BY a.key");
            query.bind(1, id);
            std::vector<AuditLine> lines;
            while (query.executeStep()) lines.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2), query.getColumn(3), query.getColumn(4)});
            return lines;
        });
    }

    Purged purge(int days) override {
        return locked([&] {
            Purged purged;
            {
                SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
                const std::string before = iso_time(std::time(nullptr) - std::time_t{days} * 86'400);
                const std::vector<StoredSubmission> old = rows_where("purged_at IS NULL AND received_at < ?", before);
                for (const StoredSubmission& stored : old) purge_submission(stored.key, stored.submission.id);
                purged.submissions = static_cast<int>(old.size());
                run("INSERT INTO audit (at, actor, action, submission, detail) VALUES (?, ?, 'purged', NULL, ?)", now(), user_name(),
                    fmt::format("{} submissions received before {}", old.size(), before));
                transaction.commit();
            }
            {
                // Only now: a run that ends before leaves files, which the next purge removes. Within a transaction nobody else receives.
                SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
                SQLite::Statement needed(database_, "SELECT 1 FROM files f JOIN submissions s ON s.key = f.submission WHERE f.sha256 = ? AND s.purged_at IS NULL");
                purged.files = originals_.remove_unneeded([&](const std::string& sha) {
                    needed.reset();
                    needed.bind(1, sha);
                    return needed.executeStep();
                });
                transaction.commit();
            }
            database_.exec("PRAGMA wal_checkpoint(TRUNCATE)");
            return purged;
        });
    }

    std::vector<std::string> faults() override {
        return locked([&] {
            std::vector<std::string> found;
            SQLite::Statement check(database_, "PRAGMA integrity_check");
            while (check.executeStep())
                if (const std::string line = check.getColumn(0); line != "ok") found.push_back(line);
            SQLite::Statement keys(database_, "PRAGMA foreign_key_check");
            while (keys.executeStep()) found.push_back(fmt::format("table {}: a row leads nowhere", keys.getColumn(0).getString()));
            SQLite::Statement kept(database_, "SELECT DISTINCT f.sha256 FROM files f JOIN submissions s ON s.key = f.submission WHERE s.purged_at IS NULL AND f.sha256 <> ''");
            while (kept.executeStep())
                if (const std::string sha = kept.getColumn(0); pipeline::sha256_of(originals_.path_of(sha)) != sha)
                    found.push_back(fmt::format("original {} is lost or changed", sha));
            SQLite::Statement torn(database_, "SELECT key, json FROM reports");
            while (torn.executeStep())
                if (json::parse(torn.getColumn(1).getString(), nullptr, false).is_discarded()) found.push_back(fmt::format("report {} is torn", torn.getColumn(0).getInt64()));
            return found;
        });
    }

private:
    static constexpr const char* kReportColumns = "SELECT verdict, summary, json, html, csv_row, engine, forms, rules FROM reports";

    static SQLite::Database opened(const fs::path& file, bool create) try {
        if (create && file.has_parent_path()) fs::create_directories(file.parent_path());
        if (create) ::close(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));  // SQLite gives its other files the same mode
        return SQLite::Database(file.string(), SQLite::OPEN_READWRITE);
    } catch (const SQLite::Exception& e) {
        throw Error(ErrorKind::Io, fmt::format("{}: the store cannot be opened: {}", file.string(), e.what()));
    }

    // Turns what the libraries throw into the program's own error.
    template <class Work>
    auto guarded(Work work) -> decltype(work()) try {
        return work();
    } catch (const SQLite::Exception& e) {
        switch (e.getErrorCode()) {
            case SQLITE_IOERR:  // shared memory for the log that finds no room ends so, too
            case SQLITE_CANTOPEN:
                throw Error(ErrorKind::Io,
                            fmt::format("{}: the store's disk refuses to be written ({}), or has no room; mend that and run the same again: nothing that was taken in is lost",
                                        file_.string(), e.getErrorStr()));
            case SQLITE_FULL:
                throw Error(ErrorKind::Io, fmt::format("{}: no room on the store's disk; make room and run the same again: nothing that was taken in is lost", file_.string()));
            case SQLITE_BUSY: throw Error(ErrorKind::Io, fmt::format("{}: another program has held the store for 30 seconds; end it or try again later", file_.string()));
            case SQLITE_NOTADB: throw Error(ErrorKind::Io, fmt::format("{}: is no store of avtalskoll", file_.string()));
            default: throw Error(ErrorKind::Io, fmt::format("{}: the store cannot be used: {}", file_.string(), e.what()));
        }
    } catch (const fs::filesystem_error& e) {
        throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
    } catch (const json::exception&) {
        throw Error(ErrorKind::Io, fmt::format("{}: holds what this program never wrote", file_.string()));
    }

    // The same, with the database to oneself.
    template <class Work>
    auto locked(Work work) -> decltype(work()) {
        return guarded([&] {
            const std::lock_guard lock(mutex_);
            return work();
        });
    }

    void migrate() {
        const int taken = database_.execAndGet("PRAGMA user_version");
        if (taken > static_cast<int>(kMigrations.size())) throw Error(ErrorKind::Io, fmt::format("{}: was made by a later version of this program; update it", file_.string()));
        for (auto step = static_cast<std::size_t>(taken); step < kMigrations.size(); ++step) {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::EXCLUSIVE);
            if (database_.execAndGet("PRAGMA user_version").getInt() > static_cast<int>(step)) continue;  // another process was quicker
            database_.exec(kMigrations.at(step));
            database_.exec(fmt::format("PRAGMA user_version={}", step + 1));
            transaction.commit();
        }
    }

    template <class... Values>
    static void bind(SQLite::Statement& statement, const Values&... values) {
        int place = 0;
        (statement.bind(++place, values), ...);
    }
    template <class... Values>
    void run(const char* sql, const Values&... values) {
        SQLite::Statement statement(database_, sql);
        bind(statement, values...);
        statement.exec();
    }

    static std::string now() { return iso_time(std::time(nullptr)); }

    void log(const char* action, std::int64_t key, const std::string& detail) {
        run("INSERT INTO audit (at, actor, action, submission, detail) VALUES (?, ?, ?, ?, ?)", now(), user_name(), std::string(action), key, detail);
    }

    std::int64_t write_submission(const Submission& submission, const std::string& content, const std::vector<std::string>& hashes, std::int64_t known_key) {
        const std::string account = account_json(submission);
        if (known_key == 0) run("INSERT INTO submissions (id, content, account, received_at) VALUES (?, ?, ?, ?)", submission.id, content, account, now());
        else run("UPDATE submissions SET content = ?, account = ?, received_at = ?, purged_at = NULL, set_backs = 0 WHERE key = ?", content, account, now(), known_key);
        const std::int64_t key = known_key == 0 ? database_.getLastInsertRowid() : known_key;
        run("UPDATE reports SET content = 'purged ' || key WHERE submission = ? AND html IS NULL", key);  // the same content is checked anew
        run("DELETE FROM files WHERE submission = ?", key);
        for (std::size_t i = 0; i < hashes.size(); ++i)
            run("INSERT INTO files (submission, position, name, sha256) VALUES (?, ?, ?, ?)", key, static_cast<std::int64_t>(i), submission.files[i].name, hashes[i]);
        return key;
    }

    template <class... Values>
    std::vector<StoredSubmission> rows_where(const char* condition, const Values&... values) {
        SQLite::Statement query(database_, fmt::format("SELECT key, id, content, account, set_backs FROM submissions WHERE {}", condition));
        bind(query, values...);
        std::vector<StoredSubmission> rows;
        while (query.executeStep()) {
            StoredSubmission& row = rows.emplace_back();
            row.key = query.getColumn(0).getInt64();
            row.content = query.getColumn(2).getString();
            row.set_backs = query.getColumn(4);
            row.submission.id = query.getColumn(1).getString();
            read_account_json(query.getColumn(3), row.submission);
            SQLite::Statement files(database_, "SELECT name, sha256 FROM files WHERE submission = ? ORDER BY position");
            files.bind(1, row.key);
            while (files.executeStep()) row.submission.files.push_back({files.getColumn(0), originals_.path_of(files.getColumn(1))});
        }
        return rows;
    }
    template <class... Values>
    std::optional<StoredSubmission> row_where(const char* condition, const Values&... values) {
        auto rows = rows_where(condition, values...);
        return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
    }

    static std::optional<FinishedReport> report_from(SQLite::Statement& query) {
        if (!query.executeStep()) return std::nullopt;
        const SQLite::Column html = query.getColumn(3);
        FinishedReport report;
        report.verdict = verdict_from(query.getColumn(0));
        report.summary = query.getColumn(1).getString();
        report.json = query.getColumn(2).getString();
        report.html.assign(static_cast<const char*>(html.getBlob()), static_cast<std::size_t>(html.getBytes()));
        report.csv_row = query.getColumn(4).getString();
        report.versions = {query.getColumn(5), query.getColumn(6), query.getColumn(7)};
        return report;
    }

    void purge_submission(std::int64_t key, const std::string& id) {
        SQLite::Statement reports(database_, "SELECT key, json, verdict FROM reports WHERE submission = ?");
        reports.bind(1, key);
        while (reports.executeStep()) {
            Report line;
            line.id = id;
            line.verdict = verdict_from(reports.getColumn(2));
            run("UPDATE reports SET json = ?, html = NULL, csv_row = ? WHERE key = ?", without_values(reports.getColumn(1)), pipeline::csv_row(line),
                reports.getColumn(0).getInt64());
        }
        run("UPDATE submissions SET purged_at = ?, account = json_set(account, '$.ignored', json('[]')) WHERE key = ?", now(), key);
        run("UPDATE files SET name = 'fil ' || (position + 1) WHERE submission = ?", key);
        run("UPDATE decisions SET old_value = NULL, new_value = NULL WHERE submission = ?", key);
        log("purged", key, "originals, pages, crops and values removed");
    }

    const fs::path file_;
    std::mutex mutex_;
    SQLite::Database database_;
    const Originals originals_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const fs::path& file, bool create) { return std::make_unique<SqliteStore>(file, create); }

}  // namespace avtalskoll::app
