// A submission as a case that officers decide on: its stage, what was found, what was decided. Pure
// data; no store and no server.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/review/case_event.h"
#include "models/field_place.h"
#include "models/lack.h"
#include "models/submission.h"

namespace avtalskoll::app {

// The states of a case that the program knows by itself, as stored and in the API; the others are
// data (app/review/case_states.h).
inline constexpr const char* kReceived = "received";
inline constexpr const char* kInReview = "in_review";
inline constexpr const char* kComplete = "complete";
inline constexpr const char* kToBeCompleted = "to_be_completed";
inline constexpr const char* kClosed = "closed";
inline constexpr const char* kWithdrawn = "withdrawn";
// The moves that follow from what happens.
inline constexpr const char* kMoveBegin = "begin";
inline constexpr const char* kMoveFilesCame = "files_came";
// The moves that a counter-signed copy leads to.
inline constexpr const char* kMoveCountersign = "countersign";
inline constexpr const char* kMoveSend = "send";

struct Case {
    std::int64_t key = 0;
    std::string id, status, verdict;
    std::vector<Lack> lacks;
    std::string organisation, organisation_number;
    // Times in ISO 8601, UTC; empty: never, nobody.
    std::string received_at, decided_at, claimed_by, claimed_at;
    std::string number;     // the authority's own; empty: none
    std::string answer_by;  // YYYY-MM-DD; empty: no answer is awaited

    const std::string& shown_number() const { return number.empty() ? id : number; }
};

enum class Action {
    Accept,          // the point or finding is in order as it is
    Correct,         // the value is another
    Missing,         // it is not there
    SetAside,        // an agreement that the case does not need
    NoPersonalData,  // whole: the data hold none, so that less is required
    Approve,         // whole: complete
    Request,         // whole: to be completed, with a letter
    Close,           // whole
    Reopen,          // whole: decided again
    Undo,
};
const char* to_string(Action action);
std::optional<Action> parse_action(std::string_view name);

// A finding of a report, as a decision names it. A finding that says something else has another
// place, so that nobody accepts what was not read.
struct FindingPlace {
    std::string code = {};
    FieldPlace field = {};  // each part may be empty
    int file = 0;           // from 1; 0: of no file. A number, for names of files may name persons.
    int page = 0;
    std::string said = {};  // the beginning of a hash of severity and message
    bool operator==(const FindingPlace&) const = default;
};

// "code/form/point/field/file/page/said", as stores and the API have it, and back. A text that has
// not these parts, such as one with a slash in a field's id, becomes a code and the same text
// again.
std::string to_string(const FindingPlace& place);
FindingPlace finding_place_from(std::string_view text);

struct Decision {
    std::int64_t key = 0;
    std::int64_t report = 0;
    Action action = Action::Accept;
    std::string at, officer, engine;
    // Of a field, or of a finding, or of the whole.
    FieldPlace place;
    std::optional<FindingPlace> finding;
    std::string old_verdict, new_verdict;
    std::optional<std::string> old_value, new_value;
    std::string found_verdict;  // the machine's, at that time
    std::optional<std::string> found_value;
    std::int64_t undoes = 0;
    std::int64_t carried = 0;  // the decision on an earlier content that goes on to hold
    bool undone = false;

    bool holds() const { return !undone && action != Action::Undo; }
};

struct Letter {
    std::int64_t decision = 0;
    std::string at, officer, text;  // empty text: purged
    std::string recipient = {};     // the address that it is written to; empty: not known
};

// A content that came under an id and was replaced by another.
struct EarlierContent {
    std::int64_t key = 0;
    std::string content, receipt;    // receipt: received, opened again, added to
    std::string received, replaced;  // ISO 8601, UTC
    bool purged = false;
    std::vector<SubmittedFile> files;  // their paths lead to the store's copies
    std::int64_t report = 0;           // the newest of this content; 0: none
    std::string verdict;               // the report's
};

// A report that no longer counts, because it did not cover every page.
struct SetAsideReport {
    std::int64_t report = 0;
    std::string made, set_aside, verdict;  // times in ISO 8601, UTC
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
    std::string content;                      // SHA-256 of what was submitted
    std::vector<CaseEvent> events;            // oldest first
    std::string revision;  // changes with every decision, report, event and purge
};

// The last decision that holds: it was not taken back and takes none back itself. nullptr: none.
const Decision* last_decision(const OpenCase& open);

}  // namespace avtalskoll::app
