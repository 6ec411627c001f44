// The rules of what may happen to a case besides decisions on its points: moves between states,
// its number, notes, data sets, credentials. Pages, API and command line ask here and nowhere else.
// Pure: the caller writes what was judged. Safe from many threads.
#pragma once
#include <string>
#include <variant>

#include "app/review/case.h"
#include "app/review/case_states.h"
#include "app/review/data_sets.h"
#include "app/review/decision_policy.h"

namespace avtalskoll::app {

using JudgedEvent = std::variant<CaseEventDetail, Refusal>;

// `open` must be freshly read.
JudgedEvent judge_move(const OpenCase& open, const CaseStates& states, const std::string& move,
                       const std::string& reason);

// The newest comparison of a copy with what is approved now; nullptr: none since the approval.
const CopyCompared* current_copy(const OpenCase& open);
// True when it agrees, or an officer took it all the same.
bool is_accepted(const CopyCompared* copy);

JudgedEvent judge_note(const std::string& text);

// An empty number takes it away. That no other case has it is for the store to say.
JudgedEvent judge_number(const std::string& number);

// A person is named, with an address and a number that are valid by the rules of the forms. What
// the case lacks for the data set (lacks_for()) does not keep it from being added.
JudgedEvent judge_data_set(const OpenCase& open, const DataSetKinds& kinds, DataSetAdded added);

JudgedEvent judge_removal(const OpenCase& open, const DataSetRemoved& removed);

// `contacts`: of the case. Credentials go to one of them and to nobody else.
JudgedEvent judge_credentials(const OpenCase& open, const std::vector<CasePerson>& contacts,
                              CredentialsSent sent);

}  // namespace avtalskoll::app
