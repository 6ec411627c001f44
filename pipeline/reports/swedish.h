// Verdicts as people read them. Safe from many threads.
#pragma once
#include "models/report.h"

namespace avtalskoll::pipeline {

const char* in_swedish(FieldVerdict verdict);
const char* in_swedish(Severity severity);
const char* in_swedish(SubmissionVerdict verdict);

}  // namespace avtalskoll::pipeline
