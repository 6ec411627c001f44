// Drafts the request for completion from what was found and decided. Pure; safe from many threads.
#pragma once
#include <string>
#include <utility>

#include "app/review/case.h"
#include "app/review/letter_texts.h"
#include "app/review/review.h"

namespace avtalskoll::app {

// Everything about a letter but what it asks for. Empty: not known, and then it is not mentioned.
struct LetterFrame {
    std::string number = {};  // the case's
    std::string organisation = {}, organisation_number = {};
    CasePerson to = {};
    std::string officer = {}, authority = {};
    std::string answer_by = {};  // YYYY-MM-DD
};

// What is known of the case, and the contact person; officer, authority and day are the caller's.
LetterFrame frame_of(const Case& line, const CasePerson& to);

struct LetterDraft {
    std::string text;
    bool asks = false;  // for anything at all
};

// Plain text: subject line, then by agreement and point what is wrong and what to do. Only what is
// surely lacking is named; fields that nobody has decided on are not.
LetterDraft draft_letter(const LetterFrame& frame, const Review& review,
                         const pipeline::LetterTexts& texts);

// A reminder of a request that was not answered: before its date, and after it (`overdue`).
std::string draft_reminder(const LetterFrame& frame, bool overdue,
                           const pipeline::LetterTexts& texts);

// The letter that goes with the counter-signed copy.
std::string draft_copy_letter(const LetterFrame& frame, const pipeline::LetterTexts& texts);

// The first line of a letter, which is the subject of its mail; and the rest.
std::pair<std::string, std::string> subject_and_body(const std::string& letter);

}  // namespace avtalskoll::app
