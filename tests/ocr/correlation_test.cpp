#include "ocr/matching/correlation.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

// Smooth noise: every patch of it is unlike every other.
cv::Mat texture() {
    cv::Mat noise(240, 320, CV_8U);
    cv::RNG(5).fill(noise, cv::RNG::UNIFORM, 0, 256);
    cv::GaussianBlur(noise, noise, {0, 0}, 2.5);
    cv::normalize(noise, noise, 0, 255, cv::NORM_MINMAX);
    return noise;
}

cv::Mat moved(const cv::Mat& picture, double dx, double dy) {
    cv::Mat out;
    cv::warpAffine(picture, out, cv::Matx23d(1, 0, dx, 0, 1, dy), picture.size(), cv::INTER_CUBIC,
                   cv::BORDER_REFLECT);
    return out;
}

const cv::Rect kPatch(120, 90, 56, 40);

// The surroundings of kPatch's place in a picture, as far as a search within `reach` sees it.
cv::Mat around(const cv::Mat& picture, int reach) {
    const int margin = PrintPatch::margin_px(reach);
    return picture(cv::Rect(kPatch.x - margin, kPatch.y - margin, kPatch.width + 2 * margin,
                            kPatch.height + 2 * margin));
}

TEST(PrintPatch, TellsFractionsOfAPixelUpToItsReach) {
    const cv::Mat blank = texture();
    for (const cv::Point2d shift : {cv::Point2d(0, 0), cv::Point2d(3.3, -2.6), cv::Point2d(-7.5, 7),
                                    cv::Point2d(15, -14.2)}) {
        const Peak peak =
            PrintPatch(blank(kPatch)).find_in(around(moved(blank, shift.x, shift.y), 16), 16);
        EXPECT_NEAR(peak.at.x, shift.x, 0.1);
        EXPECT_NEAR(peak.at.y, shift.y, 0.1);
        EXPECT_GT(peak.score, 0.95);
    }
}

TEST(PrintPatch, ScoresAsNormalizedCorrelationDoes) {
    const cv::Mat blank = texture();
    cv::Mat scan = moved(blank, 2, -3) * 0.6 + 40, noise(scan.size(), CV_8U), map;
    cv::RNG(6).fill(noise, cv::RNG::UNIFORM, 0, 60);
    scan += noise;
    cv::matchTemplate(
        scan(cv::Rect(kPatch.x - 8, kPatch.y - 8, kPatch.width + 16, kPatch.height + 16)),
        blank(kPatch), map, cv::TM_CCOEFF_NORMED);
    EXPECT_NEAR(PrintPatch(blank(kPatch)).find_in(around(scan, 8), 8).score, find_peak(map).score,
                1e-3);
}

TEST(PrintPatch, ScoresNothingWhereThereIsNoPrint) {
    const cv::Mat blank = texture(), paper(blank.size(), CV_8U, cv::Scalar(255));
    EXPECT_EQ(PrintPatch(paper(kPatch)).find_in(around(blank, 8), 8).score, 0);
    EXPECT_EQ(PrintPatch(blank(kPatch)).find_in(around(paper, 8), 8).score, 0);
}

}  // namespace
}  // namespace avtalskoll::ocr
