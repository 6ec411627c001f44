// The answer of a kind's rule on one text.
#pragma once
#include <optional>
#include <string>

#include "rules/rule_words.h"

namespace avtalskoll::rules {

// Valid (with its canonical forms), or why not. A text that is neither surely valid nor surely
// wrong is doubtful.
struct ValueCheck {
    bool valid = false;
    bool doubtful = false;
    bool insisted = false;                  // doubtful, but right when a person says that it is
    std::string value;                      // as reports show it
    std::optional<std::string> normalized;  // for other programs, and to compare
    std::string reason;                     // stable code; of no meaning when valid
};

// `words`: they tell one fault from another. Pure.
using CheckValue = ValueCheck (*)(const std::string& text, const RuleWords& words);

inline ValueCheck right_value(const std::string& text, std::optional<std::string> normalized) {
    return {true, false, false, text, std::move(normalized), ""};
}
inline ValueCheck wrong_value(const std::string& text, const char* reason) {
    return {false, false, false, text, std::nullopt, reason};
}
// For a person, who may say that it is right as it stands.
inline ValueCheck doubtful_value(const std::string& text, const char* reason) {
    return {false, true, true, text, std::nullopt, reason};
}

}  // namespace avtalskoll::rules
