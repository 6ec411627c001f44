#include "rules/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>
#include <string>

namespace avtalskoll::rules {
namespace {

// libphonenumber drops letters, so "63 3O 00" would become a valid number of fewer digits.
bool has_foreign_character(std::string_view s) {
    return std::any_of(s.begin(), s.end(), [](char c) { return !((c >= '0' && c <= '9') || std::string_view("+-/(). ").find(c) != std::string_view::npos); });
}

std::string with_plain_dashes(std::string_view written) {
    std::string out;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const std::string_view three = written.substr(i, 3);
        if (three == "\u2013" || three == "\u2010" || three == "\u2212") {
            out += '-';
            i += 2;
        } else {
            out += written[i];
        }
    }
    return out;
}

}  // namespace

Phone parse_phone(std::string_view written) {
    using i18n::phonenumbers::PhoneNumberUtil;
    std::string plain = with_plain_dashes(written);
    if (has_foreign_character(plain)) return {};
    if (const auto trunk = plain.find("(0)"); trunk != std::string::npos) plain.replace(trunk, 3, " ");
    const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
    i18n::phonenumbers::PhoneNumber number;
    if (util.Parse(plain, "SE", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    if (util.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) return {};
    if (!util.IsValidNumber(number)) {
        const bool long_enough = util.IsPossibleNumberForType(number, PhoneNumberUtil::FIXED_LINE) || util.IsPossibleNumberForType(number, PhoneNumberUtil::MOBILE);
        return {{}, long_enough ? PhoneFault::Unassigned : PhoneFault::NotANumber};
    }
    Phone phone{{}, PhoneFault::None};
    util.Format(number, PhoneNumberUtil::E164, &phone.e164);
    return phone;
}

}  // namespace avtalskoll::rules
