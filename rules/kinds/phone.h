// Phone numbers as written in Sweden, to E.164.
//
// Thread-safe (libphonenumber's own singleton is).
#pragma once
#include <string>
#include <string_view>

#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

enum class PhoneFault {
    None,
    NotANumber,  // letters, too few or too many digits
    Unassigned,  // of possible length, but no such number is in use: a person should look
    Short,       // a national short number such as 1177
    Unusual,     // a number among other signs: an extension, "vx", words
    Several,     // two numbers or more
};

struct Phone {
    std::string e164;  // "+46701234567"; empty unless fault is None
    PhoneFault fault = PhoneFault::NotANumber;
};

// Without a country code the number is taken as Swedish. "(0)" after the country code is left out.
// `words`: they part several numbers, which are a fault whatever parts them.
Phone parse_phone(std::string_view written, const RuleWords& words);

// The same as a rule of the kind. Normalized: E.164.
ValueCheck check_phone(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
