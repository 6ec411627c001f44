// The blank that several filled-in scans of one form share: laid on each other, the print is what
// all of them show.
//
// Pure; safe from many threads.
#pragma once
#include <vector>

#include "models/page_image.h"

namespace avtalskoll::ocr {

struct CommonPage {
    PageImage page;  // the first scan's page without what only it shows, at 200 dpi
    int scans = 0;   // how many show it, the first among them
};

// `scans`: the pages of each. The first is upright and has every page of the form once; what is in
// no other is left out. The others may have the pages in any order, and turned. With three scans
// and more, what most of them show is print. Throws Error{BadInput} when there are fewer than two,
// or nothing is shared.
std::vector<CommonPage> common_print(const std::vector<std::vector<PageImage>>& scans);

}  // namespace avtalskoll::ocr
