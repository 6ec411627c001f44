#include "ocr/matching/packed_picture.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace avtalskoll::ocr {
namespace {

cv::Mat noise(cv::Size size) {
    cv::Mat picture(size, CV_8U);
    cv::RNG random(7);
    random.fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && cv::countNonZero(a != b) == 0;
}

TEST(PackedPicture, GivesBackEveryPixel) {
    const cv::Mat picture = noise({301, 200});  // the last strip is a short one
    const PackedPicture packed(picture);
    EXPECT_EQ(packed.size(), picture.size());
    EXPECT_TRUE(same(packed.whole(), picture));
    for (const cv::Rect& part : {cv::Rect(0, 0, 1, 1), cv::Rect(10, 63, 50, 2),
                                 cv::Rect(300, 199, 1, 1), cv::Rect(5, 128, 290, 64)})
        EXPECT_TRUE(same(packed.region(part), picture(part))) << part;
    EXPECT_TRUE(packed.region({}).empty());
}

TEST(PackedPicture, PacksPaper) {
    const PackedPicture paper(cv::Mat(2000, 1600, CV_8U, cv::Scalar(255)));
    EXPECT_LT(paper.bytes(), 5000U);
}

TEST(PackedPicture, PacksRowsThatDoNotLieTogether) {
    const cv::Mat picture = noise({400, 300});
    const cv::Rect part(37, 11, 101, 150);
    EXPECT_TRUE(same(PackedPicture(picture(part)).whole(), picture(part)));
}

}  // namespace
}  // namespace avtalskoll::ocr
