// The store on one machine: SQLite in WAL mode, every commit synced (synchronous=FULL), originals
// beside it by SHA-256.
#include <fmt/format.h>
#include <unistd.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "app/store/earlier.h"
#include "app/store/originals.h"
#include "app/store/sqlite_file.h"
#include "app/store/store.h"
#include "app/store/stored_json.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/files/file_hash.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

SubmissionVerdict verdict_from(const std::string& text) {
    for (const auto verdict : {SubmissionVerdict::Complete, SubmissionVerdict::Incomplete,
                               SubmissionVerdict::Review, SubmissionVerdict::Rejected})
        if (text == to_string(verdict)) return verdict;
    return SubmissionVerdict::Rejected;
}

// An organisation number is looked for with its hyphen or without.
std::string search_text(const std::string& id, const std::string& organisation,
                        const std::string& number) {
    std::string digits = number;
    std::erase(digits, '-');
    return fmt::format("{} {} {}", folded_words(id + " " + organisation), folded_words(number),
                       digits);
}

std::string user_name() { return fmt::format("uid {}", ::getuid()); }

class SqliteStore final : public Store {
public:
    SqliteStore(const fs::path& file, bool create)
        : connection_(file, create, 30'000), originals_(file.string() + ".files") {}

    Received receive(const Submission& submission, const std::string& inbox_state,
                     const Reopening& reopening) override {
        if (reopening
                .seen)  // before anything is copied: what waits for an answer may never be taken in
            if (auto occupied = locked([&] {
                    return occupied_by(submission, content_of(submission, hashes_of(submission)),
                                       reopening);
                }))
                return *occupied;
        std::vector<std::string> hashes;
        connection_.guarded([&] {  // before the lock, which others wait for
            for (const SubmittedFile& file : submission.files)
                hashes.push_back(originals_.keep(file.path));
        });
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            for (std::size_t i = 0; i < hashes.size(); ++i)  // a purge may have come between
                if (!hashes[i].empty() && !fs::exists(originals_.path_of(hashes[i])))
                    hashes[i] = originals_.keep(submission.files[i].path);
            Received received = take(submission, hashes, reopening);
            if (!inbox_state.empty())
                run("INSERT OR IGNORE INTO inbox (state) VALUES (?)", inbox_state);
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

    std::optional<FinishedReport> report_of(const StoredSubmission& stored,
                                            const EngineVersions& versions) override {
        return locked([&] {
            SQLite::Statement query(database_, std::string(kReportColumns) +
                                                   " WHERE submission = ? AND content = ? AND "
                                                   "engine = ? AND forms = ? AND rules = ?");
            bind_all(query, stored.key, stored.content, versions.engine, versions.forms,
                     versions.rules);
            return report_from(query);
        });
    }

    bool finish(const StoredSubmission& stored, const FinishedReport& report) override {
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            SQLite::Statement insert(
                database_,
                "INSERT INTO reports (submission, content, engine, forms, rules, made_at, verdict, "
                "summary, json, csv_row, organisation, organisation_number, "
                "html) VALUES (?, ?, ?, ?, ?, ?, "
                "?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (submission, content, engine, forms, rules) DO NOTHING");
            bind_all(insert, stored.key, stored.content, report.versions.engine,
                     report.versions.forms, report.versions.rules, utc_now(),
                     std::string(to_string(report.verdict)), report.summary, report.json,
                     report.csv_row, report.organisation, report.organisation_number);
            insert.bind(13, report.html.data(), static_cast<int>(report.html.size()));
            if (insert.exec() == 0) return false;
            const std::int64_t key = database_.getLastInsertRowid();
            for (const Finding& f : report.findings)
                run("INSERT INTO findings (report, code, severity, form, point, field, page) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?)",
                    key, f.code, std::string(to_string(f.severity)), f.form, f.point, f.field,
                    static_cast<std::int64_t>(f.page));
            show(stored.key);
            log("checked", stored.key,
                fmt::format("{}; engine {}, rules {}", to_string(report.verdict),
                            report.versions.engine, report.versions.rules));
            transaction.commit();
            return true;
        });
    }

