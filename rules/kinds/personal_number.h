// Swedish personal identity numbers (personnummer) and co-ordination numbers
// (samordningsnummer).
//
// Source: Skatteverket, SKV 704 and SKV 707 (birth date, three digits, Luhn check digit; the day
// of a co-ordination number is 60 more). Pure; safe from many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: YYYYMMDD-NNNN, or YYMMDD-NNNN (+ from 100 years) where the century is not written.
ValueCheck check_personal_number(const std::string& text, const RuleWords& words);

// The text with a dot for each of its last four digits.
std::string without_last_four(const std::string& text);

}  // namespace avtalskoll::rules
