// Swedish organisation numbers (organisationsnummer): format, check digit, canonical form.
//
// Source: Skatteverket, SKV 709 (ten digits, the third at least 2, Luhn check digit);
// Bolagsverket's long form puts 16 before them. Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

enum class NumberFault {
    None,
    Format,      // not ten digits (or twelve with prefix 16), or a personal identity number
    CheckDigit,  // ten digits whose last one is wrong
    Unusual,     // a right number within something else: words, a VAT number (SE...01)
    Several,     // two right numbers
};

struct OrganisationNumber {
    std::string canonical;  // NNNNNN-NNNN; empty unless fault is None
    NumberFault fault = NumberFault::Format;
};

// `written` may hold spaces, any hyphens between groups, and a point or underscore in place of the
// usual hyphen.
OrganisationNumber parse_organisation_number(std::string_view written);

// The same as a rule of the kind; the value is canonical.
ValueCheck check_organisation_number(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
