// The ink of a page: in its own pixels, and at a pixel for each millimetre, where long lines are
// quickly found.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {

// 255 where `grey` is darker by more than `least` than the paper within some 2 mm, else 0. `grey`:
// evened, 8-bit, about kMatchDpi.
cv::Mat ink_of(const cv::Mat& grey, double least);

// The pixels of a millimetre in pictures from which coarse ink is made: nearly kMatchPxPerMm, and a
// whole number, by which pictures shrink several times quicker.
inline constexpr int kCoarsePxPerMm = 4;

// ink_of() `grey`, widened by `widen` pixels; 255 in every square of kCoarsePxPerMm pixels of which
// some part has ink.
cv::Mat coarse_ink(const cv::Mat& grey, double least, int widen);

}  // namespace avtalskoll::ocr
