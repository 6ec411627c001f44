// Reads submissions out of the store's database.
//
// For one thread at a time on a database. Everything throws Error{Io}, and
// nlohmann::json::exception when an account is damaged.
#pragma once
#include "app/store/sql_database.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "app/store/originals.h"
#include "app/store/store.h"

namespace avtalskoll::app {

// The hashes of all originals that are kept, of what is there now and of what was before, as a
// subquery with the column sha256.
extern const char* const kKeptFiles;

class StoredSubmissions {
public:
    // Both must outlive this.
    StoredSubmissions(SqlDatabase& database, const Originals& originals)
        : database_(database), originals_(originals) {}

    // `condition`: SQL after WHERE; its parameters get `values`.
    template <class... Values>
    std::vector<StoredSubmission> where(const char* condition, const Values&... values) {
        return read(database_.rows(fmt::format("{} WHERE {}", kColumns, condition), values...));
    }
    // The first.
    template <class... Values>
    std::optional<StoredSubmission> one_where(const char* condition, const Values&... values) {
        auto rows = where(condition, values...);
        return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
    }

    // 0: there is none.
    std::int64_t key_of(const std::string& id);

private:
    static constexpr const char* kColumns =
        "SELECT key, id, content, account, set_backs FROM submissions";
    std::vector<StoredSubmission> read(const SqlRows& found);

    SqlDatabase& database_;
    const Originals& originals_;
};

}  // namespace avtalskoll::app
