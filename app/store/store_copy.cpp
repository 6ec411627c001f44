#include "app/store/store_copy.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "app/store/originals.h"
#include "app/store/sql_database.h"
#include "app/store/stored_submissions.h"
#include "models/error.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr int kCopyPatienceMs = 30'000;
constexpr std::int64_t kRowsAtOnce = 200;  // a report's row may have a megabyte

struct Table {
    const char* name;
    const char* order;  // which tells its rows apart
};

// Those that others refer to come first.
constexpr std::array kTables{
    Table{"submissions", "key"},
    Table{"files", "submission, position"},
    Table{"reports", "key"},
    Table{"findings", "report, code, severity, form, point, field, page"},
    Table{"inbox", "state"},
    Table{"audit", "key"},
    Table{"cases", "submission"},
    Table{"decisions", "key"},
    Table{"letters", "decision"},
    Table{"users", "name"},
    Table{"sessions", "hash"},
    Table{"tokens", "name"},
    Table{"earlier", "key"},
    Table{"earlier_files", "earlier, position"},
    Table{"set_aside_reports", "report"},
    Table{"outbox", "key"},
    Table{"leases", "submission"},
    Table{"dead_letters", "key"},
    Table{"case_events", "key"},
    Table{"case_files", "key"},
    Table{"mail", "key"},
};

std::vector<std::string> quoted_columns(SqlDatabase& database, const char* table) {
    std::vector<std::string> columns;
    for (const std::string& name : database.columns_of(table)) columns.push_back('"' + name + '"');
    return columns;
}

// Calls `use` with every row of a table.
template <class Use>
void for_each_row(SqlDatabase& database, const Table& table,
                  const std::vector<std::string>& columns, Use use) {
    const std::string select =
        fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT {} OFFSET $1", fmt::join(columns, ", "),
                    table.name, table.order, kRowsAtOnce);
    std::int64_t done = 0;
    for (SqlRows rows; !(rows = database.rows(select, done)).empty();
         done += static_cast<std::int64_t>(rows.size()))
        for (const SqlRow& row : rows) use(row);
}

// The same for the same rows in any order, whatever engine gives them.
struct Digest {
    std::int64_t rows = 0;
    std::uint64_t sum = 0;
    bool operator==(const Digest&) const = default;

    void add(const SqlRow& row) {
        std::string all;
        for (std::size_t i = 0; i < row.values().size(); ++i)
            all += row.is_null(i) ? "-" : fmt::format("{}:{}", row.text(i).size(), row.text(i));
        sum += std::stoull(pipeline::sha256_of_text(all).substr(0, 16), nullptr, 16);
        ++rows;
    }
};

Digest digest_of(SqlDatabase& database, const Table& table,
                 const std::vector<std::string>& columns) {
    Digest digest;
    for_each_row(database, table, columns, [&](const SqlRow& row) { digest.add(row); });
    return digest;
}

std::int64_t copy_table(SqlDatabase& from, SqlDatabase& to, const Table& table) {
    const std::vector<std::string> columns = quoted_columns(to, table.name);
    std::vector<std::string> places;
    for (std::size_t i = 1; i <= columns.size(); ++i) places.push_back(fmt::format("${}", i));
    const std::string insert = fmt::format("INSERT INTO {} ({}) VALUES ({})", table.name,
                                           fmt::join(columns, ", "), fmt::join(places, ", "));
    Digest read;
    for_each_row(from, table, columns, [&](const SqlRow& row) {
        read.add(row);
        to.execute(insert, row.values());
    });
    if (digest_of(to, table, columns) != read)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: the copy of table {} differs from what was read; nothing was "
                                "kept there",
                                to.name(), table.name));
    // New keys go on after those that were copied.
    if (to.engine() == SqlEngine::Postgresql && std::string(table.order) == "key")
        to.rows(
            fmt::format("SELECT setval(pg_get_serial_sequence('{0}', 'key'), coalesce((SELECT "
                        "max(key) FROM {0}), 0) + 1, false)",
                        table.name));
    return read.rows;
}

std::int64_t copy_originals(SqlDatabase& database, const Originals& from, const Originals& to) {
    std::int64_t copied = 0;
    for (const SqlRow& row : database.rows(
             fmt::format("SELECT DISTINCT sha256 FROM ({}) k WHERE sha256 <> ''", kKeptFiles))) {
        if (to.keep(from.path_of(row.text(0))) != row.text(0))
            throw Error(ErrorKind::Io,
                        fmt::format("{}: original {} is lost, unreadable or changed; restore it, "
                                    "then copy again",
                                    database.name(), row.text(0)));
        ++copied;
    }
    return copied;
}

void refuse_if_used(SqlDatabase& database) {
    for (const char* table : {"submissions", "users", "tokens", "audit"})
        if (database.row(fmt::format("SELECT 1 FROM {} LIMIT 1", table)))
            throw Error(
                ErrorKind::BadInput,
                fmt::format("{}: holds something already; copy to a new place", database.name()));
}

StoreCopy copied(const StorePlace& from, const StorePlace& to) {
    const auto source = open_database(from, false, kCopyPatienceMs);
    const auto target = open_database(to, true, kCopyPatienceMs);
    return source->guarded([&] {
        const SqlTransaction one_view(*source, SqlScope::Reading);
        SqlTransaction writing(*target, SqlScope::Everything);
        refuse_if_used(*target);
        StoreCopy copy;
        copy.originals = copy_originals(*source, Originals(from.originals_folder()),
                                        Originals(to.originals_folder()));
        for (const Table& table : kTables)
            copy.tables.push_back({table.name, copy_table(*source, *target, table)});
        writing.commit();
        if (to.is_on_server()) return copy;
        target->forget_deleted();  // all is in the file itself then
        return copy;
    });
}

}  // namespace

StoreCopy copy_store(const StorePlace& from, const StorePlace& to) {
    if (to.is_on_server()) return copied(from, to);
    if (fs::exists(to.database))
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: is there already; copy to a new place", to.database));
    StorePlace part = to;
    part.database += ".part";
    for (const fs::path& file : part.own_files()) fs::remove_all(file);
    StoreCopy copy = copied(from, part);
    if (to.originals.empty()) fs::rename(part.originals_folder(), to.originals_folder());
    fs::rename(part.database, to.database);
    for (const fs::path& file : part.own_files())
        if (to.originals.empty() || file != part.originals_folder()) fs::remove_all(file);
    return copy;
}

}  // namespace avtalskoll::app
