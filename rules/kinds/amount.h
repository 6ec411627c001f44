// Amounts of money and plain numbers as people write them: 1 250,50 kr; 12.5; 2026.
//
// Source: Språkrådet, Svenska skrivregler (comma before decimals, space or point between
// thousands). Pure; safe from many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: digits with a point before decimals, "1250.50". One sign before three digits at the
// end may part decimals or thousands: doubtful.
ValueCheck check_plain_number(const std::string& text, const RuleWords& words);
// The same with a currency before or after it; the normalized form is without.
ValueCheck check_amount(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
