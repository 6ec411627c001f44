// Numbers of accounts: IBAN, bankgiro, plusgiro.
//
// Source: ISO 13616-1 (IBAN: remainder 97 of ISO 7064); Bankgirot and Nordea Plusgirot (Luhn's
// check digit; four digits behind the hyphen, or one). Pure; safe from many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: an IBAN without spaces; NNN-NNNN or NNNN-NNNN; N…-N. A bank account with its clearing
// number has many rules, and is for a person.
ValueCheck check_account_number(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
