// Drafts the request for completion from what was found and decided. Pure; safe from many threads.
#pragma once
#include <string>

#include "app/review/letter_texts.h"
#include "app/review/review.h"

namespace avtalskoll::app {

struct LetterDraft {
    std::string text;
    bool asks = false;  // for anything at all
};

// Plain text: subject line, then by agreement and point what is wrong and what to do. Only what is
// surely lacking is named; fields that nobody has decided on are not.
LetterDraft draft_letter(const std::string& id, const Review& review,
                         const pipeline::LetterTexts& texts);

}  // namespace avtalskoll::app
