// From a submission's page readings to its report: ledger, every field's verdict, cross-checks, the verdict on the whole.
//
// Pure; safe from many threads. Never sees a pixel.
#pragma once
#include <vector>

#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"
#include "models/submission.h"
#include "rules/caution.h"
#include "rules/register.h"
#include "rules/strange_page.h"

namespace avtalskoll::rules {

// What every submission is judged against. Immutable; shared by all threads.
struct JudgingContext {
    const FormSet& forms;
    const Register& organisations;
    const PageWords& page_words;
    Caution caution = {};
};

// `pages` in page order, `files` with what was opened; `findings` of the intake (broken or ignored files) come first.
Report judge_submission(const Submission& submission, std::vector<FileReport> files, const std::vector<PageReading>& pages, std::vector<Finding> findings,
                        const JudgingContext& context);

// The verdict that fields and findings add up to; `readable` false: nothing could be judged.
SubmissionVerdict verdict_of(const Report& report, bool readable);

}  // namespace avtalskoll::rules
