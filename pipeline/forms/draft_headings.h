// Finds a blank's headings, numbered or not: its points. Internal to pipeline/forms/.
#pragma once
#include <string>
#include <vector>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

struct Heading {
    int page = 0;
    double top = 0;      // points from the page's top
    double left = 0;     // points from the page's left
    std::string number;  // as printed; of one without a number its words
    std::string title;   // empty when the words are the number
};

// In the order of the page. Headings without a number count where nothing is numbered, and before
// the first that is. Adds to `doubts`. Pure.
std::vector<Heading> find_headings(const BlankPrint& print, const FieldWords& words,
                                   std::vector<std::string>& doubts);

}  // namespace avtalskoll::pipeline
