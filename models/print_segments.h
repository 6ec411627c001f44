// Words of a page put together into the pieces of lines that people see: a label, a value, a
// heading.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/geometry.h"
#include "models/page_text.h"

namespace avtalskoll {

// Words of one line that stand together, in points from the page's top left.
struct Segment {
    int page = 0;  // from 1
    BoxPt box;
    std::string text;
    double size_pt = 0;
    bool bold = false;
};

// Line by line downwards, each from the left. `page` is noted in every segment.
std::vector<Segment> segments_of(const std::vector<PrintedWord>& words, int page);

inline double middle(const BoxPt& box) { return box.y + box.h / 2; }
inline bool overlaps_across(const BoxPt& a, const BoxPt& b) {
    return a.x < b.right() && b.x < a.right();
}

}  // namespace avtalskoll
