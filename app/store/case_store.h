// The officers' work with submissions, kept in the store: the queue, claims, decisions, letters,
// statistics.
//
// Decisions are added, never changed; taking one back is a decision, too. Safe from many threads
// and beside other processes on one store. Everything throws Error{Io} when the store cannot be
// read or written within some seconds; nothing is half done then.
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/store/store.h"
#include "models/submission.h"

namespace avtalskoll::app {

// The stages of a submission. As stored and in the API: received, in_review, complete,
// to_be_completed, closed.
inline constexpr const char* kReceived = "received";
inline constexpr const char* kInReview = "in_review";
inline constexpr const char* kComplete = "complete";
inline constexpr const char* kToBeCompleted = "to_be_completed";
inline constexpr const char* kClosed = "closed";

struct Case {
    std::int64_t key = 0;
    std::string id, status, verdict, summary, organisation, organisation_number;
    // Times in ISO 8601, UTC; empty: never, nobody.
    std::string received_at, decided_at, claimed_by, claimed_at;
};

enum class CaseOrder { Oldest, Newest, Organisation, Id };

struct CaseQuery {
    std::string status = {}, verdict = {};  // empty: any
    bool open = false;      // only what waits for an officer: received or in review, with a verdict
    std::string text = {};  // part of id, organisation or number, however written; empty: any
    CaseOrder order = CaseOrder::Oldest;
    int page = 0;  // from 0
    int per_page = 50;
};

struct CasePage {
    std::vector<Case> cases;
    std::int64_t total = 0;
    bool more = false;  // than `total`, which is kMostCounted then
};
inline constexpr std::int64_t kMostCounted = 10'000;

struct CaseCounts {
    std::int64_t received = 0, in_review = 0, complete = 0, to_be_completed = 0, closed = 0;
};

enum class Action {
    Accept,   // the point or finding is in order as it is
    Correct,  // the value is another
    Missing,  // it is not there
    Approve,  // whole: complete
    Request,  // whole: to be completed, with a letter
    Close,    // whole
    Reopen,   // whole: decided again
    Undo,
};
const char* to_string(Action action);
std::optional<Action> parse_action(const std::string& text);

struct Decision {
    std::int64_t key = 0;
    std::int64_t report = 0;
    Action action = Action::Accept;
    std::string at, officer, engine;
    std::string form, point, field;  // of a point's field
    // Or of a finding, by its place: "code/form/point/field/file/page/what it says, hashed". Or
    // neither: of the whole.
    std::string finding;
    std::string old_verdict, new_verdict;
    std::optional<std::string> old_value, new_value;
    std::string found_verdict;  // the machine's, at that time
    std::optional<std::string> found_value;
    std::int64_t undoes = 0;
    bool undone = false;

    bool holds() const { return !undone && action != Action::Undo; }
};

struct Letter {
    std::int64_t decision = 0;
    std::string at, officer, text;  // empty text: purged
};

// A submission with all that is known of it now.
struct OpenCase {
    Case line;
    Submission submission;  // its paths lead to the store's copies
    bool purged = false;
    std::int64_t report = 0;  // 0: not checked yet
    std::string report_json, engine;
    std::vector<Decision> decisions;          // on this content since it came, oldest first
    std::vector<Decision> earlier_decisions;  // on content that was replaced or purged
    std::vector<Letter> letters;              // oldest first
    std::vector<EarlierContent> earlier;      // the replaced contents, oldest first
    std::vector<SetAsideReport> set_aside;    // reports that no longer count, oldest first
    std::string revision;                     // changes with every decision, report and purge
};

enum class Outcome {
    Done,
    Changed,  // somebody else decided, or a new report came, since `revision`
    Claimed,  // another officer works on it
};

struct Duration {
    std::string received_at, decided_at;
};

struct DayCount {
    std::string day;  // YYYY-MM-DD
    std::int64_t submissions = 0, straight_through = 0;
};

struct FieldCorrections {
    std::string form, point, field;
    std::int64_t accepted = 0, corrected = 0, missing = 0;
};

struct Statistics {
    std::vector<DayCount> days;  // without those on which nothing came
    // "form/point/field", and how many submissions lacked it; the most frequent first.
    std::vector<std::pair<std::string, std::int64_t>> lacking;
    std::vector<FieldCorrections> corrections;
    std::vector<Duration> decided;
};

class CaseStore {
public:
    // `connections`: how many threads are served at once.
    CaseStore(const std::filesystem::path& store, int connections);
    ~CaseStore();
    CaseStore(const CaseStore&) = delete;
    CaseStore& operator=(const CaseStore&) = delete;

    CasePage find(const CaseQuery& query);
    CaseCounts counts();
    std::optional<OpenCase> open(const std::string& id);

    // A report's page as it was made; nullopt: there is none of this submission with this key, or
    // it was purged.
    std::optional<std::string> report_html(const OpenCase& open, std::int64_t report);

    // The next one that waits after `id` and that nobody else works on; empty: none.
    std::string next_open(const std::string& id, const std::string& officer);

    // A claim lasts until it is released, or kClaimMinutes have passed without a decision.
    Outcome claim(const OpenCase& open, const std::string& officer, bool take_over);
    void release_claim(const OpenCase& open, const std::string& officer);

    // Adds a decision of `decision.officer`, who gets the claim with it, when nothing has changed
    // since `open` was read. The members key, at, report and engine are set here. `letter`: for
    // Request.
    Outcome decide(const OpenCase& open, const Decision& decision, const std::string& letter = {});

    // Covers submissions and decisions of the last days. Up to kStatisticsSeconds old, since
    // counting looks at every submission.
    std::shared_ptr<const Statistics> statistics(int days);

    // Adds a line to the audit log.
    void note(std::int64_t key, const std::string& who, const std::string& action,
              const std::string& detail);
    // The newest lines of the audit log, of one submission or of all (`key` 0), newest first.
    std::vector<AuditLine> log(std::int64_t key, int most);

private:
    struct Connections;
    std::unique_ptr<Connections> connections_;
};

inline constexpr int kClaimMinutes = 30, kStatisticsSeconds = 30;

}  // namespace avtalskoll::app
