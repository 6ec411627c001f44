#include "rules/organisation_number.h"

#include <algorithm>

namespace avtalskoll::rules {
namespace {

bool luhn_holds(std::string_view ten) {
    int sum = 0;
    for (std::size_t i = 0; i < ten.size(); ++i) {
        const int digit = ten[i] - '0';
        const int weighted = i % 2 == 0 ? 2 * digit : digit;
        sum += weighted > 9 ? weighted - 9 : weighted;
    }
    return sum % 10 == 0;
}

// Digits only; nullopt when something other than digits, spaces and hyphens is there.
std::optional<std::string> digits_of(std::string_view written) {
    std::string digits;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i];
        if (c >= '0' && c <= '9') digits += c;
        else if (c == ' ' || c == '-') continue;
        else if (written.substr(i, 3) == "\u2013" || written.substr(i, 3) == "\u2010" || written.substr(i, 3) == "\u2212") i += 2;
        else return std::nullopt;
    }
    return digits;
}

}  // namespace

OrganisationNumber parse_organisation_number(std::string_view written) {
    const auto digits = digits_of(written);
    if (!digits) return {};
    std::string_view ten = *digits;
    if (ten.size() == 12 && ten.starts_with("16")) ten.remove_prefix(2);
    if (ten.size() != 10) return {};
    if (ten[2] < '2') return {};  // below 20 it would be a month: a personal identity number
    if (!luhn_holds(ten)) return {{}, NumberFault::CheckDigit};
    return {std::string(ten.substr(0, 6)) + "-" + std::string(ten.substr(6)), NumberFault::None};
}

}  // namespace avtalskoll::rules
