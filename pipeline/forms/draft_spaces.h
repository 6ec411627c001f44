// Finds the places of a blank where something may be written or signed, and the print that says
// what belongs there. Internal to pipeline/forms/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

struct Space {
    int page = 0;
    BoxPt box;
    std::string acroform, hint;
    bool multiline = false;
    bool signature = false;  // a field for a digital signature
    bool on_rule = false;    // the box is the room above a printed rule
};

// In reading order: fillable fields, printed boxes and printed rules. Pure.
std::vector<Space> find_spaces(const BlankPrint& print,
                               const std::map<std::string, ocr::FillableField>& fillable);

// The print that says what belongs in one of the spaces: inside it, under its rule, to its left,
// over it; null: none. Points into `print`. Pure.
const Segment* label_of(const Space& space, const std::vector<Space>& spaces,
                        const BlankPrint& print);

}  // namespace avtalskoll::pipeline
