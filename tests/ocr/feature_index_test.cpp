#include "ocr/matching/feature_index.h"

#include <gtest/gtest.h>

#include <random>

namespace avtalskoll::ocr {
namespace {

cv::Mat random_descriptors(int rows, unsigned seed) {
    std::mt19937 dice(seed);
    cv::Mat table(rows, 32, CV_8U);
    for (int y = 0; y < rows; ++y)
        for (int x = 0; x < 32; ++x)
            table.at<unsigned char>(y, x) = static_cast<unsigned char>(dice());
    return table;
}

// The same features as a poor scan gives them: some bits turned.
cv::Mat scanned(const cv::Mat& table, int bits) {
    std::mt19937 dice(7);
    cv::Mat out = table.clone();
    for (int y = 0; y < out.rows; ++y)
        for (int i = 0; i < bits; ++i) {
            const unsigned bit = dice() % 256;
            out.at<unsigned char>(y, static_cast<int>(bit / 8)) ^=
                static_cast<unsigned char>(1U << (bit % 8));
        }
    return out;
}

TEST(FeatureIndex, FindsThePageThatAScanShowsAmongHundreds) {
    std::vector<cv::Mat> pages;
    for (unsigned i = 0; i < 300; ++i) pages.push_back(random_descriptors(200, i));
    const FeatureIndex index(pages, 200);
    const std::vector<double> alike = index.resemblance(scanned(pages[123], 40));
    EXPECT_GT(alike[123], 160);
    for (std::size_t i = 0; i < alike.size(); ++i)
        if (i != 123) {
            EXPECT_LT(alike[i], 5);
        }
}

TEST(FeatureIndex, TakesTheStrongestOnly) {
    const cv::Mat page = random_descriptors(100, 1);
    EXPECT_DOUBLE_EQ(FeatureIndex({page}, 30).resemblance(page)[0], 30);
}

TEST(FeatureIndex, WhatAllPagesHaveTellsLittle) {
    const cv::Mat letters = random_descriptors(200, 1);
    std::vector<cv::Mat> pages;
    for (unsigned i = 0; i < 50; ++i) {
        cv::Mat page = random_descriptors(40, 100 + i);
        page.push_back(letters);
        pages.push_back(page);
    }
    const std::vector<double> alike = FeatureIndex(pages, 240).resemblance(scanned(pages[7], 20));
    for (std::size_t i = 0; i < alike.size(); ++i)
        if (i != 7) {
            EXPECT_LT(2 * alike[i], alike[7]);
        }
}

TEST(FeatureIndex, NothingIsLikeNothing) {
    EXPECT_EQ(FeatureIndex({cv::Mat(0, 32, CV_8U), random_descriptors(10, 1)}, 10)
                  .resemblance(cv::Mat(0, 32, CV_8U)),
              std::vector<double>({0, 0}));
}

}  // namespace
}  // namespace avtalskoll::ocr
