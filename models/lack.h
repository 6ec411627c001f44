// The reasons why a submission is not complete, in codes alone. They hold no value of a person, so
// that lists and logs may show them and a purged submission may keep them.
#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/field_place.h"
#include "models/report.h"

namespace avtalskoll {

// A required field that is not in order.
struct LackingField {
    FieldPlace place;
    FieldVerdict verdict = FieldVerdict::Missing;
    bool operator==(const LackingField&) const = default;
};

// A required agreement of which no page is there.
struct AbsentAgreement {
    std::string form;
    bool operator==(const AbsentAgreement&) const = default;
};

// A finding that is more than information.
struct GraveFinding {
    std::string code;
    bool operator==(const GraveFinding&) const = default;
};

using Lack = std::variant<LackingField, AbsentAgreement, GraveFinding>;

// In the report's order: agreements with their fields, then findings.
std::vector<Lack> lacks_of(const Report& report);

// As stores, lists and the API have them: "form/point/field:verdict", "form:absent", a finding's
// code; several with a space between. A code that cannot be parsed is taken for a finding's.
std::string to_string(const std::vector<Lack>& lacks);
std::vector<Lack> parse_lacks(std::string_view text);

}  // namespace avtalskoll
