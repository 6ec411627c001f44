// What waits, leases and dead letters, in SQL.
#include <fmt/format.h>

#include "app/store/sql_database.h"
#include "app/store/stored_reports.h"
#include "app/store/stored_submissions.h"
#include "app/store/utc_time.h"
#include "app/store/work_store.h"

namespace avtalskoll::app {
namespace {

constexpr std::chrono::seconds kSendingSeconds{60};

// Submissions that wait for a report with any versions; `s` is submissions.
constexpr const char* kWaits =
    "s.purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.submission = s.key AND "
    "r.content = s.content)";

constexpr const char* kIsNotDead =
    "NOT EXISTS (SELECT 1 FROM dead_letters d WHERE d.submission = s.key AND d.content = "
    "s.content)";

class SqlWorkStore final : public WorkStore {
public:
    SqlWorkStore(const StorePlace& place, int connections)
        : pool_([&] { return open_database(place, false, kPatienceMs); }, connections),
          originals_(place.originals_folder()) {}

    std::vector<OutboxRow> take_unsent(std::size_t most) override;
    void note_sent(const std::vector<OutboxRow>& rows) override;
    void give_back(const std::vector<OutboxRow>& rows) override;
    int tries(const QueuedWork& work) override;
    Lease lease(const QueuedWork& work, const EngineVersions& versions,
                const std::string& holder) override;
    bool renew(const Lease& lease) override;
    Handing finish(const Lease& lease, const FinishedReport& report) override;
    void release(const Lease& lease) override;
    bool bury(const QueuedWork& work, bool refused, const std::string& reason) override;
    std::vector<DeadLetter> dead_letters() override;
    bool retry(std::int64_t dead_letter, const std::string& who) override;
    std::int64_t enqueue_waiting() override;
    WorkState state() override;

private:
    static constexpr int kPatienceMs = 10'000;

    SqlPool pool_;
    const Originals originals_;
};

// `from`: when it may be sent.
void enqueue_from(SqlDatabase& database, const QueuedWork& work, const std::string& from) {
    database.run(
        "INSERT INTO outbox (submission, content, at, taken_until) VALUES ($1, $2, $3, $4)",
        work.submission, work.content, database.now(), from);
}

// True while the lease is the newest one. To be called within a transaction of its submission.
bool is_current(SqlDatabase& database, const Lease& lease) {
    return database
        .row("SELECT 1 FROM leases WHERE submission = $1 AND token = $2", lease.stored.key,
             lease.token)
        .has_value();
}

std::vector<OutboxRow> SqlWorkStore::take_unsent(std::size_t most) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::OneSubmission);
        // Rows that another sender takes at this moment are left to it.
        const char* const skipping =
            database.engine() == SqlEngine::Postgresql ? "FOR UPDATE SKIP LOCKED" : "";
        std::vector<OutboxRow> taken;
        for (const SqlRow& row :
             database.rows(fmt::format("UPDATE outbox SET taken_until = $1 WHERE key IN (SELECT "
                                       "key FROM outbox WHERE taken_until < $2 ORDER BY key LIMIT "
                                       "{} {}) RETURNING key, submission, content",
                                       most, skipping),
                           database.ago(-kSendingSeconds), database.now()))
            taken.push_back({row.number(0), {row.number(1), row.text(2)}});
        transaction.commit();
        return taken;
    });
}

void SqlWorkStore::note_sent(const std::vector<OutboxRow>& rows) {
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::OneSubmission);
        for (const OutboxRow& row : rows)
            database.run("DELETE FROM outbox WHERE key = $1", row.key);
        transaction.commit();
    });
}

void SqlWorkStore::give_back(const std::vector<OutboxRow>& rows) {
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::OneSubmission);
        for (const OutboxRow& row : rows)
            database.run("UPDATE outbox SET taken_until = '' WHERE key = $1", row.key);
        transaction.commit();
    });
}

int SqlWorkStore::tries(const QueuedWork& work) {
    return pool_.with([&](SqlDatabase& database) {
        const auto row =
            database.row("SELECT tries FROM leases WHERE submission = $1", work.submission);
        return row ? static_cast<int>(row->number(0)) : 0;
    });
}

Lease SqlWorkStore::lease(const QueuedWork& work, const EngineVersions& versions,
                          const std::string& holder) {
    return pool_.with([&](SqlDatabase& database) -> Lease {
        SqlTransaction transaction(database, work.submission);
        auto stored = StoredSubmissions(database, originals_)
                          .one_where("key = $1 AND content = $2 AND purged_at IS NULL",
                                     work.submission, work.content);
        if (!stored) return {LeaseAnswer::Gone};
        if (StoredReports(database).of(*stored, versions)) return {LeaseAnswer::Done};
        const auto held = database.row(
            "SELECT token, holder, until > $2, tries, until FROM leases WHERE submission = $1",
            work.submission, database.now());
        if (held && held->truth(2) && held->text(1) != holder) {
            enqueue_from(database, work, held->text(4));
            transaction.commit();
            return {LeaseAnswer::Held};
        }
        if (held && held->number(3) >= kMostTries) return {LeaseAnswer::Exhausted};
        const std::int64_t token = held ? held->number(0) + 1 : 1;
        database.run(
            "INSERT INTO leases (submission, token, holder, until, tries) VALUES ($1, $2, $3, $4, "
            "1) ON CONFLICT (submission) DO UPDATE SET token = excluded.token, holder = "
            "excluded.holder, until = excluded.until, tries = leases.tries + CASE WHEN "
            "leases.holder = excluded.holder THEN 0 ELSE 1 END",
            work.submission, token, holder, database.ago(-kLeaseSeconds));
        transaction.commit();
        return {LeaseAnswer::Leased, std::move(*stored), token};
    });
}

