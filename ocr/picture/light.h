// Evens the light of a page: paper becomes 255 everywhere, whatever shadow lay on it; ink keeps its
// share of the light.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {

// `grey` is 8-bit, 1 channel, at about 200 dpi. The paper's light is taken as the upper envelope
// over 15 mm (a stroke or a stamp is smaller than that, a shadow larger) and divided away. Bilevel
// pages come back unchanged.
cv::Mat even_light(const cv::Mat& grey);

}  // namespace avtalskoll::ocr
