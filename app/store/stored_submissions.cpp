#include "app/store/stored_submissions.h"

#include "app/store/earlier.h"
#include "app/store/stored_json.h"

namespace avtalskoll::app {

const char* const kKeptFiles =
    "SELECT f.sha256 FROM files f JOIN submissions s ON s.key = f.submission WHERE s.purged_at "
    "IS NULL UNION ALL SELECT f.sha256 FROM earlier_files f JOIN earlier e ON e.key "
    "= f.earlier WHERE e.purged_at IS NULL UNION ALL SELECT f.sha256 FROM case_files f JOIN "
    "submissions s ON s.key = f.submission WHERE s.purged_at IS NULL";

std::int64_t StoredSubmissions::key_of(const std::string& id) {
    const auto query = database_.row("SELECT key FROM submissions WHERE id = $1", id);
    return query ? query->number(0) : 0;
}

std::vector<StoredSubmission> StoredSubmissions::read(const SqlRows& found) {
    std::vector<StoredSubmission> rows;
    for (const SqlRow& from : found) {
        StoredSubmission& row = rows.emplace_back();
        row.key = from.number(0);
        row.content = from.text(2);
        row.crash_count = static_cast<int>(from.number(4));
        row.submission.id = from.text(1);
        read_account_json(from.text(3), row.submission);
        row.submission.earlier_organisation_number =
            earlier_organisation_number(database_, row.key, row.content);
        for (const SqlRow& file : database_.rows(
                 "SELECT name, sha256, hand_in FROM files WHERE submission = $1 ORDER BY position",
                 row.key))
            row.submission.files.push_back(
                {file.text(0), originals_.path_of(file.text(1)), static_cast<int>(file.number(2))});
    }
    return rows;
}

}  // namespace avtalskoll::app
