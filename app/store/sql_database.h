// A connection to the store's database, whatever engine serves it, and a pool of them.
//
// The store's SQL is written once, in what SQLite 3.40 and PostgreSQL 15 share: parameters are $1,
// $2 ... in their order, times are text, a new row's key comes by RETURNING. The few statements
// that differ ask for engine().
//
// A connection is for one thread at a time. Everything throws Error{Io}, naming the store and what
// to do. A connection that the server closed is opened again by the next statement outside of a
// transaction, or by the next transaction.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "app/store/store_place.h"

namespace avtalskoll::app {

struct AuditEvent;
struct QueuedWork;

struct SqlBytes {
    std::string bytes;
    bool operator==(const SqlBytes&) const = default;
};

// The first: NULL.
using SqlValue = std::variant<std::monostate, std::int64_t, std::string, SqlBytes>;

inline SqlValue sql_value(SqlBytes value) { return value; }
inline SqlValue sql_value(std::string value) { return value; }
inline SqlValue sql_value(const char* value) { return std::string(value); }
template <class Number>
requires std::is_integral_v<Number> SqlValue sql_value(Number value) {
    return static_cast<std::int64_t>(value);
}
template <class Value>
SqlValue sql_value(const std::optional<Value>& value) {
    return value ? sql_value(*value) : SqlValue();
}

// A row of an answer; columns count from 0. NULL is the empty text, and 0.
class SqlRow {
public:
    explicit SqlRow(std::vector<SqlValue> values) : values_(std::move(values)) {}

    std::string text(std::size_t column) const;
    std::int64_t number(std::size_t column) const;
    bool truth(std::size_t column) const;
    bool is_null(std::size_t column) const;
    const std::vector<SqlValue>& values() const { return values_; }

private:
    std::vector<SqlValue> values_;
};
using SqlRows = std::vector<SqlRow>;

enum class SqlEngine { Sqlite, Postgresql };

// What a transaction is for, and so whom it keeps out.
enum class SqlScope {
    Reading,        // one view of the store
    OneSubmission,  // writes to what belongs to one submission, after lock_submission()
    Everything,     // writes anywhere: nobody else writes meanwhile
};

class SqlDatabase {
public:
    SqlDatabase() = default;
    SqlDatabase(const SqlDatabase&) = delete;
    SqlDatabase& operator=(const SqlDatabase&) = delete;
    virtual ~SqlDatabase() = default;

    virtual SqlEngine engine() const = 0;
    // As errors name the store. Holds no password.
    virtual const std::string& name() const = 0;

    virtual SqlRows query(const std::string& sql, const std::vector<SqlValue>& values) = 0;
    // Gives how many rows changed.
    virtual std::int64_t execute(const std::string& sql, const std::vector<SqlValue>& values) = 0;

    // Used by SqlTransaction.
    virtual void begin(SqlScope scope) = 0;
    virtual void commit() = 0;
    virtual void roll_back() noexcept = 0;

    // Other transactions that lock this submission wait until this one ends.
    virtual void lock_submission(std::int64_t key) = 0;

    // The database's clock: ISO 8601, UTC. Machines whose clocks differ agree on it.
    virtual std::string now() = 0;
    virtual std::string ago(std::chrono::seconds past) = 0;

    // What is wrong with the database itself. Reads all of it.
    virtual std::vector<std::string> faults() = 0;
    // Makes room of deleted rows, as far as the engine does at once. Outside of a transaction.
    virtual void forget_deleted() = 0;
    virtual std::vector<std::string> columns_of(const std::string& table) = 0;

    template <class... Values>
    SqlRows rows(const std::string& sql, const Values&... values) {
        return query(sql, {sql_value(values)...});
    }
    // The first.
    template <class... Values>
    std::optional<SqlRow> row(const std::string& sql, const Values&... values) {
        SqlRows found = query(sql, {sql_value(values)...});
        return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
    }
    template <class... Values>
    std::int64_t run(const std::string& sql, const Values&... values) {
        return execute(sql, {sql_value(values)...});
    }

    // Adds a line to the audit log (app/store/audit_rows.h).
    void log(const std::string& actor, std::int64_t submission, const AuditEvent& event);

    // Turns what else is thrown beside the database, of files and of JSON, into Error{Io}.
    template <class Work>
    auto guarded(Work work) const -> decltype(work()) try {
        return work();
    } catch (...) {
        rethrow();
    }

private:
    [[noreturn]] void rethrow() const;
};

// Rolled back unless committed.
class SqlTransaction {
public:
    // `database` must outlive this.
    SqlTransaction(SqlDatabase& database, SqlScope scope) : database_(database) {
        database_.begin(scope);
    }
    // Of what belongs to one submission.
    SqlTransaction(SqlDatabase& database, std::int64_t submission)
        : SqlTransaction(database, SqlScope::OneSubmission) {
        database_.lock_submission(submission);
    }
    ~SqlTransaction() {
        if (!ended_) database_.roll_back();
    }
    SqlTransaction(const SqlTransaction&) = delete;
    SqlTransaction& operator=(const SqlTransaction&) = delete;

    void commit() {
        ended_ = true;
        database_.commit();
    }

private:
    SqlDatabase& database_;
    bool ended_ = false;
};

// Connections that many threads share.
class SqlPool {
public:
    using Opening = std::function<std::unique_ptr<SqlDatabase>()>;
    SqlPool(const Opening& open, int connections);

    // `work` with a connection of its own, errors as in SqlDatabase::guarded().
    template <class Work>
    auto with(Work work) -> decltype(work(std::declval<SqlDatabase&>())) {
        const Lent lent(*this);
        return lent.database->guarded([&] { return work(*lent.database); });
    }

private:
    struct Lent {
        explicit Lent(SqlPool& of) : pool(of), database(of.take()) {}
        ~Lent() { pool.give_back(database); }
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        SqlPool& pool;
        SqlDatabase* database;
    };
    SqlDatabase* take();
    void give_back(SqlDatabase* database);

    std::vector<std::unique_ptr<SqlDatabase>> all_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<SqlDatabase*> free_;
};

// Opens the database of a store, or makes it when `create` is set, and takes its schema to the
// newest step. `patience_ms`: how long another writer is waited for.
std::unique_ptr<SqlDatabase> open_database(const StorePlace& place, bool create, int patience_ms);

// Notes work for the queue. To be called within a transaction.
void enqueue(SqlDatabase& database, const QueuedWork& work);
// Notes what waits for a report and is neither noted already nor dead: one submission, or all that
// do. Gives how many.
std::int64_t enqueue_waiting(SqlDatabase& database, std::optional<std::int64_t> only);

// The user that runs this process, as the audit log names it.
std::string user_name();

}  // namespace avtalskoll::app
