#include "ocr/reading/line_picture.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

// The rows (or columns) that hold all of the ink but for `left_out` of it at either end; empty
// where there is none.
cv::Range inked(const cv::Mat& ink, bool rows, double left_out) {
    cv::Mat sums;
    cv::reduce(ink, sums, rows ? 1 : 0, cv::REDUCE_SUM, CV_64F);
    const double all = cv::sum(sums)[0];
    if (all <= 0) return {0, 0};
    const auto at = [&](int i) { return rows ? sums.at<double>(i, 0) : sums.at<double>(0, i); };
    int first = 0, end = static_cast<int>(sums.total());
    for (double left = left_out * all; first < end && left >= at(first);) left -= at(first++);
    for (double left = left_out * all; end > first && left >= at(end - 1);) left -= at(--end);
    return {first, end};
}

// Wide margins are unlike all that the reader learned from.
cv::Mat with_usual_margins(const cv::Mat& ink) {
    constexpr int kMargin_px = 10;        // as ocr/ink/ink.h's writing_only leaves
    constexpr double kFaintest = 0.0005;  // of the ink: less than a dot at a line's end
    const cv::Range columns = inked(ink, false, kFaintest);
    cv::Mat tight;
    cv::copyMakeBorder(ink.colRange(columns), tight, 0, 0, kMargin_px, kMargin_px,
                       cv::BORDER_CONSTANT | cv::BORDER_ISOLATED, 0);
    return tight;
}

}  // namespace

std::optional<LinePicture> line_picture(const cv::Mat& writing) {
    constexpr double kLeastScale = 0.5, kMostScale = 1.3;
    constexpr double kLeftOut = 0.004;  // of the ink, above and below
    const cv::Range rows = inked(255 - writing, true, kLeftOut);
    if (rows.empty()) return std::nullopt;
    const cv::Mat ink = with_usual_margins(255 - writing);
    LinePicture line;
    line.scale =
        std::clamp(static_cast<double>(kLineInkRows) / rows.size(), kLeastScale, kMostScale);
    const int width = std::max(8, static_cast<int>(std::lround(line.scale * ink.cols)));
    if (width > kLongestLine) return std::nullopt;
    // The inked rows' middle comes to the picture's middle.
    const double middle = (rows.start + rows.end) / 2.0;
    const cv::Matx23d to_line(line.scale, 0, 0.5 * line.scale - 0.5, 0, line.scale,
                              kLineRows / 2.0 - line.scale * middle + 0.5 * line.scale - 0.5);
    cv::Mat soft = ink;
    if (line.scale < 0.8) cv::GaussianBlur(ink, soft, {0, 0}, 0.4 / line.scale);
    cv::warpAffine(soft, line.ink, to_line, {width, kLineRows}, cv::INTER_LINEAR,
                   cv::BORDER_CONSTANT, 0);
    return line;
}

}  // namespace avtalskoll::ocr
