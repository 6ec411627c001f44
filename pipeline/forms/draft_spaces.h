// Finds the places of a blank where something may be written or signed. Internal to
// pipeline/forms/.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

// The print that makes a place one.
enum class SpaceKind {
    Fillable,  // a field of the file
    Box,       // a printed box or a table's cell
    Rule,      // the room above a printed line
    Run,       // the room above underscores or dots in a line of text
    Prompt,    // words that a value replaces
};

struct Space {
    int page = 0;
    BoxPt box;
    SpaceKind kind = SpaceKind::Box;
    std::string acroform = {};  // Fillable: its name
    std::string hint = {};      // Fillable: its tooltip; Prompt: its words
    bool multiline = false;
    int cells = 0;           // Box: a comb of so many
    bool signature = false;  // a field for a digital signature
    bool on_rule = false;    // its lower side is a line, and a label may stand under it
};

// In reading order. Pure.
std::vector<Space> find_spaces(const BlankPrint& print,
                               const std::map<std::string, ocr::FillableField>& fillable);

}  // namespace avtalskoll::pipeline
