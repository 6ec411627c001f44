// The store's database on one machine: a file of SQLite.
//
// WAL, every commit synced (synchronous=FULL), freed pages overwritten, foreign keys checked.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/store/sql_database.h"
#include "app/store/utc_time.h"

namespace avtalskoll::app {

template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
    int place = 0;
    (statement.bind(++place, values), ...);
}

class SqliteDatabase final : public SqlDatabase {
public:
    // Opens `file`, or makes it when `create` is set, and takes its schema to the newest step.
    // `patience_ms`: how long another writer is waited for. Throws Error{Io}.
    SqliteDatabase(const std::filesystem::path& file, bool create, int patience_ms);

    SqlEngine engine() const override { return SqlEngine::Sqlite; }
    const std::string& name() const override { return name_; }
    SqlRows query(const std::string& sql, const std::vector<SqlValue>& values) override;
    std::int64_t execute(const std::string& sql, const std::vector<SqlValue>& values) override;
    void begin(SqlScope scope) override;
    void commit() override;
    void roll_back() noexcept override;
    void lock_submission(std::int64_t) override {}  // one writer at a time there is anyway
    std::string now() override { return utc_now(); }
    std::string ago(std::chrono::seconds past) override { return utc_ago(past); }
    std::vector<std::string> faults() override;
    void forget_deleted() override;
    std::vector<std::string> columns_of(const std::string& table) override;

private:
    // Turns what the library throws into Error{Io} that says what to do.
    template <class Work>
    auto translated(Work work) const -> decltype(work()) try {
        return work();
    } catch (const SQLite::Exception& e) {
        refuse(e);
    }
    [[noreturn]] void refuse(const SQLite::Exception& why) const;
    void enter_wal();
    void migrate();

    const std::string name_;
    const int patience_ms_;
    SQLite::Database database_;
    std::unique_ptr<SQLite::Transaction> transaction_;
};

}  // namespace avtalskoll::app
