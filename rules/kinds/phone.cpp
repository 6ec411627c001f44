#include "rules/kinds/phone.h"

#include <phonenumbers/phonenumbermatch.h>
#include <phonenumbers/phonenumbermatcher.h>
#include <phonenumbers/phonenumberutil.h>
#include <phonenumbers/shortnumberinfo.h>

#include <set>
#include <string>
#include <vector>

#include "models/text.h"

namespace avtalskoll::rules {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// libphonenumber drops letters, so "63 3O 00" would become a valid number of fewer digits.
bool has_foreign_character(std::string_view s) {
    return s.find_first_not_of("0123456789+-/(). ") != std::string_view::npos;
}

bool is_short_number(const std::string& plain) {
    static const i18n::phonenumbers::ShortNumberInfo kShort;
    PhoneNumber number;
    if (PhoneNumberUtil::GetInstance()->Parse(plain, "SE", &number) !=
        PhoneNumberUtil::NO_PARSING_ERROR)
        return false;
    return kShort.IsValidShortNumberForRegion(number, "SE");
}

std::string e164_of(const PhoneNumber& number) {
    std::string text;
    PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::E164, &text);
    return text;
}

// The text as one number and nothing else.
Phone whole_number(std::string plain) {
    if (has_foreign_character(plain)) return {};
    if (const auto trunk = plain.find("(0)"); trunk != std::string::npos)
        plain.replace(trunk, 3, " ");
    const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    if (util.Parse(plain, "SE", &number) != PhoneNumberUtil::NO_PARSING_ERROR) return {};
    if (is_short_number(plain)) return {{}, PhoneFault::Short};
    if (util.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) return {};
    if (util.IsValidNumber(number)) return {e164_of(number), PhoneFault::None};
    const bool long_enough = util.IsPossibleNumberForType(number, PhoneNumberUtil::FIXED_LINE) ||
                             util.IsPossibleNumberForType(number, PhoneNumberUtil::MOBILE);
    return {{}, long_enough ? PhoneFault::Unassigned : PhoneFault::NotANumber};
}

// The parts of a text that separators between values part: each as written.
std::vector<std::string> parts_of(const std::string& plain, const RuleWords& words) {
    std::vector<std::string> parts(1);
    const std::string padded = plain + " ";
    for (std::size_t i = 0; i < plain.size(); ++i) {
        std::size_t length =
            std::string_view(",;/&|").find(plain[i]) != std::string_view::npos ? 1 : 0;
        for (const std::string& word : words.between_values)
            if (padded.compare(i, word.size() + 2, " " + word + " ") == 0) length = word.size() + 1;
        if (length == 0) parts.back() += plain[i];
        else parts.emplace_back(), i += length - 1;
    }
    return parts;
}

// All distinct numbers that stand somewhere in the text.
std::set<std::string> numbers_in(const std::string& plain, const RuleWords& words) {
    std::set<std::string> found;
    for (const std::string& part : parts_of(plain, words)) {
        i18n::phonenumbers::PhoneNumberMatcher matcher(part, "SE");
        for (i18n::phonenumbers::PhoneNumberMatch match; matcher.HasNext() && matcher.Next(&match);)
            found.insert(e164_of(match.number()));
    }
    if (!found.empty()) return found;
    // The library takes two numbers with nothing but a space between them for one that is too long.
    for (auto space = plain.find(' '); space != std::string::npos;
         space = plain.find(' ', space + 1)) {
        if (std::string_view("0+").find(plain[space + 1]) == std::string_view::npos)
            continue;  // a group of digits
        const Phone first = whole_number(plain.substr(0, space)),
                    second = whole_number(plain.substr(space + 1));
        if (first.fault == PhoneFault::None && second.fault == PhoneFault::None)
            return {first.e164, second.e164};
    }
    return found;
}

}  // namespace

Phone parse_phone(std::string_view written, const RuleWords& words) {
    std::string plain = plain_signs(written);
    if (plain.ends_with('.')) plain.pop_back();
    Phone whole = whole_number(plain);
    if (whole.fault != PhoneFault::NotANumber) return whole;
    const std::set<std::string> found = numbers_in(plain, words);
    if (found.size() > 1) return {{}, PhoneFault::Several};
    return {{}, found.empty() ? PhoneFault::NotANumber : PhoneFault::Unusual};
}

ValueCheck check_phone(const std::string& text, const RuleWords& words) {
    const Phone phone = parse_phone(text, words);
    ValueCheck check = wrong_value(text, "format");
    check.valid = phone.fault == PhoneFault::None;
    check.doubtful = !check.valid && phone.fault != PhoneFault::NotANumber;
    check.insisted = phone.fault == PhoneFault::Unassigned || phone.fault == PhoneFault::Short;
    if (check.valid) check.normalized = phone.e164;
    switch (phone.fault) {
        case PhoneFault::Unassigned: check.reason = "unassigned"; break;
        case PhoneFault::Several: check.reason = "several_values"; break;
        case PhoneFault::Short: check.reason = "short_number"; break;
        case PhoneFault::Unusual: check.reason = "unusual_form"; break;
        default: break;
    }
    return check;
}

}  // namespace avtalskoll::rules
