// The store's database file: opening it with the newest schema, connections for one thread or many,
// and errors in the program's own words.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/store/utc_time.h"

namespace avtalskoll::app {

struct AuditEvent;

// The user that runs this process, as the audit log names it.
std::string user_name();

template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
    int place = 0;
    (statement.bind(++place, values), ...);
}

// One connection: WAL, every commit synced (synchronous=FULL), freed pages overwritten, foreign
// keys checked. For one thread at a time.
class SqliteFile {
public:
    // Opens `file`, or makes it when `create` is set, and takes its schema to the newest step.
    // `patience_ms`: how long another writer is waited for. Throws Error{Io}.
    SqliteFile(std::filesystem::path file, bool create, int patience_ms);

    SQLite::Database& database() { return database_; }

    template <class... Values>
    void run(const char* sql, const Values&... values) {
        SQLite::Statement statement(database_, sql);
        bind_all(statement, values...);
        statement.exec();
    }

    // Adds a line to the audit log (app/store/audit_rows.h).
    void log(const std::string& actor, std::int64_t submission, const AuditEvent& event);

    // Turns what the libraries throw into Error{Io} that says what to do.
    template <class Work>
    auto guarded(Work work) const -> decltype(work()) try {
        return work();
    } catch (...) {
        rethrow();
    }

private:
    [[noreturn]] void rethrow() const;
    void enter_wal();
    void migrate();

    const std::filesystem::path file_;
    const int patience_ms_;
    SQLite::Database database_;
};

// Connections that many threads share.
class SqlitePool {
public:
    SqlitePool(const std::filesystem::path& file, int connections, int patience_ms);

    // `work` with a connection of its own, errors as in SqliteFile::guarded().
    template <class Work>
    auto with(Work work) -> decltype(work(std::declval<SqliteFile&>())) {
        const Lent lent(*this);
        return lent.file->guarded([&] { return work(*lent.file); });
    }

private:
    struct Lent {
        explicit Lent(SqlitePool& of) : pool(of), file(of.take()) {}
        ~Lent() { pool.give_back(file); }
        Lent(const Lent&) = delete;
        Lent& operator=(const Lent&) = delete;
        SqlitePool& pool;
        SqliteFile* file;
    };
    SqliteFile* take();
    void give_back(SqliteFile* file);

    std::vector<std::unique_ptr<SqliteFile>> all_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<SqliteFile*> free_;
};

}  // namespace avtalskoll::app
