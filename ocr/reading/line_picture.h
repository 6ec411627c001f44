// A line of writing as the line reader wants it: of one height, ink bright.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <optional>

namespace avtalskoll::ocr {

inline constexpr int kLineRows = 32;       // of every picture that the line reader is given
inline constexpr int kLineInkRows = 26;    // of them that the ink fills
inline constexpr int kLongestLine = 1600;  // columns; a longer line is none

struct LinePicture {
    cv::Mat ink;       // 8-bit, kLineRows high, ink 255, paper 0
    double scale = 1;  // columns for each pixel of the writing's width
};

// `writing`: 8-bit grey, dark on light, a single line at kReadDpi. The rows that hold nearly all of
// its ink are scaled to kLineInkRows, by a factor of 0.5 to 1.3: dirt above or below the letters
// and a line of low letters alone change the letters' size little. Paper before and after the line
// is cut to a small margin. nullopt where there is no ink, or too long a line.
std::optional<LinePicture> line_picture(const cv::Mat& writing);

}  // namespace avtalskoll::ocr
