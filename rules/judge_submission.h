// From a submission's page readings to its report: ledger, every field's verdict, cross-checks, the
// verdict on the whole.
//
// Pure; safe from many threads. Never sees a pixel.
#pragma once
#include <vector>

#include "models/document_reading.h"
#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"
#include "models/submission.h"
#include "rules/caution.h"
#include "rules/page_ledger.h"
#include "rules/register.h"
#include "rules/rule_words.h"
#include "rules/strange_page.h"

namespace avtalskoll::rules {

// Everything that a submission is judged against. Immutable; shared by all threads.
struct JudgingContext {
    const FormSet& forms;
    const Register& organisations;
    const PageWords& page_words;
    const RuleWords& words;
    Caution caution = {};
};

// `documents` are those of the submission's files, in their order, and `ledger` is the completed
// ledger of their pages; `findings` of the intake come first in the report. Throws Error{Internal}
// when a file of the submission is not among them: what was not read is not judged.
Report judge_submission(const Submission& submission, const std::vector<DocumentReading>& documents,
                        PageLedger ledger, std::vector<Finding> findings,
                        const JudgingContext& context);

// The reasons why a submission cannot be judged with its account as it is: findings of severity
// Error; none when it can.
std::vector<Finding> check_account(const Submission& submission);

// The verdict that fields and findings add up to; `readable` false: nothing could be judged.
SubmissionVerdict verdict_of(const Report& report, bool readable);

}  // namespace avtalskoll::rules
