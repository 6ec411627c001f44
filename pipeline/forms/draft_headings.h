// Finds a blank's numbered headings: its points. Internal to pipeline/forms/.
#pragma once
#include <string>
#include <vector>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

struct Heading {
    int page = 0;
    double top = 0;  // points from the page's top
    std::string number;
    std::string title;
};

// In the order of the page. Adds to `doubts`. Pure.
std::vector<Heading> find_headings(const BlankPrint& print, const FieldWords& words,
                                   std::vector<std::string>& doubts);

}  // namespace avtalskoll::pipeline
