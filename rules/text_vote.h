// Weighs several readings of one crop against each other: which text is it, and how sure is its
// every character.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/form.h"
#include "models/reading.h"

namespace avtalskoll::rules {

struct VotedText {
    std::string text;           // cleaned for its kind; empty when nothing was read
    double confidence = 0;      // 0..1, that every character is right
    bool models_agree = false;  // two different models gave exactly this text
    bool alone = false;         // one reading, so sure that no other was asked for
    double engine = 0;          // the surest engine's own confidence in the text
    // Share of the text's letters in words that two models read, or that one was sure of.
    double surely_read = 0;
    std::vector<std::string> others;  // the other texts that were read, best supported first
};

// Readings support each other only when their models differ; the line reader's own probability
// counts most (data/models/README.md has how often it was right).
VotedText vote(const std::vector<TextVote>& votes, FieldKind kind);

// A text that the document's own file gives: nothing is to be doubted.
VotedText as_typed(const std::string& text);

}  // namespace avtalskoll::rules
