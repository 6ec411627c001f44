// Finds which page of which registered form a scan shows, how it is turned and where it lies.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <optional>
#include <vector>

#include "models/reading.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/page_marks.h"
#include "ocr/matching/registration.h"

namespace avtalskoll::ocr {

struct MatchOptions {
    // 300 ranked the right page first on 102 of 102 pages, at a tenth of the time.
    int prefilter_features = 220;
    int fit_features = 700;       // of the blank; all of them when this finds nothing
    int candidates = 2;           // pages that get the full comparison …
    int last_candidates = 12;     // … and when it is none of them
    double least_anchors = 0.45;  // share of a page's printed anchors that must be found in place
    double plain_anchors = 0.7;   // share that makes a page plainly this one when …
    double outdone = 2.5;         // … its resemblance is this many times that of the next
    double least_margin = 0.08;   // by which the best page must beat a page of other print
};

struct PageMatch {
    PageKind kind = PageKind::Unknown;
    const BlankPage* blank = nullptr;  // kind == Form
    Registration registration;         // kind == Form
    FormMatch match;                   // kind == Form
    bool struck_through = false;       // kind == Form
    bool more_on_sheet = false;        // kind == Form
    PrintCheck print;                  // kind == Form
};

// `scan` is evened 8-bit grey of any size; the registration maps form match px to its pixels.
PageMatch match_page(const cv::Mat& scan, const Blanks& blanks, const MatchOptions& options);

}  // namespace avtalskoll::ocr
