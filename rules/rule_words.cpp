#include "rules/rule_words.h"

#include <algorithm>

#include "models/text.h"

namespace avtalskoll::rules {

bool refers_elsewhere(std::string_view text, const RuleWords& words) {
    // A hyphen joins a word to the next: Se-Hyun is a name, not "se".
    std::string joined = plain_signs(text);
    std::erase(joined, '-');
    const std::string said = folded_words(joined) + " ";
    return std::any_of(words.elsewhere.begin(), words.elsewhere.end(),
                       [&](const std::string& beginning) {
                           return said.starts_with(beginning) && said[beginning.size()] == ' ';
                       });
}

}  // namespace avtalskoll::rules
