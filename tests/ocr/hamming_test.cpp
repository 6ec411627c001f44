#include "ocr/matching/hamming.h"

#include <gtest/gtest.h>

#include <opencv2/features2d.hpp>

namespace avtalskoll::ocr {
namespace {

cv::Mat random_letters(int rows, std::uint64_t seed) {
    cv::Mat descriptors(rows, 32, CV_8U);
    cv::RNG(seed).fill(descriptors, cv::RNG::UNIFORM, 0, 256);
    return descriptors;
}

TEST(TwoNearest, AreThoseOfBruteForce) {
    const cv::Mat queries = random_letters(50, 1), among = random_letters(300, 2);
    queries.row(7).copyTo(among.row(120));
    std::vector<std::vector<cv::DMatch>> expected;
    cv::BFMatcher(cv::NORM_HAMMING).knnMatch(queries, among, expected, 2);
    const std::vector<TwoNearest> found = two_nearest(queries, among);
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].index, expected[i][0].trainIdx) << i;
        EXPECT_EQ(found[i].distance, static_cast<int>(expected[i][0].distance)) << i;
        EXPECT_EQ(found[i].next, static_cast<int>(expected[i][1].distance)) << i;
    }
    EXPECT_EQ(found[7].distance, 0);
}

TEST(TwoNearest, TheEarlierOfTwoEqualRowsIsTheNearest) {
    cv::Mat among = random_letters(10, 3);
    among.row(4).copyTo(among.row(8));
    const std::vector<TwoNearest> found = two_nearest(among.row(8), among);
    EXPECT_EQ(found.front().index, 4);
    EXPECT_EQ(found.front().next, 0);
}

}  // namespace
}  // namespace avtalskoll::ocr
