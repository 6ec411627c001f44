#include "app/store/sqlite_database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "app/store/audit_rows.h"
#include "app/store/sqlite_migration.h"
#include "app/store/sqlite_schema.h"
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

void bind_value(SQLite::Statement& statement, std::size_t at, const SqlValue& value) {
    const std::string name = fmt::format("${}", at + 1);
    if (const auto* number = std::get_if<std::int64_t>(&value)) statement.bind(name, *number);
    if (const auto* text = std::get_if<std::string>(&value)) statement.bind(name, *text);
    if (const auto* bytes = std::get_if<SqlBytes>(&value))
        statement.bind(name, bytes->bytes.data(), static_cast<int>(bytes->bytes.size()));
}

SqlValue value_of(const SQLite::Column& column) {
    if (column.isNull()) return {};
    if (column.isInteger()) return column.getInt64();
    if (column.isBlob())
        return SqlBytes{{static_cast<const char*>(column.getBlob()),
                         static_cast<std::size_t>(column.getBytes())}};
    return column.getString();
}

}  // namespace

SqliteDatabase::SqliteDatabase(const fs::path& file, bool create, int patience_ms)
    : name_(file.string()), patience_ms_(patience_ms), database_(opened(file, create)) {
    translated([&] {
        database_.setBusyTimeout(patience_ms);
        enter_wal();
        database_.exec("PRAGMA synchronous=FULL");
        database_.exec("PRAGMA foreign_keys=ON");
        database_.exec("PRAGMA secure_delete=ON");  // purged data is gone from the file, too
    });
    guarded([&] { translated([&] { migrate(); }); });
}

SqlRows SqliteDatabase::query(const std::string& sql, const std::vector<SqlValue>& values) {
    return translated([&] {
        SQLite::Statement statement(database_, sql);
        for (std::size_t i = 0; i < values.size(); ++i) bind_value(statement, i, values[i]);
        SqlRows rows;
        while (statement.executeStep()) {
            std::vector<SqlValue> row;
            for (int i = 0; i < statement.getColumnCount(); ++i)
                row.push_back(value_of(statement.getColumn(i)));
            rows.emplace_back(std::move(row));
        }
        return rows;
    });
}

std::int64_t SqliteDatabase::execute(const std::string& sql, const std::vector<SqlValue>& values) {
    return translated([&] {
        SQLite::Statement statement(database_, sql);
        for (std::size_t i = 0; i < values.size(); ++i) bind_value(statement, i, values[i]);
        return statement.exec();
    });
}

void SqliteDatabase::begin(SqlScope scope) {
    translated([&] {
        transaction_ = std::make_unique<SQLite::Transaction>(
            database_, scope == SqlScope::Reading ? SQLite::TransactionBehavior::DEFERRED
                                                  : SQLite::TransactionBehavior::IMMEDIATE);
    });
}

void SqliteDatabase::commit() {
    translated([&] {
        const auto ending = std::move(transaction_);
        ending->commit();
    });
}

void SqliteDatabase::roll_back() noexcept { transaction_.reset(); }

std::vector<std::string> SqliteDatabase::faults() {
    std::vector<std::string> found;
    for (const SqlRow& row : rows("PRAGMA integrity_check"))
        if (row.text(0) != "ok") found.push_back(row.text(0));
    for (const SqlRow& row : rows("PRAGMA foreign_key_check"))
        found.push_back(fmt::format("table {}: a row leads nowhere", row.text(0)));
    return found;
}

void SqliteDatabase::forget_deleted() {
    // Until then the index of words keeps those of what is gone.
    run("INSERT INTO case_search (case_search) VALUES ('optimize')");
    translated([&] { database_.exec("PRAGMA wal_checkpoint(TRUNCATE)"); });
}

std::vector<std::string> SqliteDatabase::columns_of(const std::string& table) {
    std::vector<std::string> columns;
    for (const SqlRow& row : rows(fmt::format("PRAGMA table_info({})", table)))
        columns.push_back(row.text(1));
    return columns;
}

// SQLite does not wait when two connections make this change to a new file at the same time: one of
// them fails at once, because the file is busy.
void SqliteDatabase::enter_wal() {
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

void SqliteDatabase::migrate() {
    const int taken = database_.execAndGet("PRAGMA user_version");
    if (taken > static_cast<int>(kSchemaSteps.size()))
        throw Error(
            ErrorKind::Io,
            fmt::format("{}: was made by a later version of this program; update it", name_));
    for (auto step = static_cast<std::size_t>(taken); step < kSchemaSteps.size(); ++step) {
        SQLite::Transaction transaction(database_, SQLite::TransactionBehavior::EXCLUSIVE);
        if (database_.execAndGet("PRAGMA user_version").getInt() > static_cast<int>(step))
            continue;  // another process was quicker
        database_.exec(kSchemaSteps.at(step));
        if (step + 1 == kStepWithEarlierContents) migrate_to_earlier_contents(database_, name_);
        if (step + 1 == kStepWithAuditColumns) move_audit_words_to_columns(*this);
        database_.exec(fmt::format("PRAGMA user_version={}", step + 1));
        transaction.commit();
    }
}

void SqliteDatabase::refuse(const SQLite::Exception& why) const {
    switch (why.getErrorCode()) {
        case SQLITE_IOERR:  // shared memory for the log that finds no room ends so, too
        case SQLITE_CANTOPEN:
            throw Error(
                ErrorKind::Io,
                fmt::format("{}: the store's disk refuses to be written ({}), or has no room; mend "
                            "that and run the same again: nothing that was taken in is lost",
                            name_, why.getErrorStr()));
        case SQLITE_FULL:
            throw Error(ErrorKind::Io,
                        fmt::format("{}: no room on the store's disk; make room and run the "
                                    "same again: nothing that was taken in is lost",
                                    name_));
        case SQLITE_BUSY:
            throw Error(ErrorKind::Io, fmt::format("{}: another program has held the store for "
                                                   "{} seconds; end it or try again later",
                                                   name_, patience_ms_ / 1000));
        case SQLITE_NOTADB:
            throw Error(ErrorKind::Io, fmt::format("{}: is not a store of avtalskoll", name_));
        default:
            throw Error(ErrorKind::Io,
                        fmt::format("{}: the store cannot be used: {}", name_, why.what()));
    }
}

}  // namespace avtalskoll::app
