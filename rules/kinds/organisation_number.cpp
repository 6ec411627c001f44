#include "rules/kinds/organisation_number.h"

#include <optional>
#include <regex>
#include <set>
#include <string>

#include "models/text.h"
#include "rules/kinds/check_digit.h"

namespace avtalskoll::rules {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number's digits; nullopt when `plain` holds more than such a number and the marks that people
// part it with.
std::optional<std::string> number_digits(std::string_view plain) {
    std::string digits;
    std::size_t points = 0;
    if (plain.ends_with('.')) plain.remove_suffix(1);
    for (const char c : plain) {
        if (is_digit(c)) digits += c;
        else if (c == '.' || c == '_') ++points;
        else if (c != ' ' && c != '-') return std::nullopt;
        // A point stands for the hyphen only, four digits before the end.
        if ((c == '.' || c == '_') && digits.size() != 6 && digits.size() != 8) return std::nullopt;
    }
    if (points > 0 && (points > 1 || !(digits.size() == 10 || digits.size() == 12)))
        return std::nullopt;
    return digits;
}

OrganisationNumber judged(std::string_view digits) {
    if (digits.size() == 12 && digits.starts_with("16")) digits.remove_prefix(2);
    if (digits.size() != 10) return {};
    if (digits[2] < '2') return {};  // below 20 it would be a month: a personal identity number
    if (!luhn_holds(digits)) return {{}, NumberFault::CheckDigit};
    return {std::string(digits.substr(0, 6)) + "-" + std::string(digits.substr(6)),
            NumberFault::None};
}

// The right numbers within a text that holds more than one number alone, and whether one has a
// wrong check digit.
NumberFault fault_of_mixed(std::string_view plain) {
    static const std::regex kNumber(
        R"((?:^|[^0-9])((?:16)?[0-9]{6} ?[-._]? ?[0-9]{4})(?: ?01)?(?![0-9]))");
    std::set<std::string> right;
    bool wrong = false;
    constexpr std::size_t kMostRead = 1'000;  // std::regex recurses
    const std::string text(plain.substr(0, kMostRead));
    for (std::sregex_iterator at(text.begin(), text.end(), kNumber), end; at != end; ++at) {
        std::string digits = (*at)[1];
        std::erase_if(digits, [](char c) { return !is_digit(c); });
        const OrganisationNumber number = judged(digits);
        if (number.fault == NumberFault::None) right.insert(number.canonical);
        wrong |= number.fault == NumberFault::CheckDigit;
    }
    if (right.size() > 1) return NumberFault::Several;
    if (right.size() == 1) return NumberFault::Unusual;
    return wrong ? NumberFault::CheckDigit : NumberFault::Format;
}

}  // namespace

OrganisationNumber parse_organisation_number(std::string_view written) {
    const std::string plain = plain_signs(written);
    const auto digits = number_digits(plain);
    OrganisationNumber alone = digits ? judged(*digits) : OrganisationNumber{};
    // When ten digits stand alone, every one was meant: nothing else is looked for in them.
    if (alone.fault != NumberFault::Format) return alone;
    return {{}, fault_of_mixed(plain)};
}

ValueCheck check_organisation_number(const std::string& text, const RuleWords&) {
    const OrganisationNumber number = parse_organisation_number(text);
    ValueCheck check = wrong_value(text, "format");
    check.valid = number.fault == NumberFault::None;
    check.doubtful = number.fault == NumberFault::Unusual || number.fault == NumberFault::Several;
    if (check.valid) check.value = number.canonical;
    if (number.fault == NumberFault::CheckDigit) check.reason = "check_digit";
    if (number.fault == NumberFault::Several) check.reason = "several_values";
    if (number.fault == NumberFault::Unusual) check.reason = "unusual_form";
    return check;
}

}  // namespace avtalskoll::rules
