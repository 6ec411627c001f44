// Parts a block of writing into its lines.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace avtalskoll::ocr {

// `writing`: 8-bit grey, dark on light, level lines at kReadDpi. The lines from top to bottom, each
// of the block's whole width; none when rows of ink do not part cleanly into lines.
std::vector<cv::Mat> split_lines(const cv::Mat& writing);

}  // namespace avtalskoll::ocr
