// Uses what a submission says twice: it settles readings in doubt, and puts readings in doubt that
// contradict it.
//
// Evidence only chooses among texts that an engine really read; a text that no engine read is never
// given as ok. A value that evidence settled has a value_confidence of 0.94; one that evidence put
// in doubt has the reason conflicts_with_name. Pure; safe from many threads.
#pragma once
#include "models/report.h"
#include "models/submission.h"
#include "rules/register.h"

namespace avtalskoll::rules {

// Settles organisation numbers, organisation names and e-mail addresses of `report` in place,
// before the cross rules run.
void corroborate(Report& report, const Submission& submission, const Register& organisations,
                 const RuleWords& words);

}  // namespace avtalskoll::rules
