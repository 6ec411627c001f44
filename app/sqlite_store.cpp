// The store on one machine: SQLite in WAL mode, every commit synced (synchronous=FULL), originals beside it by SHA-256.
#include <fmt/format.h>
#include <unistd.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "app/originals.h"
#include "app/sqlite_file.h"
#include "app/store.h"
#include "app/stored_json.h"
#include "models/error.h"
#include "pipeline/file_hash.h"
#include "pipeline/report_json.h"
#include "rules/text.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

SubmissionVerdict verdict_from(const std::string& text) {
    for (const auto verdict : {SubmissionVerdict::Complete, SubmissionVerdict::Incomplete, SubmissionVerdict::Review, SubmissionVerdict::Rejected})
        if (text == to_string(verdict)) return verdict;
    return SubmissionVerdict::Rejected;
}

// An organisation number is looked for with its hyphen or without.
std::string search_text(const std::string& id, const std::string& organisation, const std::string& number) {
    std::string digits = number;
    std::erase(digits, '-');
    return fmt::format("{} {} {}", rules::folded_words(id + " " + organisation), rules::folded_words(number), digits);
}

std::string user_name() { return fmt::format("uid {}", ::getuid()); }

class SqliteStore final : public Store {
public:
    SqliteStore(const fs::path& file, bool create) : connection_(file, create, 30'000), originals_(file.string() + ".files") {}

    Received receive(const Submission& submission, const std::string& inbox_state) override {
        std::vector<std::string> hashes;
        connection_.guarded([&] {  // before the lock, which others wait for
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
            bind_all(query, stored.key, stored.content, versions.engine, versions.forms, versions.rules);
            return report_from(query);
        });
    }

    bool finish(const StoredSubmission& stored, const FinishedReport& report) override {
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement insert(database_,
                                     "INSERT INTO reports (submission, content, engine, forms, rules, made_at, verdict, summary, json, csv_row, organisation, organisation_number, "
                                     "html) VALUES (?, ?, ?, ?, ?, ?, "
                                     "?, ?, ?, ?, ?, ?, ?)"
                                     " ON CONFLICT (submission, content, engine, forms, rules) DO NOTHING");
            bind_all(insert, stored.key, stored.content, report.versions.engine, report.versions.forms, report.versions.rules, utc_now(), std::string(to_string(report.verdict)),
                     report.summary, report.json, report.csv_row, report.organisation, report.organisation_number);
            insert.bind(13, report.html.data(), static_cast<int>(report.html.size()));
            if (insert.exec() == 0) return false;
            const std::int64_t key = database_.getLastInsertRowid();
            for (const Finding& f : report.findings)
                run("INSERT INTO findings (report, code, severity, form, point, field, page) VALUES (?, ?, ?, ?, ?, ?, ?)", key, f.code, std::string(to_string(f.severity)), f.form,
                    f.point, f.field, static_cast<std::int64_t>(f.page));
            show(stored.key);
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
                const std::string before = utc_ago(std::chrono::days(days));
                const std::vector<StoredSubmission> old = rows_where("purged_at IS NULL AND received_at < ?", before);
                for (const StoredSubmission& stored : old) purge_submission(stored.key, stored.submission.id);
                purged.submissions = static_cast<int>(old.size());
                run("INSERT INTO case_search (case_search) VALUES ('optimize')");  // until then the index keeps words of what is gone
                connection_.log(user_name(), "purged", fmt::format("{} submissions received before {}", old.size(), before));
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

    // With the database to oneself, and errors in the program's own words.
    template <class Work>
    auto locked(Work work) -> decltype(work()) {
        return connection_.guarded([&] {
            const std::lock_guard lock(mutex_);
            return work();
        });
    }

    template <class... Values>
    void run(const char* sql, const Values&... values) {
        connection_.run(sql, values...);
    }

    void log(const char* action, std::int64_t key, const std::string& detail) { connection_.log(user_name(), action, key, detail); }

    std::int64_t write_submission(const Submission& submission, const std::string& content, const std::vector<std::string>& hashes, std::int64_t known_key) {
        const std::string account = account_json(submission);
        if (known_key == 0) run("INSERT INTO submissions (id, content, account, received_at) VALUES (?, ?, ?, ?)", submission.id, content, account, utc_now());
        else run("UPDATE submissions SET content = ?, account = ?, received_at = ?, purged_at = NULL, set_backs = 0 WHERE key = ?", content, account, utc_now(), known_key);
        const std::int64_t key = known_key == 0 ? database_.getLastInsertRowid() : known_key;
        run("INSERT INTO cases (submission, id, status, search, received_at) VALUES (?, ?, 'received', ?, ?) ON CONFLICT DO UPDATE SET status = 'received', verdict = '', summary "
            "= '', "
            "organisation = '', organisation_number = '', search = excluded.search, received_at = excluded.received_at, decided_at = NULL, claimed_by = NULL, claimed_at = NULL",
            key, submission.id, rules::folded_words(submission.id), utc_now());
        run("UPDATE reports SET content = 'purged ' || key WHERE submission = ? AND html IS NULL", key);  // the same content is checked anew
        run("DELETE FROM files WHERE submission = ?", key);
        for (std::size_t i = 0; i < hashes.size(); ++i)
            run("INSERT INTO files (submission, position, name, sha256) VALUES (?, ?, ?, ?)", key, static_cast<std::int64_t>(i), submission.files[i].name, hashes[i]);
        show(key);
        return key;
    }

    // Officers see the newest report of what was submitted last. What a person decided on the whole stays.
    void show(std::int64_t key) {
        SQLite::Statement newest(
            database_,
            "SELECT s.id, r.verdict, r.summary, r.organisation, r.organisation_number FROM submissions s JOIN reports r ON r.submission = s.key AND r.content = "
            "s.content WHERE s.key = ? ORDER BY r.key DESC LIMIT 1");
        newest.bind(1, key);
        if (!newest.executeStep()) return;
        const std::string id = newest.getColumn(0), verdict = newest.getColumn(1), organisation = newest.getColumn(3), number = newest.getColumn(4);
        // What an officer has touched is never called complete by the machine.
        SQLite::Statement touched(database_, "SELECT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.submission = ?)");
        touched.bind(1, key);
        touched.executeStep();
        const int is_touched = touched.getColumn(0), is_complete = verdict == to_string(SubmissionVerdict::Complete) ? 1 : 0;
        run("UPDATE cases SET verdict = ?, summary = ?, organisation = ?, organisation_number = ?, search = ?, status = CASE WHEN decided_at IS NOT NULL THEN status WHEN ? THEN "
            "'complete' WHEN claimed_by IS NOT NULL OR ? THEN 'in_review' ELSE 'received' END WHERE submission = ?",
            verdict, newest.getColumn(2).getString(), organisation, number, search_text(id, organisation, number), is_complete & ~is_touched, is_touched, key);
    }

    template <class... Values>
    std::vector<StoredSubmission> rows_where(const char* condition, const Values&... values) {
        SQLite::Statement query(database_, fmt::format("SELECT key, id, content, account, set_backs FROM submissions WHERE {}", condition));
        bind_all(query, values...);
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
            run("UPDATE reports SET json = ?, html = NULL, csv_row = ?, organisation = '', organisation_number = '' WHERE key = ?", without_values(reports.getColumn(1)),
                pipeline::csv_row(line), reports.getColumn(0).getInt64());
        }
        run("UPDATE submissions SET purged_at = ?, account = json_set(account, '$.ignored', json('[]')) WHERE key = ?", utc_now(), key);
        run("UPDATE files SET name = 'fil ' || (position + 1) WHERE submission = ?", key);
        run("UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE submission = ?", key);
        run("UPDATE letters SET text = NULL WHERE submission = ?", key);
        run("UPDATE cases SET organisation = '', organisation_number = '', search = ?, status = 'closed', claimed_by = NULL WHERE submission = ?", rules::folded_words(id), key);
        log("purged", key, "originals, pages, crops and values removed");
    }

    std::mutex mutex_;
    SqliteFile connection_;
    SQLite::Database& database_ = connection_.database();
    const Originals originals_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const fs::path& file, bool create) { return std::make_unique<SqliteStore>(file, create); }

}  // namespace avtalskoll::app
