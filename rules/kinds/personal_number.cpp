#include "rules/kinds/personal_number.h"

#include <algorithm>
#include <chrono>
#include <regex>

#include "models/text.h"
#include "rules/kinds/check_digit.h"

namespace avtalskoll::rules {
namespace {

constexpr int kCoordination = 60;  // added to the day

enum class Birth { Possible, Incomplete, Impossible };

// Without a century, February 29 may be of a leap year.
Birth birth_of(const std::string& century, const std::string& ten) {
    const int month = std::stoi(ten.substr(2, 2));
    int day = std::stoi(ten.substr(4, 2));
    const bool coordination = day >= kCoordination;
    if (coordination) day -= kCoordination;
    // Of a person whose birth date is not known, month or day may be 00.
    if (coordination && (month == 0 || day == 0) && month <= 12 && day <= 31)
        return Birth::Incomplete;
    const int year = century.empty() ? 2000 : std::stoi(century + ten.substr(0, 2));
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return date.ok() ? Birth::Possible : Birth::Impossible;
}

}  // namespace

ValueCheck check_personal_number(const std::string& text, const RuleWords&) {
    static const std::regex kNumber("(18|19|20)?([0-9]{6})([-+]?)([0-9]{4})\\.?"),
        kDigits("[0-9+-]*");
    std::string plain = plain_signs(text);
    std::erase(plain, ' ');  // in a comb, any two digits may stand far apart
    std::smatch part;
    if (!std::regex_match(plain, part, kNumber)) {
        const auto digits =
            std::count_if(plain.begin(), plain.end(), [](char c) { return c >= '0' && c <= '9'; });
        const bool is_number = std::regex_match(plain, kDigits) && (digits == 10 || digits == 12);
        return is_number ? doubtful_value(text, "unusual_form") : wrong_value(text, "format");
    }
    const std::string century = part[1], ten = part[2].str() + part[4].str();
    const Birth birth = birth_of(century, ten);
    if (birth == Birth::Impossible) return wrong_value(text, "no_such_date");
    if (!luhn_holds(ten)) return wrong_value(text, "check_digit");
    if (birth == Birth::Incomplete) return doubtful_value(text, "unusual_form");
    const std::string hyphen = part[3] == "+" && century.empty() ? "+" : "-";
    return right_value(text, century + ten.substr(0, 6) + hyphen + ten.substr(6));
}

std::string without_last_four(const std::string& text) {
    std::string hidden;
    int left = 4;
    for (auto at = text.rbegin(); at != text.rend(); ++at) {
        const bool hide = *at >= '0' && *at <= '9' && left-- > 0;
        hidden.insert(0, hide ? "\u2022" : std::string(1, *at));
    }
    return hidden;
}

}  // namespace avtalskoll::rules
