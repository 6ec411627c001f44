#include "app/store/sql_case_store.h"

#include <fmt/format.h>

namespace avtalskoll::app {

std::string case_columns(std::size_t oldest) {
    return fmt::format(
        "submission, id, status, verdict, summary, organisation, organisation_number, received_at, "
        "coalesce(decided_at, ''), CASE WHEN claimed_at >= ${} THEN coalesce(claimed_by, '') ELSE "
        "'' END, coalesce(claimed_at, ''), coalesce(number, ''), coalesce(answer_by, '')",
        oldest);
}

std::string oldest_claim(SqlDatabase& database) {
    return database.ago(std::chrono::minutes(kClaimMinutes));
}

Case case_from(const SqlRow& row) {
    return {row.number(0), row.text(1),  row.text(2), row.text(3), parse_lacks(row.text(4)),
            row.text(5),   row.text(6),  row.text(7), row.text(8), row.text(9),
            row.text(10),  row.text(11), row.text(12)};
}

std::string claimant(SqlDatabase& database, std::int64_t submission) {
    const auto row =
        database.row(fmt::format("SELECT {} FROM cases WHERE submission = $2", case_columns(1)),
                     oldest_claim(database), submission);
    return row ? case_from(*row).claimed_by : "";
}

std::string revision_of(SqlDatabase& database, std::int64_t submission) {
    const auto row = database.row(
        "SELECT coalesce((SELECT max(r.key) FROM reports r WHERE r.submission = s.key AND "
        "r.content = s.content), 0) || '.' || coalesce((SELECT max(key) FROM decisions WHERE "
        "submission = s.key), 0) || '.' || coalesce((SELECT max(key) FROM case_events WHERE "
        "submission = s.key AND kind IN ('moved', 'copy_compared')), 0) || CASE WHEN s.purged_at "
        "IS NULL THEN '' ELSE '.purged' END FROM "
        "submissions s WHERE s.key = $1",
        submission);
    return row ? row->text(0) : "";
}

}  // namespace avtalskoll::app
