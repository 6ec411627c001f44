// Pages of one paper by two scanners, and of a paper that was changed.
#include "ocr/comparing/page_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ocr/comparing/alignment.h"
#include "ocr/comparing/ink_residue.h"
#include "tests/simulator/paper.h"
#include "tests/simulator/scanner.h"
#include "tests/simulator/sheets.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

using simulator::Tampering;

// Weaker spots are a scanner's doing: the least that rules/counter_signed.cpp takes for sure.
constexpr double kPeak = 0.48, kStrength = 0.28;

const simulator::PaperMaker& maker() {
    static const simulator::PaperMaker papers(
        test_library().forms(), AVTALSKOLL_SOURCE_DIR "/data/registers/organisations.csv");
    return papers;
}

const simulator::Device kGrey{
    .tier = simulator::Tier::Office, .dpi = 200, .jpeg_quality = 70, .noise = 4, .skew_deg = 0.5};
const simulator::Device kThick{.tier = simulator::Tier::Poor,
                               .dpi = 150,
                               .bilevel = true,
                               .noise = 8,
                               .threshold = 170,
                               .thicken = 0.4,
                               .speckle = 30,
                               .skew_deg = 0.8};

PageImage scanned(const cv::Mat& sheet, const simulator::Device& device, std::uint64_t seed) {
    simulator::Random random(seed);
    const simulator::Scan scan = simulator::scan_sheet(random, sheet, device, false);
    cv::Mat grey;
    cv::resize(scan.picture, grey, {}, 200 / scan.dpi, 200 / scan.dpi, cv::INTER_LINEAR);
    PageImage image;
    image.width = grey.cols;
    image.height = grey.rows;
    image.dpi = 200;
    image.grey.assign(grey.data, grey.data + grey.total());
    return image;
}

std::vector<InkDifference> plain_ones(const PageComparison& comparison) {
    std::vector<InkDifference> plain;
    for (const InkDifference& difference : comparison.differences)
        if (difference.peak >= kPeak && difference.strength >= kStrength && !difference.expected)
            plain.push_back(difference);
    return plain;
}

PageComparison compare(const cv::Mat& approved, const cv::Mat& copy, int page) {
    return compare_pages({scanned(approved, kGrey, 1), scanned(copy, kThick, 2)}, {0, page},
                         test_library());
}

TEST(PageComparison, OnePaperByTwoScannersIsTheSame) {
    const simulator::Paper paper = maker().make(0, 5);
    for (std::size_t page = 0; page < paper.sheets.size(); ++page) {
        const PageComparison same =
            compare(paper.sheets[page], paper.sheets[page], static_cast<int>(page + 1));
        EXPECT_TRUE(same.trouble.empty()) << to_string(same.trouble);
        EXPECT_GT(same.reach, 0.95);
        EXPECT_TRUE(plain_ones(same).empty()) << "page " << page + 1;
    }
}

TEST(PageComparison, ChangedDigitIsSeenInItsPlace) {
    const simulator::Paper paper = maker().make(0, 5);
    simulator::Random random(3);
    simulator::Tampered done;
    const std::vector<cv::Mat> copy = maker().copy_of(random, paper, Tampering::Digit, done);
    ASSERT_TRUE(done.possible);
    const auto at = static_cast<std::size_t>(done.place.page - 1);
    const std::vector<InkDifference> seen =
        plain_ones(compare(paper.sheets[at], copy[at], done.place.page));
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_GT(seen[0].box.x, done.place.box.x);
    EXPECT_LT(seen[0].box.right(), done.place.box.right());
    EXPECT_LT(seen[0].box.w, 12);  // a digit, not the value
    EXPECT_NEAR(seen[0].box.y, done.place.box.y, 15);
    EXPECT_NEAR(seen[0].on_copy.x, seen[0].on_approved.x, 0.05);
}

TEST(PageComparison, InkOfTheOtherPartyIsExpectedAndOnlyInItsPlaces) {
    const simulator::Paper paper = maker().make(0, 5);
    std::vector<cv::Mat> signed_by_both;
    for (const cv::Mat& sheet : paper.sheets) signed_by_both.push_back(sheet.clone());
    simulator::Random random(4);
    maker().counter_sign(random, signed_by_both, 0);
    const PageComparison added = compare(paper.sheets[2], signed_by_both[2], 3);
    EXPECT_TRUE(plain_ones(added).empty());
    const auto expected = std::count_if(added.differences.begin(), added.differences.end(),
                                        [](const InkDifference& d) { return d.expected; });
    EXPECT_GT(expected, 0);
    const PageComparison lost = compare(signed_by_both[2], paper.sheets[2], 3);
    EXPECT_FALSE(plain_ones(lost).empty()) << "a signature that is gone is never expected";
}

TEST(PageComparison, PageThatDoesNotLieOnTheBlankIsTrouble) {
    const simulator::Paper paper = maker().make(0, 5);
    simulator::Random random(6);
    EXPECT_FALSE(
        compare(paper.sheets[0], simulator::letter_page(random, false), 1).trouble.empty());
}

// Strokes of the same shape: a row of bars `width` px wide.
cv::Mat bars(int width, double darkness) {
    cv::Mat ink = cv::Mat::zeros(300, 600, CV_32F);
    for (int x = 30; x < 570; x += 30)
        cv::rectangle(ink, {x - width / 2, 60, width, 180}, darkness, cv::FILLED);
    cv::GaussianBlur(ink, ink, {0, 0}, 1);
    return ink;
}

TEST(InkResidue, ThickerAndPalerStrokesAreTheSame) {
    const cv::Mat none = cv::Mat::zeros(300, 600, CV_8U), all = none + 255;
    const InkResidue same = residue_between(bars(3, 1), bars(7, 0.8), none, all);
    double most = 0;
    cv::minMaxLoc(cv::max(same.added, same.lost), nullptr, &most);
    EXPECT_LT(most, 0.25);
    cv::Mat with_one_more = bars(7, 0.8);
    cv::rectangle(with_one_more, {40, 150, 9, 9}, 0.8, cv::FILLED);
    const InkResidue more = residue_between(bars(3, 1), with_one_more, none, all);
    cv::minMaxLoc(more.added, nullptr, &most);
    EXPECT_GT(most, 0.5);
}

TEST(Alignment, FindsASmoothShift) {
    const cv::Mat page = test_library().blanks().pages.front().read.whole();
    const cv::Mat moved = moved_by(page, cv::Mat(page.size(), CV_32FC2, cv::Scalar(-2, 1)), 255);
    const PictureAlignment found = align_pictures(page, moved);
    EXPECT_GT(found.aligned, 0.95);
    const cv::Vec2f shift = found.shifts.at<cv::Vec2f>(page.rows / 3, page.cols / 3);
    EXPECT_NEAR(shift[0], 2, 0.2);
    EXPECT_NEAR(shift[1], -1, 0.2);
}

}  // namespace
}  // namespace avtalskoll::ocr
