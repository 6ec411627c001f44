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

// True for a piece of darkness that is a punched hole: round, of a hole's size (ISO 838 has 6 mm).
bool is_hole(const cv::Rect& box, int area_px, double px_per_mm) {
    constexpr double kSmallest_mm = 4, kLargest_mm = 8, kRound = 0.7;
    const double least = std::min(box.width, box.height), most = std::max(box.width, box.height);
    return least >= kSmallest_mm * px_per_mm && most <= kLargest_mm * px_per_mm &&
           least > kRound * most && area_px > kRound * box.area();
}

// Solid darkness that is as thick as no pen: what the scan shows around the sheet (the lid, the
// table), and punched holes.
cv::Mat no_paper(const cv::Mat& scan) {
    constexpr int kShrink = 4;
    constexpr double kDark = 150, kThick_mm = 3;
    const double px_per_mm = scan.rows / 297.0 / kShrink;
    const int thick = std::max(3, static_cast<int>(kThick_mm * px_per_mm));
    cv::Mat lightest, dark, framed;
    cv::dilate(scan, lightest, cv::getStructuringElement(cv::MORPH_RECT, {kShrink, kShrink}));
    cv::resize(lightest, lightest, {}, 1.0 / kShrink, 1.0 / kShrink, cv::INTER_NEAREST);
    cv::copyMakeBorder(lightest < kDark, framed, thick, thick, thick, thick, cv::BORDER_REPLICATE);
    cv::morphologyEx(framed, framed, cv::MORPH_OPEN, ellipse_of(thick));
    dark = framed(cv::Rect(thick, thick, lightest.cols, lightest.rows)).clone();
    cv::Mat labels, stats, centres;
    const int count = cv::connectedComponentsWithStats(dark, labels, stats, centres);
    for (int i = 1; i < count; ++i) {
        const int* stat = stats.ptr<int>(i);
        const cv::Rect box(stat[0], stat[1], stat[2], stat[3]);
        const bool at_edge =
            box.x == 0 || box.y == 0 || box.br().x == dark.cols || box.br().y == dark.rows;
        if (!at_edge && !is_hole(box, stat[4], px_per_mm)) dark.setTo(0, labels == i);
    }
    cv::dilate(dark, dark, ellipse_of(thick | 1));
    cv::resize(dark, dark, scan.size(), 0, 0, cv::INTER_NEAREST);
    return dark;
}

// A streak is thin and upright on the glass, whichever way the sheet lies, and longer than any
// letter or rule of a form's cells.
cv::Mat upright_streaks(const cv::Mat& scan) {
    constexpr double kLong_mm = 20, kDarker = 9, kCovered = 0.85, kBeside_mm = 0.55, kCalm_mm = 1.2;
    constexpr double kPrinted = 140;
    const double px_per_mm = scan.rows / 297.0;
    const int beside = std::max(3, static_cast<int>(std::lround(kBeside_mm * px_per_mm)));
    cv::Mat calm;
    cv::blur(scan, calm, {1, static_cast<int>(kCalm_mm * px_per_mm) | 1});
    cv::Mat left = cv::Mat::zeros(scan.size(), CV_8U), right = left.clone(), lower, streaks;
    calm.colRange(0, scan.cols - beside).copyTo(left.colRange(beside, scan.cols));
    calm.colRange(beside, scan.cols).copyTo(right.colRange(0, scan.cols - beside));
    cv::min(left, right, lower);
    cv::subtract(lower, calm, lower);
    // Ink that the streak crosses hides it. Letters above each other leave gaps; a streak has none.
    streaks = (lower > kDarker) | (scan < kPrinted);
    const int length = static_cast<int>(kLong_mm * px_per_mm) | 1;
    cv::Mat covered;
    cv::blur(streaks, covered, {1, length});
    streaks = covered > kCovered * 255;
    cv::dilate(streaks, streaks, cv::getStructuringElement(cv::MORPH_RECT, {5, length}));
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
