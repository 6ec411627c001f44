// Lays a scan on a blank that is known to be its own, and finds what of it is no paper.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <optional>

#include "models/page_image.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/registration.h"

namespace avtalskoll::ocr {

// All pictures are 8-bit, of the blank's size at kReadDpi, in the form's frame.
struct LaidPage {
    cv::Mat grey;     // evened
    cv::Mat outside;  // 255 where the scan shows no paper: beyond its edge, lid, punched hole
    cv::Mat streaks;  // 255 on a scanner's upright streaks
    Registration registration;
    cv::Size scan;  // size of the scan, px
};

// nullopt when the scan does not lie on the blank.
std::optional<LaidPage> lay_page(const PageImage& image, const BlankPage& blank);

}  // namespace avtalskoll::ocr
