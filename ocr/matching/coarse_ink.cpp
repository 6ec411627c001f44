#include "ocr/matching/coarse_ink.h"

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {

cv::Mat ink_of(const cv::Mat& grey, double least) {
    constexpr int kAround_px = 17;
    cv::Mat paper, calm;
    cv::GaussianBlur(grey, calm, {0, 0}, 0.7);
    cv::dilate(calm, paper, cv::getStructuringElement(cv::MORPH_RECT, {kAround_px, kAround_px}));
    cv::medianBlur(paper, paper, 5);
    return (paper - calm) > least;
}

cv::Mat coarse_ink(const cv::Mat& grey, double least, int widen) {
    constexpr int kSomeInk = 40;  // of 255: a sixth of a millimetre's square
    cv::Mat wide, coarse;
    const int side = 2 * widen + 1;
    cv::dilate(ink_of(grey, least), wide, cv::getStructuringElement(cv::MORPH_RECT, {side, side}));
    const cv::Size size(wide.cols / kCoarsePxPerMm, wide.rows / kCoarsePxPerMm);
    const cv::Rect whole({}, size * kCoarsePxPerMm);
    cv::resize(wide(whole), coarse, size, 0, 0, cv::INTER_AREA);
    return coarse > kSomeInk;
}

}  // namespace avtalskoll::ocr
