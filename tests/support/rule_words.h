// The words that the program's own rules look for.
#pragma once
#include "pipeline/forms/word_lists.h"

namespace avtalskoll {

inline const rules::RuleWords& rule_words() {
    static const rules::RuleWords kWords =
        pipeline::load_rule_words(AVTALSKOLL_SOURCE_DIR "/data/rule_words.yaml");
    return kWords;
}

}  // namespace avtalskoll
