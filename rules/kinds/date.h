// Dates as people write them: 2026-03-12, 20260312, 12/3 2026, 12.3.2026, den 12 mars 2026.
//
// Source: SS-ISO 8601 for year first; Språkrådet, Svenska skrivregler, for day first. Pure; safe
// from many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: YYYY-MM-DD. A year of two digits, and a month that can only be meant where the day
// should stand, are doubtful (short_year, unusual_form); no_such_date: February 30.
ValueCheck check_date(const std::string& text, const RuleWords& words);

// A place and a date in one line, in either order. Normalized: the date. Doubtful without one of
// them.
ValueCheck check_place_and_date(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
