// The store's database on a server: PostgreSQL 15 or later.
//
// Every commit is on the server's disk. Of transactions that write, those with
// SqlScope::Everything keep out all others by an advisory lock; those of one submission keep out
// each other by its row.
#pragma once
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "app/store/sql_database.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

class PostgresqlDatabase final : public SqlDatabase {
public:
    // The database's URL is as libpq reads it; what it lacks, the password above all, comes from
    // libpq's environment and password file. Makes the tables when there are none and `create` is
    // set, and takes the schema to the newest step. `patience_ms`: how long another writer is
    // waited for. Throws Error{Io}.
    PostgresqlDatabase(const StorePlace& place, bool create, int patience_ms);
    ~PostgresqlDatabase() override;

    SqlEngine engine() const override { return SqlEngine::Postgresql; }
    const std::string& name() const override { return name_; }
    SqlRows query(const std::string& sql, const std::vector<SqlValue>& values) override;
    std::int64_t execute(const std::string& sql, const std::vector<SqlValue>& values) override;
    void begin(SqlScope scope) override;
    void commit() override;
    void roll_back() noexcept override;
    void lock_submission(std::int64_t key) override;
    std::string now() override { return ago(std::chrono::seconds(0)); }
    std::string ago(std::chrono::seconds past) override;
    std::vector<std::string> faults() override;
    void forget_deleted() override;
    std::vector<std::string> columns_of(const std::string& table) override;

private:
    struct Connection;  // libpqxx's

    // The server's clock, as it was asked last.
    struct Clock {
        std::time_t seconds = 0;
        std::chrono::steady_clock::time_point asked;
        bool is_set = false;
    };

    template <class Work>
    auto translated(Work work) -> decltype(work());
    [[noreturn]] void refuse();
    void connect();
    void migrate(bool create);

    const std::string url_, name_;
    const int patience_ms_;
    std::unique_ptr<Connection> connection_;
    Clock clock_;
};

}  // namespace avtalskoll::app
