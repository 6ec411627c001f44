// Tells versions of a form apart by the print in which they differ: the rest of their pages is one and the same.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <cmath>
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/blank_page.h"
#include "ocr/registration.h"

namespace avtalskoll::ocr {

// Finds, for every page, the pages of the form's other versions that look nearly like it, and notes them in both.
// `version_of[form]`: forms with the same number are versions of one form.
void note_other_versions(std::vector<BlankPage>& pages, const std::vector<int>& version_of);

// Where the scan stands between the two prints, about 1 where it shows `page`'s and 0 where it shows the other's, and the
// standard error of that: the less the prints differ and the worse the scan, the larger.
struct Likeness {
    double to_this = 0.5;
    double error = 1;
    bool sure() const { return std::abs(to_this - 0.5) > 4 * error; }
};
Likeness likeness(const cv::Mat& scan, const BlankPage& page, const Registration& registration, const OtherVersion& other);

}  // namespace avtalskoll::ocr
