// The straight lines printed on a page: rules to write on, and boxes and table cells to write in.
//
// Pure; safe from many threads.
#pragma once
#include <vector>

#include "models/geometry.h"
#include "models/page_image.h"
#include "ocr/reading/page_reader.h"

namespace avtalskoll::ocr {

// A level line that is no side of a box, in points from the page's top left.
struct PrintedRule {
    double left = 0;
    double right = 0;
    double y = 0;
};

// Cells of one size beside each other, for a character each.
struct PrintedComb {
    BoxPt box;
    int cells = 0;
};

struct PrintLayout {
    std::vector<PrintedRule> rules;  // downwards, then from the left
    std::vector<BoxPt> boxes;        // the space inside their lines; the same order
    std::vector<BoxPt> ticks = {};   // small squares alone, with their lines
    std::vector<PrintedComb> combs = {};
};

// `size`: of the page in points. Lines shorter than 20 mm are left out, and boxes lower than 4 mm
// but for squares to tick.
PrintLayout find_print_layout(const PageImage& page, SizePt size);

// The words on a page, read from its pixels; for a page whose file has no text. Sizes are
// estimated, no word is bold.
std::vector<PrintedWord> read_words(const PageImage& page, SizePt size, ReadingTools& tools);

}  // namespace avtalskoll::ocr
