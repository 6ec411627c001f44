// The store on one machine: SQLite in WAL mode, every commit synced (synchronous=FULL), originals
// beside it by SHA-256.
#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "app/store/audit_rows.h"
#include "app/store/earlier.h"
#include "app/store/originals.h"
#include "app/store/purge.h"
#include "app/store/sqlite_file.h"
#include "app/store/store.h"
#include "app/store/stored_json.h"
#include "app/store/stored_reports.h"
#include "app/store/stored_submissions.h"
#include "app/store/submission_intake.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::vector<std::string> hashes_of(const Submission& submission) {
    std::vector<std::string> hashes;
    for (const SubmittedFile& file : submission.files)
        hashes.push_back(pipeline::sha256_of(file.path));
    return hashes;
}

class SqliteStore final : public Store {
public:
    SqliteStore(const fs::path& file, bool create)
        : connection_(file, create, 30'000), originals_(file.string() + ".files") {}

    Received receive(const Submission& submission, const std::string& inbox_state,
                     const Reopening& reopening) override {
        // Asked before anything is copied: what waits for an answer may never be taken in.
        if (reopening.seen)
            if (auto occupied = locked([&] {
                    return intake_.occupied_by(
                        submission, content_of(submission, hashes_of(submission)), reopening);
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
            Received received = intake_.take(submission, hashes, reopening);
            if (!inbox_state.empty())
                connection_.run("INSERT OR IGNORE INTO inbox (state) VALUES (?)", inbox_state);
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
        return locked([&] { return reports_.of(stored, versions); });
    }

    bool finish(const StoredSubmission& stored, const FinishedReport& report) override {
        return locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            const bool is_new = reports_.keep(stored, report);
            if (is_new) transaction.commit();
            return is_new;
        });
    }

    std::vector<StoredSubmission> waiting(std::size_t most) override {
        return locked([&] {
            return submissions_.where(
                "purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.submission = "
                "submissions.key AND r.content = submissions.content) ORDER BY key LIMIT ?",
                static_cast<std::int64_t>(most));
        });
    }

    void note_crash(std::int64_t key) override {
        locked([&] {
            SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::IMMEDIATE);
            connection_.run("UPDATE submissions SET set_backs = set_backs + 1 WHERE key = ?", key);
            connection_.log(user_name(), key, {.action = AuditAction::Crashed});
            transaction.commit();
        });
    }

    std::vector<SubmissionLine> list(const std::string& verdict) override {
        return locked([&] {
            SQLite::Statement query(database_, R"sql(
SELECT s.id, s.received_at, coalesce(r.made_at, ''), coalesce(r.verdict, ''),
    coalesce(r.summary, ''), (SELECT count(*) FROM files f WHERE f.submission = s.key),
    s.purged_at IS NOT NULL
FROM submissions s LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports
    WHERE submission = s.key AND content = s.content)
WHERE ?1 = '' OR r.verdict = ?1 ORDER BY s.key)sql");
            query.bind(1, verdict);
            std::vector<SubmissionLine> lines;
            while (query.executeStep())
                lines.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2),
                                 query.getColumn(3), parse_lacks(query.getColumn(4).getString()),
                                 query.getColumn(5), query.getColumn(6).getInt() != 0});
            return lines;
        });
    }

    std::optional<StoredSubmission> find(const std::string& id) override {
        return locked([&] { return submissions_.one_where("id = ?", id); });
    }

    std::optional<FinishedReport> latest_report(const std::string& id) override {
        return locked([&] { return reports_.latest(id); });
    }

    std::optional<FinishedReport> report(std::int64_t key) override {
        return locked([&] { return reports_.with_key(key); });
    }

    std::vector<EarlierContent> earlier(const std::string& id) override {
        return locked(
            [&] { return earlier_contents(database_, originals_, submissions_.key_of(id)); });
    }

    std::vector<SetAsideReport> set_aside(const std::string& id) override {
        return locked([&] { return set_aside_reports(database_, submissions_.key_of(id)); });
    }

    std::vector<AuditLine> audit(const std::string& id) override {
        return locked([&] {
            SQLite::Statement query(
                database_, fmt::format("SELECT {} FROM audit a LEFT JOIN submissions s ON s.key = "
                                       "a.submission WHERE ?1 = '' OR s.id = ?1 ORDER BY a.key",
                                       kAuditColumns));
            query.bind(1, id);
            return audit_lines(query);
        });
    }

    Purged purge(int days) override {
        return locked([&] { return Purge(connection_, originals_, submissions_).run(days); });
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
    // Runs `work` alone on the connection, with errors in the program's own words.
    template <class Work>
    auto locked(Work work) -> decltype(work()) {
        return connection_.guarded([&] {
            const std::lock_guard lock(mutex_);
            return work();
        });
    }

    std::mutex mutex_;
    SqliteFile connection_;
    SQLite::Database& database_ = connection_.database();
    const Originals originals_;
    StoredSubmissions submissions_{database_, originals_};
    StoredReports reports_{connection_};
    SubmissionIntake intake_{connection_, submissions_, reports_};
};

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const fs::path& file, bool create) {
    return std::make_unique<SqliteStore>(file, create);
}

std::vector<std::filesystem::path> files_of_store(const std::filesystem::path& store) {
    std::vector<std::filesystem::path> files;
    if (store.empty()) return files;
    for (const char* ending : {"", "-wal", "-shm", "-journal", ".files", ".crashes", ".uploads"})
        files.emplace_back(store.string() + ending);
    return files;
}

}  // namespace avtalskoll::app
