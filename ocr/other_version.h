// Tells versions of a form apart by the print in which they differ: the rest of their pages is one and the same.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/blank_page.h"
#include "ocr/registration.h"

namespace avtalskoll::ocr {

// Finds, for every page, the pages of the form's other versions that look nearly like it, and notes them in both.
// `version_of[form]`: forms with the same number are versions of one form.
void note_other_versions(std::vector<BlankPage>& pages, const std::vector<int>& version_of);

// Where the scan stands between the two prints: 1 it shows `page`'s, 0 the other's. 0.5 where they do not differ.
double likeness(const cv::Mat& scan, const BlankPage& page, const Registration& registration, const OtherVersion& other);

}  // namespace avtalskoll::ocr
