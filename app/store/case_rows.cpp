#include "app/store/sqlite_case_store.h"

namespace avtalskoll::app {

const char* const kCaseColumns =
    "submission, id, status, verdict, summary, organisation, organisation_number, received_at, "
    "coalesce(decided_at, ''), "
    "CASE WHEN claimed_at >= ?1 THEN coalesce(claimed_by, '') ELSE '' END, coalesce(claimed_at, "
    "'')";

std::string oldest_claim() { return utc_ago(std::chrono::minutes(kClaimMinutes)); }

Case case_from(SQLite::Statement& row) {
    return {row.getColumn(0).getInt64(),
            row.getColumn(1),
            row.getColumn(2),
            row.getColumn(3),
            parse_lacks(row.getColumn(4).getString()),
            row.getColumn(5),
            row.getColumn(6),
            row.getColumn(7),
            row.getColumn(8),
            row.getColumn(9),
            row.getColumn(10)};
}

std::string revision_of(SqliteFile& file, std::int64_t submission) {
    SQLite::Statement row(
        file.database(),
        "SELECT coalesce((SELECT max(r.key) FROM reports r WHERE r.submission = s.key AND "
        "r.content = s.content), 0) || '.' || coalesce((SELECT max(key) FROM decisions WHERE "
        "submission = s.key), 0) || CASE WHEN s.purged_at IS NULL THEN '' ELSE '.purged' END FROM "
        "submissions s WHERE s.key = ?");
    row.bind(1, submission);
    return row.executeStep() ? row.getColumn(0).getString() : "";
}

}  // namespace avtalskoll::app
