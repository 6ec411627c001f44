// The place of a correlation map's peak to a fraction of a pixel.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {

struct Peak {
    cv::Point2d at;    // map px
    double score = 0;  // the map's value there
};

// `map` is CV_32F, as cv::matchTemplate gives it. The vertex of the parabola through the highest
// value and its neighbours.
Peak find_peak(const cv::Mat& map);

}  // namespace avtalskoll::ocr
