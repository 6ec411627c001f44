#include "ocr/matching/peak.h"

#include <algorithm>

namespace avtalskoll::ocr {
namespace {

double vertex(double before, double at, double after) {
    const double curve = before - 2 * at + after;
    return curve < -1e-9 ? std::clamp(0.5 * (before - after) / curve, -0.5, 0.5) : 0;
}

}  // namespace

Peak find_peak(const cv::Mat& map) {
    Peak peak;
    cv::Point at;
    cv::minMaxLoc(map, nullptr, &peak.score, nullptr, &at);
    peak.at = at;
    if (at.x > 0 && at.x + 1 < map.cols)
        peak.at.x +=
            vertex(map.at<float>(at.y, at.x - 1), map.at<float>(at), map.at<float>(at.y, at.x + 1));
    if (at.y > 0 && at.y + 1 < map.rows)
        peak.at.y +=
            vertex(map.at<float>(at.y - 1, at.x), map.at<float>(at), map.at<float>(at.y + 1, at.x));
    return peak;
}

}  // namespace avtalskoll::ocr
