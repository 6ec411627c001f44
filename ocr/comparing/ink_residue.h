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

// The ink of a page as CV_32F, 0 paper, 1 print. The paper's own shade, of shadows and of grey
// sheets, is taken away. `grey` and the blank's `print` are 8-bit, of one size, at kReadDpi.
cv::Mat darkness_of(const cv::Mat& grey, const cv::Mat& print);

// CV_32F, 0 paper, 1 the full contrast of print.
struct InkResidue {
    cv::Mat added;     // only in the second picture
    cv::Mat lost;      // only in the first
    double noise = 0;  // what print leaves that is alike: exceeded by one of its pixels of 200
    // The two pictures, and each made like the other.
    cv::Mat first, second, first_as_second, second_as_first;

    // The clearest point of `box` that still differs when the pictures are moved against each other
    // there, by half a millimetre at most: 0..1.
    double remains_when_moved(const cv::Rect& box) const;
};

// Both CV_32F darkness, of one size, laid on each other. `left_out`: 8-bit, not 0 where nothing is
// known. `printed`: 8-bit, not 0 on the form's own print, which tells the noise.
InkResidue residue_between(const cv::Mat& first, const cv::Mat& second, const cv::Mat& left_out,
                           const cv::Mat& printed);

}  // namespace avtalskoll::ocr
