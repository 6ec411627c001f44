#include "ocr/reading/split_lines.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

constexpr int kWidth = 300;

cv::Mat block(std::initializer_list<cv::Rect> inked, int rows) {
    cv::Mat writing(rows, kWidth, CV_8U, cv::Scalar(255));
    for (const cv::Rect& rectangle : inked) writing(rectangle).setTo(0);
    return writing;
}

TEST(SplitLines, LinesAreCutWhereNoRowHasInk) {
    const auto lines = split_lines(block({{10, 5, 200, 24}, {10, 40, 150, 24}}, 80));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].cols, kWidth);
    EXPECT_GE(lines[0].rows, 24);
    EXPECT_EQ(cv::countNonZero(lines[0] < 128), 200 * 24);
    EXPECT_EQ(cv::countNonZero(lines[1] < 128), 150 * 24);
}

TEST(SplitLines, DotsAboveLettersStayWithThem) {
    const auto lines =
        split_lines(block({{10, 4, 200, 20}, {40, 33, 5, 3}, {10, 38, 150, 20}}, 70));
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(cv::countNonZero(lines[1] < 128), 150 * 20 + 15);
}

TEST(SplitLines, LinesThatTouchAreNotGuessed) {
    EXPECT_TRUE(split_lines(block({{10, 5, 200, 60}}, 80)).empty());
}

TEST(SplitLines, PaperHasNoLines) { EXPECT_TRUE(split_lines(block({}, 50)).empty()); }

}  // namespace
}  // namespace avtalskoll::ocr
