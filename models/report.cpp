#include "models/report.h"

#include "models/enum_names.h"

namespace avtalskoll {
namespace {

constexpr EnumNames<FieldVerdict, 4> kFieldVerdicts{{
    {FieldVerdict::Ok, "ok"},
    {FieldVerdict::Missing, "missing"},
    {FieldVerdict::Invalid, "invalid"},
    {FieldVerdict::Unclear, "unclear"},
}};

constexpr EnumNames<Severity, 3> kSeverities{{
    {Severity::Error, "error"},
    {Severity::Review, "review"},
    {Severity::Info, "info"},
}};

constexpr EnumNames<SubmissionVerdict, 4> kSubmissionVerdicts{{
    {SubmissionVerdict::Complete, "complete"},
    {SubmissionVerdict::Incomplete, "incomplete"},
    {SubmissionVerdict::Review, "review"},
    {SubmissionVerdict::Rejected, "rejected"},
}};

constexpr EnumNames<SignatureValidity, 4> kValidities{{
    {SignatureValidity::Unchanged, "unchanged"},
    {SignatureValidity::Changed, "changed"},
    {SignatureValidity::Partial, "partial"},
    {SignatureValidity::Unchecked, "unchecked"},
}};

}  // namespace

const char* to_string(FieldVerdict verdict) { return name_of(kFieldVerdicts, verdict); }
const char* to_string(Severity severity) { return name_of(kSeverities, severity); }
const char* to_string(SubmissionVerdict verdict) { return name_of(kSubmissionVerdicts, verdict); }
const char* to_string(SignatureValidity validity) { return name_of(kValidities, validity); }

std::optional<FieldVerdict> parse_field_verdict(std::string_view name) {
    return value_of(kFieldVerdicts, name);
}
std::optional<Severity> parse_severity(std::string_view name) {
    return value_of(kSeverities, name);
}
std::optional<SubmissionVerdict> parse_submission_verdict(std::string_view name) {
    return value_of(kSubmissionVerdicts, name);
}
std::optional<SignatureValidity> parse_signature_validity(std::string_view name) {
    return value_of(kValidities, name);
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

Owner owner_of(const Report& report) {
    Owner owner;
    for_each_field(report, [&](const auto&, const PointReport& point, const FieldReport& number) {
        if (number.kind != FieldKind::OrganisationNumber) return;
        if (owner.number.empty()) owner.number = number.value.value_or("");
        for (const FieldReport& name : point.fields)
            if (name.field == number.name_field && owner.name.empty())
                owner.name = name.value.value_or("");
    });
    return owner;
}

}  // namespace avtalskoll
