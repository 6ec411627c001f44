// Packs grey pixels as PNG or JPEG for reports.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace avtalskoll::ocr {

// 8-bit grey, 1 channel. Throws Error{Internal} when the encoder fails.
std::vector<std::uint8_t> to_png(const cv::Mat& grey);
std::vector<std::uint8_t> to_jpeg(const cv::Mat& grey, int quality);

}  // namespace avtalskoll::ocr
