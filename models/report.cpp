#include "models/report.h"

namespace avtalskoll {

const char* to_string(FieldVerdict verdict) {
    switch (verdict) {
        case FieldVerdict::Ok: return "ok";
        case FieldVerdict::Missing: return "missing";
        case FieldVerdict::Invalid: return "invalid";
        case FieldVerdict::Unclear: return "unclear";
    }
    return "?";
}

const char* to_string(Severity severity) {
    switch (severity) {
        case Severity::Error: return "error";
        case Severity::Review: return "review";
        case Severity::Info: return "info";
    }
    return "?";
}

const char* to_string(SubmissionVerdict verdict) {
    switch (verdict) {
        case SubmissionVerdict::Complete: return "complete";
        case SubmissionVerdict::Incomplete: return "incomplete";
        case SubmissionVerdict::Review: return "review";
        case SubmissionVerdict::Rejected: return "rejected";
    }
    return "?";
}

const char* to_string(SignatureValidity validity) {
    switch (validity) {
        case SignatureValidity::Unchanged: return "unchanged";
        case SignatureValidity::Changed: return "changed";
        case SignatureValidity::Partial: return "partial";
        case SignatureValidity::Unchecked: break;
    }
    return "unchecked";
}

PageTime StageTimes::sum() const {
    PageTime all;
    for (const PageTime& page : pages) {
        all.draw_ms += page.draw_ms;
        all.match_ms += page.match_ms;
        all.read_ms += page.read_ms;
    }
    return all;
}

}  // namespace avtalskoll
