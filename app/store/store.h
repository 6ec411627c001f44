// Keeps what came in and what was found, so that nothing is lost and nothing is checked twice.
//
// A submission is known by its id and its content: the SHA-256 of its files and of what its account
// says. The same content under another id is the same submission; other content under a known id
// opens that submission again, and what was there is kept as an earlier content until its own time
// is over. Originals are copied, named by their SHA-256, and never changed. When a method returns,
// its work is on the disk.
#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/store_place.h"
#include "models/lack.h"
#include "models/report.h"
#include "models/submission.h"

namespace avtalskoll::app {

enum class Receipt {
    New,       // not seen before
    Reopened,  // its id is known, with other content
    Known,     // id and content are known
    Twin,      // the content is known under another id
    Occupied,  // its id has other content than the sender has seen; nothing was taken in
};

// The conditions for a new content under a known id.
struct Reopening {
    // Only while this is the content that is there (empty: none); nullopt: whatever is there.
    std::optional<std::string> seen = {};
    bool adds = false;  // the earlier files are among the new ones
};

// A submission as the store has it.
struct StoredSubmission {
    std::int64_t key = 0;
    Submission submission;  // its paths lead to the store's copies
    std::string content;    // SHA-256 of what was submitted
    int crash_count = 0;    // runs that crashed while they checked this content
};

struct Received {
    Receipt receipt = Receipt::New;
    // For a Twin: the one that it is; when Occupied: the one that is there.
    StoredSubmission stored;
    bool purged = false;  // when Occupied: its originals and values are gone
};

// The versions that a report was made with; nothing is checked twice with the same.
struct EngineVersions {
    std::string engine, forms, rules;
};

// The result of one checking, as it is kept.
struct FinishedReport {
    SubmissionVerdict verdict = SubmissionVerdict::Rejected;
    std::vector<Finding> findings;  // written; not read back
    std::vector<Lack> lacks;
    std::string organisation, organisation_number;  // as read, for lists; not read back
    std::string json, html;                         // as report.json and report.html
    std::string csv_row;
    EngineVersions versions;
};

// A line of a list.
struct SubmissionLine {
    std::string id, received;      // times in ISO 8601, UTC
    std::string checked, verdict;  // empty while it waits
    std::vector<Lack> lacks;
    int files = 0;
    bool purged = false;
};

struct Purged {
    int submissions = 0;  // with all that came under their ids
    int earlier = 0;      // earlier contents of submissions that stay
    int files = 0;
};

// Safe from many threads, and from several processes on one store. Everything throws Error{Io},
// naming the store and what to do, when the store cannot be read or written; nothing is half done
// then.
class Store {
public:
    Store() = default;
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;
    virtual ~Store() = default;

    // Takes a submission in: copies its files, then notes it, and with it the state of the inbox
    // that it was found in (`inbox_state`, empty: none).
    virtual Received receive(const Submission& submission, const std::string& inbox_state,
                             const Reopening& reopening = {}) = 0;

    // The same for files that complete what came under the submission's id: a later hand-in, whose
    // pages take the place of the earlier ones. Where nothing came under the id, or it was purged,
    // they are received as they are.
    virtual Received complete(const Submission& added, const std::string& inbox_state) = 0;

    // True when receive() has noted this state of the inbox.
    virtual bool has_taken(const std::string& inbox_state) = 0;

    // The report of this content with these versions, where there is one.
    virtual std::optional<FinishedReport> report_of(const StoredSubmission& stored,
                                                    const EngineVersions& versions) = 0;

    // Keeps a report. A second one of the same content with the same versions is not kept: false.
    virtual bool finish(const StoredSubmission& stored, const FinishedReport& report) = 0;

    // Submissions whose content has no report with any versions, oldest first.
    virtual std::vector<StoredSubmission> waiting(std::size_t most) = 0;

    // A run crashed while it checked this.
    virtual void note_crash(std::int64_t key) = 0;

    // Submissions with this verdict (empty: all), oldest first.
    virtual std::vector<SubmissionLine> list(const std::string& verdict) = 0;
    virtual std::optional<StoredSubmission> find(const std::string& id) = 0;
    // The newest report of the content that is there now.
    virtual std::optional<FinishedReport> latest_report(const std::string& id) = 0;
    virtual std::optional<FinishedReport> report(std::int64_t key) = 0;
    virtual std::vector<EarlierContent> earlier(const std::string& id) = 0;    // oldest first
    virtual std::vector<SetAsideReport> set_aside(const std::string& id) = 0;  // oldest first
    virtual std::vector<AuditLine> audit(const std::string& id) = 0;

    // Removes originals, pages, crops and values of what was received more than `days` ago;
    // verdicts and findings stay, without texts. An earlier content goes by its own time.
    virtual Purged purge(int days) = 0;

    // The faults of the store itself. Reads all of it.
    virtual std::vector<std::string> faults() = 0;
};

// Opens the store, or makes one when `create` is set. Throws Error{BadInput} when the place is not
// whole, Error{Io} when it cannot be used.
std::unique_ptr<Store> open_store(const StorePlace& place, bool create);

}  // namespace avtalskoll::app
