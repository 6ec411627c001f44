// Compares a counter-signed copy with the agreements that were approved: the copy's file in, a
// verdict with the differences out.
#pragma once
#include <vector>

#include "models/counter_signing.h"
#include "models/submission.h"
#include "pipeline/process_submission.h"

namespace avtalskoll::pipeline {

// `copy`: the files of the copy (one, as a rule); its account is not looked at. Everything that the
// copy holds beside the pages of `approved` is a finding. Never guesses: what could not be compared
// makes the verdict Unsure, with its reason. Faults of the copy's files are findings. Throws
// Error{NotFound} when a form or its version is not registered, when the program itself is
// incomplete, and the errors of Rasterizer when an approved page cannot be drawn;
// Error{Interrupted} when `engine.stop` is set.
CountersignedResult compare_countersigned(const std::vector<ApprovedAgreement>& approved,
                                          const Submission& copy, const Engine& engine);

}  // namespace avtalskoll::pipeline
