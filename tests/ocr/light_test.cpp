#include "ocr/picture/light.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

TEST(EvenLight, ShadowGoesAndInkStays) {
    cv::Mat page(1200, 800, CV_8U);
    for (int y = 0; y < page.rows; ++y) page.row(y).setTo(cv::Scalar(230 - 100.0 * y / page.rows));
    for (int y = 100; y < 1100; y += 100)
        cv::putText(page, "skugga", {100, y}, cv::FONT_HERSHEY_SIMPLEX, 1.5, cv::Scalar(20), 3);
    const cv::Mat even = even_light(page);
    EXPECT_GT(even.at<unsigned char>(30, 700), 240);
    EXPECT_GT(even.at<unsigned char>(1150, 700), 240);
    double darkest = 255;
    cv::minMaxLoc(even(cv::Rect(100, 950, 400, 80)), &darkest);
    EXPECT_LT(darkest, 60);
}

TEST(EvenLight, BilevelPageIsUnchanged) {
    cv::Mat page(1200, 800, CV_8U, cv::Scalar(255));
    cv::rectangle(page, {100, 100, 50, 50}, 0, cv::FILLED);
    EXPECT_EQ(cv::countNonZero(even_light(page) != page), 0);
}

}  // namespace
}  // namespace avtalskoll::ocr
