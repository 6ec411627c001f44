// Reports in the store's database, and what officers see of the newest one.
//
// For one thread at a time on a database. Everything throws Error{Io}.
#pragma once
#include "app/store/sql_database.h"

#include <optional>
#include <string>

#include "app/store/store.h"

namespace avtalskoll::app {

class StoredReports {
public:
    // `database` must outlive this.
    explicit StoredReports(SqlDatabase& database) : database_(database) {}

    // As those of Store.
    std::optional<FinishedReport> of(const StoredSubmission& stored,
                                     const EngineVersions& versions);
    std::optional<FinishedReport> latest(const std::string& id);
    std::optional<FinishedReport> with_key(std::int64_t key);

    // False, and nothing is kept, when there is one of this content with these versions, or
    // the content was purged meanwhile. To be called within a transaction.
    bool keep(const StoredSubmission& stored, const FinishedReport& report);

    // Officers see the newest report of what was submitted last. A person's decision on the whole
    // stays.
    void show_newest(std::int64_t submission);

private:
    bool is_purged(const StoredSubmission& stored);

    SqlDatabase& database_;
};

// A verdict as it is stored.
SubmissionVerdict verdict_from(const std::string& text);

}  // namespace avtalskoll::app
