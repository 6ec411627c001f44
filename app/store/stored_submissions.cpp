#include "app/store/stored_submissions.h"

#include "app/store/earlier.h"
#include "app/store/stored_json.h"

namespace avtalskoll::app {

const char* const kKeptFiles =
    "SELECT f.sha256 FROM files f JOIN submissions s ON s.key = f.submission WHERE s.purged_at "
    "IS NULL UNION ALL SELECT f.sha256 FROM earlier_files f JOIN earlier e ON e.key "
    "= f.earlier WHERE e.purged_at IS NULL";

std::int64_t StoredSubmissions::key_of(const std::string& id) {
    SQLite::Statement query(database_, "SELECT key FROM submissions WHERE id = ?");
    query.bind(1, id);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

std::vector<StoredSubmission> StoredSubmissions::read(SQLite::Statement& query) {
    std::vector<StoredSubmission> rows;
    while (query.executeStep()) {
        StoredSubmission& row = rows.emplace_back();
        row.key = query.getColumn(0).getInt64();
        row.content = query.getColumn(2).getString();
        row.crash_count = query.getColumn(4);
        row.submission.id = query.getColumn(1).getString();
        read_account_json(query.getColumn(3), row.submission);
        row.submission.earlier_organisation_number =
            earlier_organisation_number(database_, row.key, row.content);
        SQLite::Statement files(
            database_, "SELECT name, sha256 FROM files WHERE submission = ? ORDER BY position");
        files.bind(1, row.key);
        while (files.executeStep())
            row.submission.files.push_back(
                {files.getColumn(0), originals_.path_of(files.getColumn(1))});
    }
    return rows;
}

}  // namespace avtalskoll::app
