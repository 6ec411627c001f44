#include "ocr/matching/registration.h"

#include <gtest/gtest.h>

#include "ocr/matching/page_matcher.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

// Worst distance between where the registration puts points of the form and where they are, in mm
// on paper.
template <class Truth>
double worst_mm(const Registration& registration, cv::Size form, Truth where) {
    double worst = 0;
    for (int y = 40; y < form.height - 40; y += 60)
        for (int x = 60; x < form.width - 60; x += 60)
            worst = std::max(worst, cv::norm(registration.to_scan(cv::Point2d(x, y)) -
                                             where(cv::Point2d(x, y))));
    return worst / kReadPxPerMm;
}

TEST(Registration, SkewScaleAndShiftAreFoundToATenthOfAMillimetre) {
    const BlankPage& blank = test_library().blanks().pages.front();
    const cv::Matx33d h = turned_page(2.3, 0.96, blank.match.size(), blank.read.size());
    const PageMatch match =
        match_page(scan_of(blank, h, blank.read.size()), test_library().blanks(), {});
    ASSERT_EQ(match.kind, PageKind::Form);
    const auto truth = [&](cv::Point2d p) {
        const cv::Vec3d v = h * cv::Vec3d(p.x, p.y, 1);
        return cv::Point2d(v[0] / v[2], v[1] / v[2]);
    };
    EXPECT_LT(
        worst_mm(match.registration,
                 cv::Size(blank.match.size().width, blank.match.size().height * 2 / 3), truth),
        0.1);
}

TEST(Registration, UnevenStretchIsFollowedWherePrintIs) {
    const BlankPage& blank = test_library().blanks().pages.front();
    // A feeder that slips: up to 0.8 mm along the page, stretching it by 1.6 %.
    const auto slip = [&](double y) {
        return 6 * std::sin(y / blank.read.size().height * 2 * CV_PI);
    };
    cv::Mat map(blank.read.size(), CV_32FC2), scan;
    for (int y = 0; y < map.rows; ++y)
        for (int x = 0; x < map.cols; ++x)
            map.at<cv::Vec2f>(y, x) = {static_cast<float>(x), static_cast<float>(y - slip(y))};
    cv::remap(blank.read.whole(), scan, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT,
              255);
    const PageMatch match = match_page(scan, test_library().blanks(), {});
    ASSERT_EQ(match.kind, PageKind::Form);
    const auto truth = [&](cv::Point2d p) {
        double y = 2 * p.y + 0.5;
        for (int i = 0; i < 20; ++i) y = 2 * p.y + 0.5 + slip(y);
        return cv::Point2d(2 * p.x + 0.5, y);
    };
    EXPECT_LT(
        worst_mm(match.registration,
                 cv::Size(blank.match.size().width, blank.match.size().height * 2 / 3), truth),
        0.5);
}

TEST(Registration, ErrorIsSaidToBeLargeFarFromPrint) {
    const BlankPage& blank = test_library().blanks().pages[2];  // print in the upper half only
    const PageMatch match = match_page(blank.read.whole(), test_library().blanks(), {});
    ASSERT_EQ(match.kind, PageKind::Form);
    EXPECT_LT(match.registration.error_mm({200, 330}), 0.3);
    EXPECT_GT(match.registration.error_mm({400, 800}), 1.5);
}

}  // namespace
}  // namespace avtalskoll::ocr
