// The rules of what an officer may decide, and when. The pages and the API decide through this and
// nothing else. Pure: the caller writes what was judged. Safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <variant>

#include "app/review/case.h"
#include "app/review/case_states.h"
#include "app/review/review.h"
#include "models/form.h"
#include "models/message.h"
#include "rules/rule_words.h"

namespace avtalskoll::app {

// A decision that somebody wants to make: of a field, or of a finding, or of the whole.
struct DecisionRequest {
    Action action = Action::Accept;
    std::string officer;
    std::string revision;  // of what the officer saw
    FieldPlace place = {};
    std::optional<FindingPlace> finding = {};
    std::string value = {};      // Correct; the reason of SetAside and NoPersonalData
    std::string letter = {};     // Request
    std::string answer_by = {};  // Request: YYYY-MM-DD; empty: no date
    std::string letter_to = {};  // Request: the address that the letter is written to; empty: none
};

// The reason why a decision is not made.
struct Refusal {
    enum class Kind {
        NotThere,    // no such field or finding
        Conflict,    // somebody else was first, or the submission's status does not allow it
        NotAllowed,  // the value is not valid, or something is still open
    };
    Kind kind = Kind::NotAllowed;
    Message message;
};

// The forms and words by which decisions are made.
struct DecisionContext {
    const FormSet& forms;
    const rules::RuleWords& words;
    const CaseStates& states;
};

// True when a person may say that a field is in order as it is: a signature, a text of any kind, a
// number or address that is valid. Everything else must be corrected.
bool may_accept(const ReviewedField& field);

// The decision to write, without key, time and report, which the store sets. `open` must be freshly
// read. A submission can be complete only when nothing is open: every required field is in order,
// and a person has accepted every finding that is more than information.
std::variant<Decision, Refusal> judge_request(const OpenCase& open, const DecisionContext& context,
                                              const DecisionRequest& request);

// The refusals of a decision that somebody else was quicker with.
Refusal changed_since();
Refusal claimed_by_another(const OpenCase& open);

}  // namespace avtalskoll::app
