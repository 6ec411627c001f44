// Removes personal data from the store when its time is over (docs/personal-data.md).
//
// For one thread at a time on a database. Throws Error{Io}, and
// std::filesystem::filesystem_error when an original cannot be removed.
#pragma once
#include "app/store/sql_database.h"

#include <string>

#include "app/store/originals.h"
#include "app/store/store.h"
#include "app/store/stored_submissions.h"

namespace avtalskoll::app {

class Purge {
public:
    // All must outlive this.
    Purge(SqlDatabase& database, const Originals& originals, StoredSubmissions& submissions)
        : database_(database), originals_(originals), submissions_(submissions) {}

    // As Store::purge.
    Purged run(int days);

private:
    Purged purge_rows(const std::string& before);
    // Gives how many were removed.
    int remove_originals();
    void purge_report(std::int64_t key, const std::string& id, const std::string& report_json,
                      const std::string& verdict);
    // Of the rows of `table` whose `column` is `key`: submissions or earlier.
    void take_names_from_accounts(const char* table, const char* column, std::int64_t key);
    void purge_submission(std::int64_t key, const std::string& id);
    // Contents that were received before `before` and replaced since, of submissions that stay.
    // Gives how many.
    int purge_earlier(const std::string& before);
    // Unless the same content came again and is kept.
    void purge_reports_of(std::int64_t submission, const std::string& content,
                          const std::string& id);

    SqlDatabase& database_;
    const Originals& originals_;
    StoredSubmissions& submissions_;
};

}  // namespace avtalskoll::app
