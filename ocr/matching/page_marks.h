// Looks at a whole page: is the sheet empty, is it struck through, does it lack what the blank
// prints.
//
// Internal to ocr/. Pure; safe from many threads. Pictures are evened 8-bit grey at about
// kMatchDpi.
#pragma once
#include <opencv2/core.hpp>

#include "models/reading.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/registration.h"

namespace avtalskoll::ocr {

// True when there is nothing on the sheet but dirt: specks, streaks, holes, the scan's dark edges.
// Marks as large as letters that stand on a line, and strokes as long as a thin signature, are no
// dirt.
bool is_empty_sheet(const cv::Mat& scan_match);

// A matched page: the scan at matching scale, and the factor from it to the scan that the
// registration leads to.
struct MatchedPage {
    const BlankPage& blank;
    const Registration& registration;
    const cv::Mat& scan_match;
    double match_to_scan = 1;
};

// True when a pen's line runs slantwise over the page for 80 mm or more: a page that is crossed out
// is no agreement.
bool is_struck_through(const MatchedPage& page);

// True when the form's page takes only a part of the sheet, and the rest of it is not empty: two
// pages were laid side by side.
bool holds_more(const MatchedPage& page);

// Looks for the blank's printed words where they should be.
PrintCheck check_print(const MatchedPage& page);

}  // namespace avtalskoll::ocr