bool SqlWorkStore::renew(const Lease& lease) {
    return pool_.with([&](SqlDatabase& database) {
        return database.run("UPDATE leases SET until = $1 WHERE submission = $2 AND token = $3",
                            database.ago(-kLeaseSeconds), lease.stored.key, lease.token) > 0;
    });
}

Handing SqlWorkStore::finish(const Lease& lease, const FinishedReport& report) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, lease.stored.key);
        if (!is_current(database, lease)) return Handing::Stale;
        const bool is_new = StoredReports(database).keep(lease.stored, report);
        database.run("UPDATE leases SET until = '', holder = '', tries = 0 WHERE submission = $1",
                     lease.stored.key);
        database.run("DELETE FROM dead_letters WHERE submission = $1", lease.stored.key);
        transaction.commit();
        return is_new ? Handing::Kept : Handing::Known;
    });
}

void SqlWorkStore::release(const Lease& lease) {
    pool_.with([&](SqlDatabase& database) {
        database.run(
            "UPDATE leases SET until = '', holder = '', tries = tries - 1 WHERE submission = $1 "
            "AND "
            "token = $2",
            lease.stored.key, lease.token);
    });
}

bool SqlWorkStore::bury(const QueuedWork& work, bool refused, const std::string& reason) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, work.submission);
        const auto waits = database.row(
            fmt::format("SELECT coalesce((SELECT tries FROM leases WHERE submission = s.key), 0) "
                        "FROM submissions s WHERE s.key = $1 AND s.content = $2 AND {}",
                        kWaits),
            work.submission, work.content);
        if (!waits) return false;
        const std::int64_t tries = waits->number(0);
        const bool is_dead = refused || tries >= kMostTries;
        if (!is_dead) {
            enqueue(database, work);
        } else if (database.run("INSERT INTO dead_letters (submission, content, tries, reason, at) "
                                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                                work.submission, work.content, tries, reason, database.now()) > 0) {
            database.log(user_name(), work.submission, {.action = AuditAction::GivenUp});
        }
        transaction.commit();
        return is_dead;
    });
}

std::vector<DeadLetter> SqlWorkStore::dead_letters() {
    return pool_.with([](SqlDatabase& database) {
        std::vector<DeadLetter> letters;
        for (const SqlRow& row :
             database.rows("SELECT d.key, s.id, d.submission, d.content, d.tries, d.reason, d.at "
                           "FROM dead_letters d JOIN submissions s ON s.key = d.submission ORDER "
                           "BY d.key"))
            letters.push_back({row.number(0),
                               row.text(1),
                               {row.number(2), row.text(3)},
                               static_cast<int>(row.number(4)),
                               row.text(5),
                               row.text(6)});
        return letters;
    });
}

bool SqlWorkStore::retry(std::int64_t dead_letter, const std::string& who) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::OneSubmission);
        const auto row = database.row(
            "DELETE FROM dead_letters WHERE key = $1 RETURNING submission, content", dead_letter);
        if (!row) return false;
        enqueue(database, {row->number(0), row->text(1)});
        database.run("UPDATE leases SET tries = 0, holder = '' WHERE submission = $1",
                     row->number(0));
        database.log(who, row->number(0), {.action = AuditAction::TriedAgain});
        transaction.commit();
        return true;
    });
}

std::int64_t SqlWorkStore::enqueue_waiting() {
    return pool_.with([](SqlDatabase& database) {
        return avtalskoll::app::enqueue_waiting(database, std::nullopt);
    });
}

WorkState SqlWorkStore::state() {
    return pool_.with([](SqlDatabase& database) {
        const auto row = database.row(fmt::format(
            "SELECT count(*), coalesce(min(s.received_at), ''), (SELECT count(*) FROM outbox), "
            "(SELECT count(*) FROM dead_letters) FROM submissions s WHERE {} AND {}",
            kWaits, kIsNotDead));
        WorkState state{row->number(0), row->number(2), row->number(3), row->text(1), 0};
        if (!state.oldest_waiting.empty())
            state.oldest_seconds =
                seconds_of_utc(database.now()) - seconds_of_utc(state.oldest_waiting);
        return state;
    });
}

}  // namespace

void enqueue(SqlDatabase& database, const QueuedWork& work) { enqueue_from(database, work, ""); }

std::int64_t enqueue_waiting(SqlDatabase& database, std::optional<std::int64_t> only) {
    std::string sql = fmt::format(
        "INSERT INTO outbox (submission, content, at) SELECT s.key, s.content, $1 FROM submissions "
        "s WHERE {} AND {} AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.submission = s.key)",
        kWaits, kIsNotDead);
    std::vector<SqlValue> values{database.now()};
    if (only) {
        sql += " AND s.key = $2";
        values.emplace_back(*only);
    }
    return database.execute(sql, values);
}

std::unique_ptr<WorkStore> open_work_store(const StorePlace& place, int connections) {
    return std::make_unique<SqlWorkStore>(place, connections);
}

}  // namespace avtalskoll::app
