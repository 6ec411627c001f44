// The rules of what an officer may decide, and when. The pages and the API decide through this and
// nothing else.
#pragma once
#include <string>

#include "app/review/review.h"
#include "app/store/case_store.h"
#include "models/form.h"
#include "pipeline/texts/texts.h"
#include "rules/rule_words.h"

namespace avtalskoll::app {

// A decision that somebody wants to make.
struct DecisionRequest {
    Action action = Action::Accept;
    std::string officer;
    std::string revision;            // of what the officer saw
    std::string form, point, field;  // of a field
    std::string finding;             // or a finding's place; or neither
    std::string value;               // Correct
    std::string letter;              // Request
};

// True when a person may say that a field is in order as it is: a signature, a text of any kind, a
// number or address that is valid. Everything else must be corrected.
bool may_accept(const ReviewedField& field);

enum class Verdict {
    Done,
    NotThere,  // no such field or finding
    Conflict,  // somebody else was first, or the submission's status does not allow it
    Refused,   // the value is not valid, or something is still open
};

struct DecisionResult {
    Verdict verdict = Verdict::Done;
    std::string message;  // Swedish; empty when done
};

// The forms, words and texts by which decisions are made.
struct DecisionContext {
    const FormSet& forms;
    const rules::RuleWords& words;
    const pipeline::Texts& texts;
};

// Decides in one step or not at all. `open` must be freshly read. A submission can be complete only
// when nothing is open: every required field is in order, and a person has accepted every finding
// that is more than information. Throws Error{Io}.
DecisionResult decide(CaseStore& store, const OpenCase& open, const DecisionContext& context,
                      const DecisionRequest& request);

}  // namespace avtalskoll::app
