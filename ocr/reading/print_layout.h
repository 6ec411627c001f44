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

struct PrintLayout {
    std::vector<PrintedRule> rules;  // downwards, then from the left
    std::vector<BoxPt> boxes;        // the space inside their lines; the same order
};

// `size`: of the page in points. Lines shorter than 20 mm and boxes lower than 4 mm are left out.
PrintLayout find_print_layout(const PageImage& page, SizePt size);

// The words on a page, read from its pixels; for a page whose file has no text. Sizes are
// estimated, no word is bold.
std::vector<PrintedWord> read_words(const PageImage& page, SizePt size, ReadingTools& tools);

}  // namespace avtalskoll::ocr
