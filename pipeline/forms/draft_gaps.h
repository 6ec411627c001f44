// Finds the places that a blank prints as text: runs of underscores and dots, [brackets], and the
// sentences by which word processors ask for a text. Internal to pipeline/forms/.
#pragma once
#include <string>
#include <vector>

#include "models/page_text.h"
#include "pipeline/forms/form_draft.h"

namespace avtalskoll::pipeline {

// A place that stands in a line of text.
struct Gap {
    BoxPt box;           // of its own print, points from the page's top left
    std::string prompt;  // the words that a value replaces; empty: a run to write on
};

struct CutPage {
    std::vector<PrintedWord> words;  // what is left
    std::vector<Gap> gaps;           // in the order of the page
};

// Takes the gaps, and the boxes to tick that are printed as letters, out of a page's words. Pure.
CutPage cut_gaps(const std::vector<PrintedWord>& words, const FieldWords& field_words);

}  // namespace avtalskoll::pipeline
