// Finds the print that says what belongs in a place of a blank. Internal to pipeline/forms/.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pipeline/forms/draft_spaces.h"

namespace avtalskoll::pipeline {

// Where a label stands, seen from its place.
enum class LabelSide { Inside, Left, Under, Over, Row, Own };  // Own: a tooltip, the prompt's words

struct Label {
    std::string text;
    LabelSide side = LabelSide::Own;
    double cost = 1;     // the less, the surer; over kDoubtfulLabel a person should look
    std::string column;  // the head of the place's column in a table; may be empty
};
inline constexpr double kDoubtfulLabel = 0.6;

// What is asked for by a label of these words (folded, without marks); null: not known.
const FieldWords::Entry* entry_named(const std::string& bare_label, const FieldWords& words);

// True when a label is that of a line beside a signature that nobody checks (a date, a place).
bool stands_beside_signatures(const std::string& bare_label, const FieldWords& words);

// The likeliest of all candidates around one of the spaces; nullopt: none. Pure.
std::optional<Label> label_of(const Space& space, const std::vector<Space>& spaces,
                              const BlankPrint& print, const FieldWords& words);

}  // namespace avtalskoll::pipeline
