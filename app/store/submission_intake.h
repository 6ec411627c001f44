// Takes submissions into the store's database: tells the new from the known, and keeps what was
// there before.
//
// For one thread at a time on a database. Everything throws Error{Io}.
#pragma once
#include "app/store/sql_database.h"

#include <optional>
#include <string>
#include <vector>

#include "app/store/store.h"
#include "app/store/stored_reports.h"
#include "app/store/stored_submissions.h"

namespace avtalskoll::app {

class SubmissionIntake {
public:
    // All must outlive this. `queued`: what is new is noted for the queue.
    SubmissionIntake(SqlDatabase& database, StoredSubmissions& submissions, StoredReports& reports,
                     bool queued)
        : database_(database), submissions_(submissions), reports_(reports), queued_(queued) {}

    // Set when the id has other content than the sender has seen. A content that is known already,
    // here or under another id, asks nothing.
    std::optional<Received> occupied_by(const Submission& submission, const std::string& content,
                                        const Reopening& reopening);

    // `hashes`: of the submission's files, which are kept already. To be called within a
    // transaction.
    Received take(const Submission& submission, const std::vector<std::string>& hashes,
                  const Reopening& reopening);

private:
    void keep_as_earlier(std::int64_t key);
    // The organisation that officers know the case by stays until a report names one.
    std::int64_t write(const Submission& submission, const std::string& content,
                       const std::vector<std::string>& hashes, std::int64_t known_key);

    SqlDatabase& database_;
    StoredSubmissions& submissions_;
    StoredReports& reports_;
    const bool queued_;
};

}  // namespace avtalskoll::app
