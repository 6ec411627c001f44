#include "app/store/sql_database.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/store/audit_rows.h"
#include "app/store/postgresql_database.h"
#include "app/store/sqlite_database.h"
#include "models/error.h"

namespace avtalskoll::app {

std::string SqlRow::text(std::size_t column) const {
    const SqlValue& value = values_.at(column);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* bytes = std::get_if<SqlBytes>(&value)) return bytes->bytes;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return {};
}

std::int64_t SqlRow::number(std::size_t column) const {
    const SqlValue& value = values_.at(column);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    std::int64_t number = 0;
    if (const auto* text = std::get_if<std::string>(&value))
        std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

bool SqlRow::truth(std::size_t column) const {
    return number(column) != 0 || text(column) == "t";  // PostgreSQL's true
}

bool SqlRow::is_null(std::size_t column) const {
    return std::holds_alternative<std::monostate>(values_.at(column));
}

void SqlDatabase::log(const std::string& actor, std::int64_t submission, const AuditEvent& event) {
    app::log(*this, actor, submission, event);
}

void SqlDatabase::rethrow() const {
    try {
        throw;
    } catch (const std::filesystem::filesystem_error& e) {
        throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
    } catch (const nlohmann::json::exception&) {
        throw Error(ErrorKind::Io, fmt::format("{}: holds what this program never wrote", name()));
    }
}

SqlPool::SqlPool(const Opening& open, int connections) {
    for (int i = 0; i < connections; ++i) free_.push_back(all_.emplace_back(open()).get());
}

SqlDatabase* SqlPool::take() {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return !free_.empty(); });
    SqlDatabase* database = free_.back();
    free_.pop_back();
    return database;
}

void SqlPool::give_back(SqlDatabase* database) {
    const std::lock_guard lock(mutex_);
    free_.push_back(database);
    returned_.notify_one();
}

std::unique_ptr<SqlDatabase> open_database(const StorePlace& place, bool create, int patience_ms) {
    if (place.is_on_server())
        return std::make_unique<PostgresqlDatabase>(place, create, patience_ms);
    return std::make_unique<SqliteDatabase>(place.database, create, patience_ms);
}

std::string user_name() { return fmt::format("uid {}", ::getuid()); }

}  // namespace avtalskoll::app
