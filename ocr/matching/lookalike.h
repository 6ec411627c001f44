// Tells pages that look alike apart by the print in which they differ: versions of a form,
// signature pages of sister agreements.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/matching/blank_page.h"
#include "ocr/matching/registration.h"

namespace avtalskoll::ocr {

// Finds the pages of other forms that look nearly like `page` (its index), and notes them in it, as
// if none were a version of its form; several threads may note those of different pages.
void note_lookalikes(Blanks& blanks, std::size_t page);

// Where the scan stands between the two prints, about 1 where it shows `page`'s and 0 where it
// shows the other's, and the standard error of that. The error is larger when the prints differ
// less or the scan is worse.
struct Likeness {
    double to_this = 0.5;
    double error = 1;
    bool sure() const { return std::abs(to_this - 0.5) > 4 * error; }
};
Likeness likeness(const cv::Mat& scan, const BlankPage& page, const Registration& registration,
                  const Lookalike& other);

}  // namespace avtalskoll::ocr
