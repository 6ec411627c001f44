#include "rules/kinds/amount.h"

#include <algorithm>
#include <regex>

#include "models/text.h"

namespace avtalskoll::rules {
namespace {

constexpr std::size_t kLongestAmount = 40;

// Digits in groups of three behind the first, parted by one sign throughout.
bool is_grouped(const std::string& whole) {
    static const std::regex kGroups(
        "[0-9]{1,3}( [0-9]{3})*|[0-9]{1,3}(\\.[0-9]{3})+|"
        "[0-9]{1,3}(,[0-9]{3})+|[0-9]+");
    return std::regex_match(whole, kGroups);
}

ValueCheck of_number(const std::string& text, std::string plain) {
    std::string sign;
    if (plain.starts_with('-')) sign = "-", plain.erase(0, 1);
    while (plain.starts_with(' ')) plain.erase(0, 1);
    if (plain.empty() || plain.find_first_not_of("0123456789 .,") != std::string::npos ||
        plain.find_first_of("0123456789") != 0)
        return wrong_value(text, "format");
    const auto last = plain.find_last_of(".,");
    std::string whole = plain, decimals;
    if (last != std::string::npos) {
        const char mark = plain[last];
        const bool once = std::count(plain.begin(), plain.end(), mark) == 1;
        const std::string behind = plain.substr(last + 1);
        const bool both = plain.find(mark == '.' ? ',' : '.') != std::string::npos;
        const bool spaced = plain.find(' ') != std::string::npos;
        if (once && !both && !spaced && behind.size() == 3)
            return doubtful_value(text, "unusual_form");
        if (once) whole = plain.substr(0, last), decimals = behind;
    }
    if (!is_grouped(whole) || decimals.find_first_not_of("0123456789") != std::string::npos ||
        (whole.size() < plain.size() && decimals.empty()))
        return wrong_value(text, "format");
    std::erase_if(whole, [](char c) { return c < '0' || c > '9'; });
    return right_value(text, sign + whole + (decimals.empty() ? "" : "." + decimals));
}

}  // namespace

ValueCheck check_plain_number(const std::string& text, const RuleWords&) {
    return text.size() > kLongestAmount ? wrong_value(text, "format")
                                        : of_number(text, plain_signs(text));
}

ValueCheck check_amount(const std::string& text, const RuleWords&) {
    static const std::regex kAmount(
        "(?:(?:SEK|EUR|kr|\u20AC) ?)?(-? ?[0-9][0-9 .,]*?)(?:[,.]-|:-)? "
        "?(?:SEK|EUR|kr\\.?|\u20AC)?",
        std::regex::icase);
    const std::string plain = plain_signs(text);
    std::smatch part;
    if (plain.size() > kLongestAmount || !std::regex_match(plain, part, kAmount))
        return wrong_value(text, "format");
    return of_number(text, folded_space(part[1].str()));
}

}  // namespace avtalskoll::rules
