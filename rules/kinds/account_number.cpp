#include "rules/kinds/account_number.h"

#include <array>
#include <regex>
#include <utility>

#include "models/text.h"
#include "rules/kinds/check_digit.h"

namespace avtalskoll::rules {
namespace {

// ISO 13616-1's register: lengths of the countries whose accounts are usual here.
constexpr std::array<std::pair<std::string_view, std::size_t>, 10> kIbanLengths{{{"SE", 24},
                                                                                 {"NO", 15},
                                                                                 {"DK", 18},
                                                                                 {"FI", 18},
                                                                                 {"DE", 22},
                                                                                 {"GB", 22},
                                                                                 {"NL", 18},
                                                                                 {"FR", 27},
                                                                                 {"PL", 28},
                                                                                 {"EE", 20}}};

bool has_right_length(const std::string& iban) {
    constexpr std::size_t kShortest = 15, kLongest = 34;
    for (const auto& [country, length] : kIbanLengths)
        if (iban.starts_with(country)) return iban.size() == length;
    return iban.size() >= kShortest && iban.size() <= kLongest;
}

// ISO 7064, MOD 97-10: the first four signs moved to the end, letters as 10 to 35.
bool iban_holds(const std::string& iban) {
    int rest = 0;
    for (const char c : iban.substr(4) + iban.substr(0, 4)) {
        const bool digit = c >= '0' && c <= '9';
        rest = (rest * (digit ? 10 : 100) + (digit ? c - '0' : c - 'A' + 10)) % 97;
    }
    return rest == 1;
}

std::string without(std::string text, std::string_view signs) {
    std::erase_if(text, [&](char c) { return signs.find(c) != std::string_view::npos; });
    return text;
}

ValueCheck of_giro(const std::string& text, const std::string& number, std::size_t behind) {
    const std::string digits = without(number, "- ");
    if (!luhn_holds(digits)) return wrong_value(text, "check_digit");
    return right_value(text, digits.substr(0, digits.size() - behind) + "-" +
                                 digits.substr(digits.size() - behind));
}

}  // namespace

ValueCheck check_account_number(const std::string& text, const RuleWords&) {
    static const std::regex kBefore("^(iban|bankgiro|bg|plusgiro|postgiro|pg)\\b[ .:]*",
                                    std::regex::icase),
        kBankgiro("[0-9]{3,4} ?- ?[0-9]{4}"), kPlusgiro("[0-9][0-9 ]{0,8} ?- ?[0-9]"),
        kIban("[A-Z]{2}[0-9]{2}[A-Z0-9]+"), kBank("[0-9][0-9 .,-]{6,22}[0-9]");
    const std::string plain = std::regex_replace(plain_signs(text), kBefore, "");
    if (std::regex_match(plain, kBankgiro)) return of_giro(text, plain, 4);
    if (std::regex_match(plain, kPlusgiro)) return of_giro(text, plain, 1);
    if (const std::string iban = without(plain, " -"); std::regex_match(iban, kIban)) {
        if (!has_right_length(iban)) return wrong_value(text, "format");
        return iban_holds(iban) ? right_value(text, iban) : wrong_value(text, "check_digit");
    }
    return std::regex_match(plain, kBank) ? doubtful_value(text, "unusual_form")
                                          : wrong_value(text, "format");
}

}  // namespace avtalskoll::rules
