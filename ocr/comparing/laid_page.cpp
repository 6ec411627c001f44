#include "ocr/comparing/laid_page.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/picture/light.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kMatchLength_px = 1170;  // A4 at kMatchDpi
constexpr double kLeastAnchors = 0.45;    // as MatchOptions has it

cv::Mat ellipse_of(int px) { return cv::getStructuringElement(cv::MORPH_ELLIPSE, {px, px}); }

std::optional<Registration> registration_of(const cv::Mat& scan, const BlankPage& blank) {
    const int by = std::max(
        1, static_cast<int>(std::lround(std::max(scan.cols, scan.rows) / kMatchLength_px)));
    cv::Mat small;
    cv::resize(scan(cv::Rect(0, 0, scan.cols / by * by, scan.rows / by * by)), small,
               {scan.cols / by, scan.rows / by}, 0, 0, cv::INTER_AREA);
    for (const int features : {kFeatures, 4 * kFeatures}) {
        const auto rough = fit_features(blank, find_features(small, features), small.size(),
                                        blank.descriptors.rows);
        if (!rough) continue;
        Registration fine = refine(blank, small, *rough, by);
        if (fine.anchors_found >= kLeastAnchors) return fine;
    }
    return std::nullopt;
}

// Dark parts of the scan that are as thick as no pen: the lid or the table around the sheet, and
// punched holes.
cv::Mat no_paper(const cv::Mat& scan) {
    constexpr int kShrink = 4, kThick_px = 5;  // 2.5 mm at 200 dpi
    constexpr double kDark = 125;
    cv::Mat small, dark;
    cv::resize(scan, small, {}, 1.0 / kShrink, 1.0 / kShrink, cv::INTER_AREA);
    dark = small < kDark;
    cv::copyMakeBorder(dark, dark, kThick_px, kThick_px, kThick_px, kThick_px,
                       cv::BORDER_REPLICATE);
    cv::morphologyEx(dark, dark, cv::MORPH_OPEN, ellipse_of(kThick_px));
    cv::dilate(dark, dark, ellipse_of(5));
    dark = dark(cv::Rect(kThick_px, kThick_px, small.cols, small.rows));
    cv::resize(dark, dark, scan.size(), 0, 0, cv::INTER_NEAREST);
    return dark;
}

// A streak is thin and upright on the glass, whichever way the sheet lies, and longer than any
// letter or rule of a form's cells.
cv::Mat upright_streaks(const cv::Mat& scan) {
    constexpr double kLong_mm = 20, kDarker = 14;
    const double px_per_mm = scan.rows / 297.0;
    const int beside = std::max(3, static_cast<int>(std::lround(0.55 * px_per_mm)));
    cv::Mat left = cv::Mat::zeros(scan.size(), CV_8U), right = left.clone(), lower, streaks;
    scan.colRange(0, scan.cols - beside).copyTo(left.colRange(beside, scan.cols));
    scan.colRange(beside, scan.cols).copyTo(right.colRange(0, scan.cols - beside));
    cv::min(left, right, lower);
    cv::subtract(lower, scan, lower);
    streaks = lower > kDarker;
    const int gap = std::max(3, static_cast<int>(2 * px_per_mm));
    cv::morphologyEx(streaks, streaks, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {1, gap}));
    cv::morphologyEx(
        streaks, streaks, cv::MORPH_OPEN,
        cv::getStructuringElement(cv::MORPH_RECT, {1, static_cast<int>(kLong_mm * px_per_mm)}));
    cv::dilate(streaks, streaks, cv::getStructuringElement(cv::MORPH_RECT, {5, 9}));
    return streaks;
}

}  // namespace

std::optional<LaidPage> lay_page(const PageImage& image, const BlankPage& blank) {
    const cv::Mat grey(image.height, image.width, CV_8U,
                       const_cast<std::uint8_t*>(image.grey.data()));
    const cv::Mat scan = even_light(grey);
    const auto registration = registration_of(scan, blank);
    if (!registration) return std::nullopt;
    const cv::Rect whole({}, blank.read.size());
    LaidPage page;
    page.registration = *registration;
    page.scan = scan.size();
    page.grey = registration->rectify(scan, whole);
    page.outside = registration->rectify(no_paper(scan), whole);  // 255 beyond the scan's edge, too
    page.outside = page.outside > 0;
    const cv::Mat streaks = upright_streaks(scan);
    page.streaks = registration->rectify(255 - streaks, whole) < 128;
    return page;
}

}  // namespace avtalskoll::ocr
