// Lays one page's picture on another's, patch by patch: what two registrations leave is up to 0.3
// mm.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {

// The shifts, in pixels, that take a point of the first picture to the second: CV_32FC2 of the
// pictures' size. `aligned`: share of the patches with ink that were found in the other picture.
struct PictureAlignment {
    cv::Mat shifts;
    double aligned = 0;
};

// Both 8-bit, of one size, at kReadDpi.
PictureAlignment align_pictures(const cv::Mat& first, const cv::Mat& second);

// `picture` as the first one lies.
cv::Mat moved_by(const cv::Mat& picture, const cv::Mat& shifts, int border);

}  // namespace avtalskoll::ocr
