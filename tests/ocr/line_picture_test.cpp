#include "ocr/reading/line_picture.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

cv::Mat paper(int rows, int cols) { return {rows, cols, CV_8U, cv::Scalar(255)}; }

// Rows of the picture that have ink.
cv::Range inked(const cv::Mat& ink) {
    cv::Mat most;
    cv::reduce(ink, most, 1, cv::REDUCE_MAX);
    cv::Range rows{most.rows, 0};
    for (int y = 0; y < most.rows; ++y)
        if (most.at<unsigned char>(y) > 128) rows.start = std::min(rows.start, y), rows.end = y + 1;
    return rows;
}

TEST(LinePicture, IsOfOneHeightWithBrightInkInItsMiddle) {
    cv::Mat writing = paper(60, 200);
    writing(cv::Rect(10, 10, 150, 36)).setTo(0);
    const auto line = line_picture(writing);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->ink.rows, kLineRows);
    EXPECT_NEAR(line->scale, 26.0 / 36, 0.03);
    EXPECT_EQ(line->ink.cols, std::lround((150 + 20) * line->scale)) << "and a margin at each end";
    const cv::Range rows = inked(line->ink);
    EXPECT_NEAR(rows.size(), kLineInkRows, 1);
    EXPECT_NEAR((rows.start + rows.end) / 2.0, kLineRows / 2.0, 1);
    EXPECT_EQ(line->ink.at<unsigned char>(kLineRows / 2, 2), 0);
}

TEST(LinePicture, SmallDirtAboveTheLineDoesNotShrinkIt) {
    cv::Mat clean = paper(60, 300);
    clean(cv::Rect(10, 30, 280, 20)).setTo(0);
    cv::Mat dirty = clean.clone();
    dirty(cv::Rect(40, 2, 4, 4)).setTo(0);
    EXPECT_NEAR(line_picture(dirty)->scale, line_picture(clean)->scale, 0.02);
}

TEST(LinePicture, LowLettersAloneAreEnlargedALittleOnly) {
    cv::Mat writing = paper(20, 100);
    writing(cv::Rect(10, 5, 80, 8)).setTo(0);
    EXPECT_DOUBLE_EQ(line_picture(writing)->scale, 1.3);
}

TEST(LinePicture, NothingAndEndlessLinesAreNone) {
    EXPECT_FALSE(line_picture(paper(30, 100)));
    cv::Mat endless = paper(30, 4000);
    endless(cv::Rect(0, 2, 4000, 26)).setTo(0);
    EXPECT_FALSE(line_picture(endless));
}

}  // namespace
}  // namespace avtalskoll::ocr
