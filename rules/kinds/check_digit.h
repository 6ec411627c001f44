// The check digit that Swedish numbers share.
#pragma once
#include <string_view>

namespace avtalskoll::rules {

// Luhn's sum (ISO/IEC 7812-1, annex B) of a number whose last digit is the check digit. `digits`
// holds nothing else.
constexpr bool luhn_holds(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const int digit = digits[digits.size() - 1 - i] - '0';
        const int weighted = i % 2 == 1 ? 2 * digit : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
}

}  // namespace avtalskoll::rules
