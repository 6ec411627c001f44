#include "rules/kinds/postal_code.h"

#include <regex>

#include "models/text.h"

namespace avtalskoll::rules {

namespace {

std::string without_spaces(std::string text) {
    std::erase(text, ' ');
    return text;
}

}  // namespace

ValueCheck check_postal_code(const std::string& text, const RuleWords&) {
    static const std::regex kSwedish("(?:SE?[- ]*)?([1-9] ?[0-9] ?[0-9]) ?([0-9] ?[0-9])"),
        kForeign("(?:[A-Z]{1,3}[- ]*)?[0-9]{4,5}|[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}");
    const std::string plain = plain_signs(text);
    std::smatch part;
    if (std::regex_match(plain, part, kSwedish))
        return right_value(text, without_spaces(part[1]) + " " + without_spaces(part[2]));
    return std::regex_match(plain, kForeign) ? doubtful_value(text, "unusual_form")
                                             : wrong_value(text, "format");
}

}  // namespace avtalskoll::rules
