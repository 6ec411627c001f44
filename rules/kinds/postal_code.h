// Swedish postal codes: five digits, the first not 0 (SS 613401).
//
// Pure; safe from many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: "NNN NN". SE- or S- may stand before it. Other countries' codes are doubtful.
ValueCheck check_postal_code(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