    std::vector<StoredSubmission> waiting(std::size_t most) override {
        return locked([&] {
            return rows_where(
                "purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.submission = "
                "submissions.key AND r.content = submissions.content) ORDER BY key LIMIT ?",
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
SELECT s.id, s.received_at, coalesce(r.made_at, ''), coalesce(r.verdict, ''),
    coalesce(r.summary, ''), (SELECT count(*) FROM files f WHERE f.submission = s.key), s.purged_at IS NOT NULL
FROM submissions s LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports
    WHERE submission = s.key AND content = s.content)
WHERE ?1 = '' OR r.verdict = ?1 ORDER BY s.key)sql");
            query.bind(1, verdict);
            std::vector<SubmissionLine> lines;
            while (query.executeStep())
                lines.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2),
                                 query.getColumn(3), query.getColumn(4), query.getColumn(5),
                                 query.getColumn(6).getInt() != 0});
            return lines;
        });
    }

    std::optional<StoredSubmission> find(const std::string& id) override {
        return locked([&] { return row_where("id = ?", id); });
    }

    std::optional<FinishedReport> latest_report(const std::string& id) override {
        return locked([&] {
            SQLite::Statement query(
                database_, std::string(kReportColumns) +
                               " WHERE submission = (SELECT key FROM submissions WHERE id = ?1) "
                               "AND content = (SELECT content FROM submissions WHERE id = ?1) "
                               "ORDER BY key DESC LIMIT 1");
            query.bind(1, id);
            return report_from(query);
        });
    }

    std::optional<FinishedReport> report(std::int64_t key) override {
        return locked([&] {
            SQLite::Statement query(database_, std::string(kReportColumns) + " WHERE key = ?");
            query.bind(1, key);
            return report_from(query);
        });
    }

    std::vector<EarlierContent> earlier(const std::string& id) override {
        return locked([&] { return earlier_contents(database_, originals_, key_of(id)); });
    }

    std::vector<SetAsideReport> set_aside(const std::string& id) override {
        return locked([&] { return set_aside_reports(database_, key_of(id)); });
    }

    std::vector<AuditLine> audit(const std::string& id) override {
        return locked([&] {
            SQLite::Statement query(
                database_,
                "SELECT a.at, a.actor, a.action, coalesce(s.id, ''), a.detail FROM audit a LEFT "
                "JOIN submissions s ON s.key = a.submission WHERE ?1 = '' OR "
                "s.id = ?1 ORDER BY a.key");
            query.bind(1, id);
            std::vector<AuditLine> lines;
            while (query.executeStep())
                lines.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2),
                                 query.getColumn(3), query.getColumn(4)});
            return lines;
        });
    }

    Purged purge(int days) override {
        return locked([&] {
            Purged purged;
            {
                SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
                const std::string before = utc_ago(std::chrono::days(days));
                const std::vector<StoredSubmission> old =
                    rows_where("purged_at IS NULL AND received_at < ?", before);
                for (const StoredSubmission& stored : old)
                    purge_submission(stored.key, stored.submission.id);
                purged.submissions = static_cast<int>(old.size());
                purged.earlier = purge_earlier(before);
                run("INSERT INTO case_search (case_search) VALUES ('optimize')");  // until then the
                                                                                   // index keeps
                                                                                   // words of what
                                                                                   // is gone
                connection_.log(
                    user_name(), "purged",
                    fmt::format("{} and {} earlier received before {}",
                                counted(static_cast<std::size_t>(purged.submissions), "submission"),
                                purged.earlier, before));
                transaction.commit();
            }
            {
                // Only now: a run that ends before leaves files, which the next purge removes.
                // Within a transaction nobody else receives.
                SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
                SQLite::Statement needed(
                    database_, fmt::format("SELECT 1 FROM ({}) WHERE sha256 = ?", kKeptFiles));
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
                if (const std::string line = check.getColumn(0); line != "ok")
                    found.push_back(line);
            SQLite::Statement keys(database_, "PRAGMA foreign_key_check");
            while (keys.executeStep())
                found.push_back(
                    fmt::format("table {}: a row leads nowhere", keys.getColumn(0).getString()));
            SQLite::Statement kept(
                database_,
                fmt::format("SELECT DISTINCT sha256 FROM ({}) WHERE sha256 <> ''", kKeptFiles));
            while (kept.executeStep())
                if (const std::string sha = kept.getColumn(0);
                    pipeline::sha256_of(originals_.path_of(sha)) != sha)
                    found.push_back(fmt::format("original {} is lost or changed", sha));
            SQLite::Statement torn(database_, "SELECT key, json FROM reports");
            while (torn.executeStep())
                if (json::parse(torn.getColumn(1).getString(), nullptr, false).is_discarded())
                    found.push_back(fmt::format("report {} is torn", torn.getColumn(0).getInt64()));
            return found;
        });
    }

private:
    // Of what is there now and of what was before.
    static constexpr const char* kKeptFiles =
        "SELECT f.sha256 FROM files f JOIN submissions s ON s.key = f.submission WHERE s.purged_at "
        "IS NULL UNION ALL SELECT f.sha256 FROM earlier_files f JOIN earlier e ON e.key "
        "= f.earlier WHERE e.purged_at IS NULL";
    static constexpr const char* kReportColumns =
        "SELECT verdict, summary, json, html, csv_row, engine, forms, rules FROM reports";

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

    void log(const char* action, std::int64_t key, const std::string& detail) {
        connection_.log(user_name(), action, key, detail);
    }

    std::int64_t key_of(const std::string& id) {
        SQLite::Statement query(database_, "SELECT key FROM submissions WHERE id = ?");
        query.bind(1, id);
        return query.executeStep() ? query.getColumn(0).getInt64() : 0;
    }

    static std::vector<std::string> hashes_of(const Submission& submission) {
        std::vector<std::string> hashes;
        for (const SubmittedFile& file : submission.files)
            hashes.push_back(pipeline::sha256_of(file.path));
        return hashes;
    }

    // When the id has other content than the sender has seen. What is known already, here or under
    // another id, asks nothing.
    std::optional<Received> occupied_by(const Submission& submission, const std::string& content,
                                        const Reopening& reopening) {
        if (!reopening.seen || row_where("content = ? AND purged_at IS NULL", content))
            return std::nullopt;
        auto there = row_where("id = ?", submission.id);
        if (!there || there->content == *reopening.seen) return std::nullopt;
        const bool is_purged =
            row_where("id = ? AND purged_at IS NOT NULL", submission.id).has_value();
        return Received{Receipt::Occupied, std::move(*there), is_purged};
    }

    Received take(const Submission& submission, const std::vector<std::string>& hashes,
                  const Reopening& reopening) {
        const std::string content = content_of(submission, hashes);
        if (auto known =
                row_where("id = ? AND content = ? AND purged_at IS NULL", submission.id, content))
            return {Receipt::Known, std::move(*known)};
        if (auto twin = row_where("content = ? AND purged_at IS NULL AND id <> ?", content,
                                  submission.id)) {
            log("received again", twin->key, "under another id");
            return {Receipt::Twin, std::move(*twin)};
        }
        if (auto occupied = occupied_by(submission, content, reopening))
            return std::move(*occupied);
        const auto same_id = row_where("id = ?", submission.id);
        const char* opened = reopening.adds ? "added to" : "opened again";
        const char* receipt = same_id ? opened : "received";
        if (same_id) keep_as_earlier(same_id->key);
        const std::int64_t key =
            write_submission(submission, content, hashes, same_id ? same_id->key : 0);
        run("UPDATE submissions SET receipt = ? WHERE key = ?", receipt, key);
        log(receipt, key, counted(hashes.size(), "file"));
        return {same_id ? Receipt::Reopened : Receipt::New, *row_where("key = ?", key)};
    }

    void keep_as_earlier(std::int64_t key) {
        run("INSERT INTO earlier (submission, content, account, receipt, received_at, replaced_at, "
            "purged_at) SELECT key, content, account, receipt, received_at, ?, purged_at "
            "FROM submissions WHERE key = ?",
            utc_now(), key);
        run("INSERT INTO earlier_files (earlier, position, name, sha256) SELECT ?, position, name, "
            "sha256 FROM files WHERE submission = ?",
            database_.getLastInsertRowid(), key);
    }

    // The organisation that officers know the case by stays until a report names one.
    std::int64_t write_submission(const Submission& submission, const std::string& content,
                                  const std::vector<std::string>& hashes, std::int64_t known_key) {
        const std::string account = account_json(submission);
        if (known_key == 0)
            run("INSERT INTO submissions (id, content, account, received_at) VALUES (?, ?, ?, ?)",
                submission.id, content, account, utc_now());
        else
            run("UPDATE submissions SET content = ?, account = ?, received_at = ?, purged_at = "
                "NULL, set_backs = 0 WHERE key = ?",
                content, account, utc_now(), known_key);
        const std::int64_t key = known_key == 0 ? database_.getLastInsertRowid() : known_key;
        run("INSERT INTO cases (submission, id, status, search, received_at) VALUES (?, ?, "
            "'received', ?, ?) ON CONFLICT DO UPDATE SET status = 'received', verdict = '', "
            "summary "
            "= '', received_at = excluded.received_at, decided_at = NULL, claimed_by = NULL, "
            "claimed_at = NULL",
            key, submission.id, folded_words(submission.id), utc_now());
        run("UPDATE reports SET content = 'purged ' || key WHERE submission = ? AND content = ? "
            "AND html IS NULL",
            key, content);  // the same content is checked anew
        run("DELETE FROM files WHERE submission = ?", key);
        for (std::size_t i = 0; i < hashes.size(); ++i)
            run("INSERT INTO files (submission, position, name, sha256) VALUES (?, ?, ?, ?)", key,
                static_cast<std::int64_t>(i), submission.files[i].name, hashes[i]);
        show(key);
        return key;
    }

    // Officers see the newest report of what was submitted last. What a person decided on the whole
    // stays.
    void show(std::int64_t key) {
        SQLite::Statement newest(
            database_,
            "SELECT s.id, r.verdict, r.summary, r.organisation, r.organisation_number FROM "
            "submissions s JOIN reports r ON r.submission = s.key AND r.content = "
            "s.content WHERE s.key = ? ORDER BY r.key DESC LIMIT 1");
        newest.bind(1, key);
        if (!newest.executeStep()) return;
        const std::string id = newest.getColumn(0), verdict = newest.getColumn(1),
                          organisation = newest.getColumn(3), number = newest.getColumn(4);
        const int names_nobody = organisation.empty() && number.empty() ? 1 : 0;
        // What an officer has touched is never called complete by the machine.
        SQLite::Statement touched(
            database_, "SELECT EXISTS (SELECT 1 FROM decisions_in_force d WHERE d.submission = ?)");
        touched.bind(1, key);
        touched.executeStep();
        const int is_touched = touched.getColumn(0),
                  is_complete = verdict == to_string(SubmissionVerdict::Complete) ? 1 : 0;
        run("UPDATE cases SET verdict = ?1, summary = ?2, organisation = CASE WHEN ?8 THEN "
            "organisation ELSE ?3 END, organisation_number = CASE WHEN ?8 THEN organisation_number "
            "ELSE ?4 END, search = CASE WHEN ?8 THEN search ELSE ?5 END, status = CASE WHEN "
            "decided_at IS NOT NULL THEN status WHEN ?6 THEN "
            "'complete' WHEN claimed_by IS NOT NULL OR ?7 THEN 'in_review' ELSE 'received' END "
            "WHERE submission = ?9",
            verdict, newest.getColumn(2).getString(), organisation, number,
            search_text(id, organisation, number), is_complete & ~is_touched, is_touched,
            names_nobody, key);
    }

    template <class... Values>
    std::vector<StoredSubmission> rows_where(const char* condition, const Values&... values) {
        SQLite::Statement query(
            database_,
            fmt::format("SELECT key, id, content, account, set_backs FROM submissions WHERE {}",
                        condition));
        bind_all(query, values...);
        std::vector<StoredSubmission> rows;
        while (query.executeStep()) {
            StoredSubmission& row = rows.emplace_back();
            row.key = query.getColumn(0).getInt64();
            row.content = query.getColumn(2).getString();
            row.set_backs = query.getColumn(4);
            row.submission.id = query.getColumn(1).getString();
            read_account_json(query.getColumn(3), row.submission);
            row.submission.earlier_organisation_number =
                earlier_organisation_number(database_, row.key, row.content);
            SQLite::Statement files(
                database_, "SELECT name, sha256 FROM files WHERE submission = ? ORDER BY position");
            files.bind(1, row.key);
            while (files.executeStep())
                row.submission.files.push_back(
                    {files.getColumn(0), originals_.path_of(files.getColumn(1))});
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
        report.html.assign(static_cast<const char*>(html.getBlob()),
                           static_cast<std::size_t>(html.getBytes()));
        report.csv_row = query.getColumn(4).getString();
        report.versions = {query.getColumn(5), query.getColumn(6), query.getColumn(7)};
        return report;
    }

    void purge_report(std::int64_t key, const std::string& id, const std::string& report_json,
                      const std::string& verdict) {
        Report line;
        line.id = id;
        line.verdict = verdict_from(verdict);
        run("UPDATE reports SET json = ?, html = NULL, csv_row = ?, organisation = '', "
            "organisation_number = '' WHERE key = ?",
            without_values(report_json), pipeline::csv_row(line), key);
    }

    void purge_submission(std::int64_t key, const std::string& id) {
        SQLite::Statement reports(database_,
                                  "SELECT key, json, verdict FROM reports WHERE submission = ?");
        reports.bind(1, key);
        while (reports.executeStep())
            purge_report(reports.getColumn(0).getInt64(), id, reports.getColumn(1),
                         reports.getColumn(2));
        run("UPDATE submissions SET purged_at = ?, account = json_set(account, '$.ignored', "
            "json('[]')) WHERE key = ?",
            utc_now(), key);
        run("UPDATE files SET name = 'fil ' || (position + 1) WHERE submission = ?", key);
        run("UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier IN (SELECT key "
            "FROM earlier WHERE submission = ?)",
            key);
        run("UPDATE earlier SET purged_at = coalesce(purged_at, ?), account = json_set(account, "
            "'$.ignored', json('[]')) WHERE submission = ?",
            utc_now(), key);
        run("UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
            "submission = ?",
            key);
        run("UPDATE letters SET text = NULL WHERE submission = ?", key);
        run("UPDATE cases SET organisation = '', organisation_number = '', search = ?, status = "
            "'closed', claimed_by = NULL WHERE submission = ?",
            folded_words(id), key);
        log("purged", key, "originals, pages, crops and values removed");
    }

    // What was received before `before` and replaced since, of submissions that stay; how many
    // contents.
    int purge_earlier(const std::string& before) {
        SQLite::Statement old(
            database_,
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
            rows.push_back({old.getColumn(0).getInt64(), old.getColumn(1).getInt64(),
                            old.getColumn(2), old.getColumn(3), old.getColumn(4)});
        for (const Row& row : rows) {
            run("UPDATE earlier SET purged_at = ?, account = json_set(account, '$.ignored', "
                "json('[]')) WHERE key = ?",
                utc_now(), row.key);
            run("UPDATE earlier_files SET name = 'fil ' || (position + 1) WHERE earlier = ?",
                row.key);
            purge_reports_of(row.submission, row.content, row.id);
            run("UPDATE letters SET text = NULL WHERE decision IN (SELECT key FROM decisions WHERE "
                "submission = ? AND content = ? AND at <= ?)",
                row.submission, row.content, row.replaced_at);
            run("UPDATE decisions SET old_value = NULL, new_value = NULL, found_value = NULL WHERE "
                "submission = ? AND content = ? AND at <= ?",
                row.submission, row.content, row.replaced_at);
            log("earlier purged", row.submission,
                "originals, pages, crops and values of what was replaced removed");
        }
        return static_cast<int>(rows.size());
    }

    // Unless the same content came again and is kept.
    void purge_reports_of(std::int64_t submission, const std::string& content,
                          const std::string& id) {
        SQLite::Statement reports(
            database_,
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

    std::mutex mutex_;
    SqliteFile connection_;
    SQLite::Database& database_ = connection_.database();
    const Originals originals_;
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const fs::path& file, bool create) {
    return std::make_unique<SqliteStore>(file, create);
}

}  // namespace avtalskoll::app
