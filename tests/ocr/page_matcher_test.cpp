#include "ocr/matching/page_matcher.h"

#include <gtest/gtest.h>

#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

class EveryBlankPage : public testing::TestWithParam<int> {};

TEST_P(EveryBlankPage, IsFoundUnderAnyQuarterTurn) {
    for (const BlankPage& blank : test_library().blanks().pages) {
        const int turn = GetParam();
        const cv::Size upright = blank.read.size(),
                       size = turn % 180 == 0 ? upright : cv::Size(upright.height, upright.width);
        const cv::Mat scan =
            scan_of(blank, turned_page(turn + 1.5, 0.97, blank.match.size(), size), size);
        const PageMatch match = match_page(scan, test_library().blanks(), {});
        ASSERT_EQ(match.kind, PageKind::Form);
        EXPECT_EQ(match.match.form, blank.form);
        EXPECT_EQ(match.match.form_page, blank.page);
        EXPECT_EQ(match.match.rotation, (360 - turn) % 360);
    }
}
INSTANTIATE_TEST_SUITE_P(Turns, EveryBlankPage, testing::Values(0, 90, 180, 270));

TEST(PageMatcher, EmptySheetIsBlank) {
    const cv::Mat paper(2339, 1654, CV_8U, cv::Scalar(252));
    EXPECT_EQ(match_page(paper, test_library().blanks(), {}).kind, PageKind::Blank);
}

TEST(PageMatcher, SheetWithPunchHolesAndDarkEdgeIsStillBlank) {
    cv::Mat paper(2339, 1654, CV_8U, cv::Scalar(252));
    cv::circle(paper, {120, 850}, 22, 0, cv::FILLED);
    cv::circle(paper, {120, 1480}, 22, 0, cv::FILLED);
    paper(cv::Rect(0, 0, 30, 2339)).setTo(0);
    EXPECT_EQ(match_page(paper, test_library().blanks(), {}).kind, PageKind::Blank);
}

TEST(PageMatcher, OtherPrintIsNoForm) {
    cv::Mat paper(2339, 1654, CV_8U, cv::Scalar(255));
    for (int line = 0; line < 40; ++line)
        cv::putText(paper, "Protokoll " + std::to_string(line * 7919) + " enligt dagordning",
                    {120, 150 + 50 * line}, cv::FONT_HERSHEY_SIMPLEX, 1.1, 20, 2, cv::LINE_AA);
    const PageMatch match = match_page(paper, test_library().blanks(), {});
    EXPECT_EQ(match.kind, PageKind::Foreign);
}

TEST(PageMatcher, TooLittlePrintIsUnknownNotForeign) {
    cv::Mat paper(2339, 1654, CV_8U, cv::Scalar(255));
    cv::putText(paper, "Hej!", {300, 500}, cv::FONT_HERSHEY_SIMPLEX, 6, 0, 12, cv::LINE_AA);
    EXPECT_EQ(match_page(paper, test_library().blanks(), {}).kind, PageKind::Unknown);
}

TEST(PageMatcher, HalfAPageIsNotTakenForThePage) {
    const BlankPage& blank = test_library().blanks().pages.front();
    cv::Mat scan = blank.read.whole();
    scan(cv::Rect(0, scan.rows / 3, scan.cols, scan.rows - scan.rows / 3)).setTo(255);
    EXPECT_NE(match_page(scan, test_library().blanks(), {}).kind, PageKind::Form);
}

}  // namespace
}  // namespace avtalskoll::ocr
