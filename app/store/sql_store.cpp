// The store: rows in a database, originals beside it by SHA-256.
#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>

#include "app/store/audit_rows.h"
#include "app/store/earlier.h"
#include "app/store/joined_files.h"
#include "app/store/originals.h"
#include "app/store/purge.h"
#include "app/store/sql_database.h"
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

class SqlStore final : public Store {
    static constexpr int kPatienceMs = 30'000;

public:
    SqlStore(const StorePlace& place, bool create)
        : connection_(open_database(place, create, kPatienceMs)),
          originals_(place.originals_folder()),
          intake_(database_, submissions_, reports_, place.queued) {}

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
        database_.guarded([&] {  // before the lock, which others wait for
            for (const SubmittedFile& file : submission.files)
                hashes.push_back(originals_.keep(file.path));
        });
        return locked([&] {
            SqlTransaction transaction(database_, SqlScope::Everything);
            for (std::size_t i = 0; i < hashes.size(); ++i)  // a purge may have come between
                if (!hashes[i].empty() && !fs::exists(originals_.path_of(hashes[i])))
                    hashes[i] = originals_.keep(submission.files[i].path);
            Received received = intake_.take(submission, hashes, reopening);
            if (!inbox_state.empty() && received.receipt != Receipt::Occupied)
                database_.run("INSERT INTO inbox (state) VALUES ($1) ON CONFLICT DO NOTHING",
                              inbox_state);
            transaction.commit();
            return received;
        });
    }

    Received complete(const Submission& added, const std::string& inbox_state) override {
        for (;;) {
            const auto there = locked(
                [&] { return submissions_.one_where("id = $1 AND purged_at IS NULL", added.id); });
            Received received = there ? receive(joined(there->submission, added), inbox_state,
                                                {.seen = there->content, .adds = true})
                                      : receive(added, inbox_state, {.seen = ""});
            if (received.receipt == Receipt::Occupied && received.purged)
                received = receive(added, inbox_state, {.seen = received.stored.content});
            // Somebody else was quicker; with what is there by now, once more.
            if (received.receipt != Receipt::Occupied) return received;
        }
    }

    bool has_taken(const std::string& inbox_state) override {
        return locked([&] {
            return database_.row("SELECT 1 FROM inbox WHERE state = $1", inbox_state).has_value();
        });
    }

    std::optional<FinishedReport> report_of(const StoredSubmission& stored,
                                            const EngineVersions& versions) override {
        return locked([&] { return reports_.of(stored, versions); });
    }

    bool finish(const StoredSubmission& stored, const FinishedReport& report) override {
        return locked([&] {
            SqlTransaction transaction(database_, stored.key);
            const bool is_new = reports_.keep(stored, report);
            if (is_new) transaction.commit();
            return is_new;
        });
    }

    std::vector<StoredSubmission> waiting(std::size_t most) override {
        return locked([&] {
            return submissions_.where(
                "purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.submission = "
                "submissions.key AND r.content = submissions.content) ORDER BY key LIMIT $1",
                static_cast<std::int64_t>(most));
        });
    }

    void note_crash(std::int64_t key) override {
        locked([&] {
            SqlTransaction transaction(database_, key);
            database_.run("UPDATE submissions SET set_backs = set_backs + 1 WHERE key = $1", key);
            database_.log(user_name(), key, {.action = AuditAction::Crashed});
            transaction.commit();
        });
    }

    std::vector<SubmissionLine> list(const std::string& verdict) override {
        return locked([&] {
            std::vector<SubmissionLine> lines;
            for (const SqlRow& row : database_.rows(R"sql(
SELECT s.id, s.received_at, coalesce(r.made_at, ''), coalesce(r.verdict, ''),
    coalesce(r.summary, ''), (SELECT count(*) FROM files f WHERE f.submission = s.key),
    s.purged_at IS NOT NULL
FROM submissions s LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports
    WHERE submission = s.key AND content = s.content)
WHERE $1 = '' OR r.verdict = $1 ORDER BY s.key)sql",
                                                    verdict))
                lines.push_back({row.text(0), row.text(1), row.text(2), row.text(3),
                                 parse_lacks(row.text(4)), static_cast<int>(row.number(5)),
                                 row.truth(6)});
            return lines;
        });
    }

    std::optional<StoredSubmission> find(const std::string& id) override {
        return locked([&] { return submissions_.one_where("id = $1", id); });
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
            const std::string lines =
                std::string(kAuditLines) + (id.empty() ? "" : " WHERE s.id = $1");
            std::vector<SqlValue> values;
            if (!id.empty()) values.emplace_back(id);
            return audit_lines(database_.query(lines + " ORDER BY a.key", values));
        });
    }

    Purged purge(int days) override {
        return locked([&] { return Purge(database_, originals_, submissions_).run(days); });
    }

    std::vector<std::string> faults() override {
        return locked([&] {
            std::vector<std::string> found = database_.faults();
            for (const SqlRow& row : database_.rows(fmt::format(
                     "SELECT DISTINCT sha256 FROM ({}) k WHERE sha256 <> ''", kKeptFiles)))
                if (const std::string sha = row.text(0);
                    pipeline::sha256_of(originals_.path_of(sha)) != sha)
                    found.push_back(fmt::format("original {} is lost or changed", sha));
            add_torn_reports(found);
            return found;
        });
    }

private:
    // A few at a time: together they may be larger than the memory.
    void add_torn_reports(std::vector<std::string>& found) {
        std::int64_t last = 0;
        for (SqlRows some; !(some = database_.rows("SELECT key, json FROM reports WHERE key > $1 "
                                                   "ORDER BY key LIMIT 100",
                                                   last))
                                .empty();
             last = some.back().number(0))
            for (const SqlRow& row : some)
                if (json::parse(row.text(1), nullptr, false).is_discarded())
                    found.push_back(fmt::format("report {} is torn", row.number(0)));
    }

    // Runs `work` alone on the connection, with errors in the program's own words.
    template <class Work>
    auto locked(Work work) -> decltype(work()) {
        return database_.guarded([&] {
            const std::lock_guard lock(mutex_);
            return work();
        });
    }

    std::mutex mutex_;
    const std::unique_ptr<SqlDatabase> connection_;
    SqlDatabase& database_ = *connection_;
    const Originals originals_;
    StoredSubmissions submissions_{database_, originals_};
    StoredReports reports_{database_};
    SubmissionIntake intake_;
};

}  // namespace

std::unique_ptr<Store> open_store(const StorePlace& place, bool create) {
    return std::make_unique<SqlStore>(place, create);
}

}  // namespace avtalskoll::app
