#include "ocr/picture/light.h"

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

constexpr int kShrink = 8;  // the paper's light changes slowly: an eighth of the pixels shows it
constexpr int kEnvelope_px = 15;  // of the shrunk page: 15 * 8 px = 15 mm at 200 dpi
// Below this it is no paper but the scanner's lid or the table.
constexpr double kDarkestPaper = 60;

bool is_bilevel(const cv::Mat& grey) {
    cv::Mat middle;
    cv::inRange(grey, cv::Scalar(24), cv::Scalar(231), middle);
    // A bilevel scan drawn at another resolution has grey only along edges.
    return cv::countNonZero(middle) < 0.06 * static_cast<double>(grey.total()) &&
           cv::mean(grey)[0] > 225;
}

}  // namespace

cv::Mat even_light(const cv::Mat& grey) {
    if (is_bilevel(grey)) return grey.clone();
    cv::Mat paper;
    cv::resize(grey, paper, {}, 1.0 / kShrink, 1.0 / kShrink, cv::INTER_AREA);
    cv::dilate(paper, paper,
               cv::getStructuringElement(cv::MORPH_RECT, {kEnvelope_px, kEnvelope_px}));
    cv::medianBlur(paper, paper, 9);
    cv::GaussianBlur(paper, paper, {0, 0}, 5);
    cv::max(paper, kDarkestPaper, paper);
    cv::resize(paper, paper, grey.size(), 0, 0, cv::INTER_LINEAR);
    cv::Mat even;
    // 250, not 255: the envelope is the brightest paper near by, the ordinary paper is a little
    // darker.
    cv::divide(grey, paper, even, 262.0, CV_8U);
    return even;
}

}  // namespace avtalskoll::ocr
