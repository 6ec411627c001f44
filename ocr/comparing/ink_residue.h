// Takes one picture's ink from another's after their strokes were made alike: what is left differs.
//
// The picture that is taken away goes through the linear filter that makes it most like the other
// (image subtraction by an optimal kernel, Alard and Lupton 1998), so that another sharpness,
// thickness or darkness of all strokes leaves nothing. That is done in both directions, and only
// what both leave counts: no filter makes a blurred picture sharp. Internal to ocr/. Pure; safe
// from many threads.
#pragma once
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {

// CV_32F, 0 paper, 1 the full contrast of print.
struct InkResidue {
    cv::Mat added;     // only in the second picture
    cv::Mat lost;      // only in the first
    double noise = 0;  // what ink that is alike leaves: exceeded by one inked pixel of 200
    // Correlation of the two pictures' ink after the filter, the better direction.
    double likeness = 0;
};

// Both CV_32F darkness, of one size, laid on each other. `left_out`: 8-bit, not 0 where nothing is
// known.
InkResidue residue_between(const cv::Mat& first, const cv::Mat& second, const cv::Mat& left_out);

}  // namespace avtalskoll::ocr
