// Finds the boxes to tick of a blank, and the choices that they make. Internal to pipeline/forms/.
#pragma once
#include <string>
#include <vector>

#include "models/form.h"
#include "ocr/document/blank_layout.h"
#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

// A box alone, or several of which one is ticked.
struct DraftTicks {
    int page = 0;
    BoxPt box;          // of all
    std::string label;  // what a box alone says, or the question of a choice; may be empty
    std::vector<Option> options = {};  // of a choice
    std::vector<std::string> doubts = {};
};

// `fillable`: the file's own, which count alone where there are any. In reading order. Pure.
std::vector<DraftTicks> find_ticks(const BlankPrint& print,
                                   const std::vector<ocr::FillableTick>& fillable);

}  // namespace avtalskoll::pipeline
