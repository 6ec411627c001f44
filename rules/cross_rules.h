// Rules that look at more than one field: the same organisation number everywhere, and whose number
// it is.
//
// Pure; safe from many threads.
#pragma once
#include "models/report.h"
#include "models/submission.h"
#include "rules/register.h"

namespace avtalskoll::rules {

// Adds findings to `report`: organisation_number_mismatch, organisation_changed, register_mismatch,
// register_name_differs, register_unknown. Corrects no value.
void check_organisation(Report& report, const Submission& submission, const Register& organisations,
                        const RuleWords& words);

}  // namespace avtalskoll::rules
