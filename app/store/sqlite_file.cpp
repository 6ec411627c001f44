#include "app/store/sqlite_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/store/audit_rows.h"
#include "app/store/schema.h"
#include "app/store/store_migration.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

SQLite::Database opened(const fs::path& file, bool create) try {
    if (create && file.has_parent_path()) fs::create_directories(file.parent_path());
    if (!create && !fs::exists(file))
        throw Error(
            ErrorKind::Io,
            fmt::format(
                "{}: there is no store; 'check --store', 'watch', 'serve' and 'user add' make one",
                file.string()));
    if (create)
        // SQLite gives its other files the same mode.
        ::close(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    return SQLite::Database(file.string(), SQLite::OPEN_READWRITE);
} catch (const SQLite::Exception& e) {
    throw Error(ErrorKind::Io,
                fmt::format("{}: the store cannot be opened: {}", file.string(), e.what()));
}

}  // namespace

std::string user_name() { return fmt::format("uid {}", ::getuid()); }

SqliteFile::SqliteFile(fs::path file, bool create, int patience_ms)
    : file_(std::move(file)), patience_ms_(patience_ms), database_(opened(file_, create)) {
    guarded([&] {
        database_.setBusyTimeout(patience_ms);
        enter_wal();
        database_.exec("PRAGMA synchronous=FULL");
        database_.exec("PRAGMA foreign_keys=ON");
        database_.exec("PRAGMA secure_delete=ON");  // purged data is gone from the file, too
        migrate();
    });
}

// SQLite does not wait when two connections make this change to a new file at the same time: one of
// them fails at once, because the file is busy.
void SqliteFile::enter_wal() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms_);
    for (;;) {
        try {
            database_.exec("PRAGMA journal_mode=WAL");
            return;
        } catch (const SQLite::Exception& e) {
            if (e.getErrorCode() != SQLITE_BUSY || std::chrono::steady_clock::now() > until) throw;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void SqliteFile::migrate() {
    const int taken = database_.execAndGet("PRAGMA user_version");
    if (taken > static_cast<int>(kSchemaSteps.size()))
        throw Error(ErrorKind::Io,
                    fmt::format("{}: was made by a later version of this program; update it",
                                file_.string()));
    for (auto step = static_cast<std::size_t>(taken); step < kSchemaSteps.size(); ++step) {
        SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::EXCLUSIVE);
        if (database_.execAndGet("PRAGMA user_version").getInt() > static_cast<int>(step))
            continue;  // another process was quicker
        database_.exec(kSchemaSteps.at(step));
        if (step + 1 == kStepWithEarlierContents) migrate_to_earlier_contents(database_, file_);
        if (step + 1 == kStepWithAuditColumns) move_audit_words_to_columns(database_);
        database_.exec(fmt::format("PRAGMA user_version={}", step + 1));
        transaction.commit();
    }
}

void SqliteFile::log(const std::string& actor, std::int64_t submission, const AuditEvent& event) {
    app::log(database_, actor, submission, event);
}

void SqliteFile::rethrow() const {
    try {
        throw;
    } catch (const SQLite::Exception& e) {
        switch (e.getErrorCode()) {
            case SQLITE_IOERR:  // shared memory for the log that finds no room ends so, too
            case SQLITE_CANTOPEN:
                throw Error(
                    ErrorKind::Io,
                    fmt::format(
                        "{}: the store's disk refuses to be written ({}), or has no room; mend "
                        "that and run the same again: nothing that was taken in is lost",
                        file_.string(), e.getErrorStr()));
            case SQLITE_FULL:
                throw Error(ErrorKind::Io,
                            fmt::format("{}: no room on the store's disk; make room and run the "
                                        "same again: nothing that was taken in is lost",
                                        file_.string()));
            case SQLITE_BUSY:
                throw Error(ErrorKind::Io, fmt::format("{}: another program has held the store for "
                                                       "{} seconds; end it or try again later",
                                                       file_.string(), patience_ms_ / 1000));
            case SQLITE_NOTADB:
                throw Error(ErrorKind::Io,
                            fmt::format("{}: is not a store of avtalskoll", file_.string()));
            default:
                throw Error(ErrorKind::Io, fmt::format("{}: the store cannot be used: {}",
                                                       file_.string(), e.what()));
        }
    } catch (const fs::filesystem_error& e) {
        throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorKind::Io,
                    fmt::format("{}: holds what this program never wrote", file_.string()));
    }
}

SqlitePool::SqlitePool(const fs::path& file, int connections, int patience_ms) {
    for (int i = 0; i < connections; ++i)
        free_.push_back(
            all_.emplace_back(std::make_unique<SqliteFile>(file, false, patience_ms)).get());
}

SqliteFile* SqlitePool::take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !free_.empty(); });
    SqliteFile* file = free_.back();
    free_.pop_back();
    return file;
}

void SqlitePool::give_back(SqliteFile* file) {
    const std::lock_guard lock(mutex_);
    free_.push_back(file);
    returned_.notify_one();
}

}  // namespace avtalskoll::app
