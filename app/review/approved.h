// The agreements of a case as they were approved, for comparing a counter-signed copy; and what the
// comparison says, for the case. Pure; safe from many threads.
#pragma once
#include <vector>

#include "app/review/case.h"
#include "app/review/review.h"
#include "models/counter_signing.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app {

// Those that count, with the pages and values that count now.
std::vector<ApprovedAgreement> approved_agreements(const OpenCase& open, const Review& review);

// `copy`: one file. Everything that is not surely the same is among the sheets and remarks.
CopyCompared compared_copy(const OpenCase& open, const SubmittedFile& copy,
                           const CountersignedResult& result, const pipeline::Texts& texts);

}  // namespace avtalskoll::app
