// The rules between fields that a form's definition states: what is asked for if something else is
// ticked, one of several, equal values, dates in order.
//
// Pure; safe from many threads.
#pragma once
#include <vector>

#include "models/form.h"
#include "models/report.h"

namespace avtalskoll::rules {

// Judges the relations of `form` on the agreement's fields, which were judged alone before. Sets
// FieldReport::required of those that hang on a condition. A relation that is surely broken is an
// Error, one that nobody can tell a Review; values that were not read surely break nothing.
void judge_relations(const Form& form, AgreementReport& agreement, std::vector<Finding>& findings);

}  // namespace avtalskoll::rules
