// Verdicts as people read them. Safe from many threads.
#pragma once
#include "models/message.h"
#include "models/report.h"

namespace avtalskoll::pipeline {

Message message_for(FieldVerdict verdict);
Message message_for(Severity severity);
Message message_for(SubmissionVerdict verdict);

}  // namespace avtalskoll::pipeline
