#include "pipeline/reports/verdict_messages.h"

#include <string>

namespace avtalskoll::pipeline {

Message message_for(FieldVerdict verdict) {
    return Message(std::string("field_verdict.") + to_string(verdict));
}

Message message_for(Severity severity) {
    return Message(std::string("severity.") + to_string(severity));
}

Message message_for(SubmissionVerdict verdict) {
    return Message(std::string("submission_verdict.") + to_string(verdict));
}

}  // namespace avtalskoll::pipeline
