#include "pipeline/reports/swedish.h"

namespace avtalskoll::pipeline {

const char* in_swedish(FieldVerdict verdict) {
    switch (verdict) {
        case FieldVerdict::Ok: return "Finns";
        case FieldVerdict::Missing: return "Saknas";
        case FieldVerdict::Invalid: return "Ogiltigt";
        case FieldVerdict::Unclear: return "Granskas";
    }
    return "?";
}

const char* in_swedish(Severity severity) {
    switch (severity) {
        case Severity::Error: return "Fel";
        case Severity::Review: return "Granskas";
        case Severity::Info: return "Upplysning";
    }
    return "?";
}

const char* in_swedish(SubmissionVerdict verdict) {
    switch (verdict) {
        case SubmissionVerdict::Complete: return "Komplett";
        case SubmissionVerdict::Incomplete: return "Ofullständig";
        case SubmissionVerdict::Review: return "Granskas";
        case SubmissionVerdict::Rejected: return "Avvisad";
    }
    return "?";
}

}  // namespace avtalskoll::pipeline
