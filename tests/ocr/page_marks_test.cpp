#include "ocr/matching/page_marks.h"

#include <gtest/gtest.h>

#include "ocr/matching/page_matcher.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

int px(double mm) { return static_cast<int>(mm * kMatchPxPerMm); }

// A sheet at matching scale with the noise of a scanner.
cv::Mat paper() {
    cv::Mat sheet(1170, 827, CV_8U, cv::Scalar(248));
    cv::Mat noise(sheet.size(), CV_8U);
    cv::theRNG().state = 7;
    cv::randn(noise, 4, 2);
    return sheet - noise;
}

TEST(EmptySheet, DirtIsNothing) {
    EXPECT_TRUE(is_empty_sheet(paper()));
    cv::Mat dirty = paper();
    for (int i = 0; i < 25; ++i)
        cv::circle(dirty, {px(20) + i * 29 % px(160), px(20) + i * 53 % px(250)}, 1, 60,
                   cv::FILLED);
    cv::line(dirty, {px(100), 0}, {px(101), dirty.rows}, 120, 1);     // a streak of the feeder
    cv::circle(dirty, {px(12), px(110)}, px(3), 40, cv::FILLED);      // a punched hole
    cv::rectangle(dirty, {0, 0, px(4), dirty.rows}, 20, cv::FILLED);  // the lid's shadow
    EXPECT_TRUE(is_empty_sheet(dirty));
}

TEST(EmptySheet, WritingIsSomethingHoweverLittle) {
    cv::Mat line = paper();
    cv::putText(line, "Bilaga 1", {px(30), px(40)}, cv::FONT_HERSHEY_SIMPLEX, 0.35, 70, 1,
                cv::LINE_AA);
    EXPECT_FALSE(is_empty_sheet(line)) << "one printed line";
    cv::Mat signature = paper();
    cv::ellipse(signature, {px(100), px(200)}, {px(18), px(4)}, 15, 20, 300, 110, 1, cv::LINE_AA);
    EXPECT_FALSE(is_empty_sheet(signature)) << "a thin signature";
    cv::Mat squares = paper();
    cv::rectangle(squares, {px(60), px(60), px(30), px(30)}, 190, cv::FILLED);
    EXPECT_FALSE(is_empty_sheet(squares)) << "a pale square";
}

// The blank's page `index`, with what `draw` does to its scan.
template <class Draw>
PageMatch seen_with(std::size_t index, Draw draw) {
    const BlankPage& blank = test_library().blanks().pages[index];
    const cv::Size size(1654, 2339);
    cv::Mat scan = scan_of(blank, turned_page(0.4, 1.0, blank.match.size(), size), size);
    draw(scan);
    return match_page(scan, test_library().blanks(), MatchOptions{});
}

TEST(StruckThrough, AnXOverThePageIsSeen) {
    const PageMatch crossed = seen_with(2, [](cv::Mat& scan) {
        cv::line(scan, {200, 300}, {1450, 2000}, 40, 7, cv::LINE_AA);
        cv::line(scan, {1450, 320}, {210, 2050}, 40, 7, cv::LINE_AA);
    });
    ASSERT_EQ(crossed.kind, PageKind::Form);
    EXPECT_TRUE(crossed.struck_through);
}

TEST(StruckThrough, WritingAndCreasesAreNoX) {
    const PageMatch signed_page = seen_with(2, [](cv::Mat& scan) {
        // A signature's slanting stroke.
        cv::line(scan, {250, 700}, {700, 560}, 30, 5, cv::LINE_AA);
        cv::line(scan, {0, 1170}, {scan.cols, 1176}, 150, 3, cv::LINE_AA);  // folded across
        cv::line(scan, {827, 0}, {824, scan.rows}, 150, 3, cv::LINE_AA);    // and along
    });
    ASSERT_EQ(signed_page.kind, PageKind::Form);
    EXPECT_FALSE(signed_page.struck_through);
}

TEST(PrintCheck, WordsThatAreThereAreFoundAndOthersAreNot) {
    const auto nothing = [](cv::Mat&) {};
    const PageMatch same = seen_with(0, nothing);
    ASSERT_EQ(same.kind, PageKind::Form);
    EXPECT_GT(same.print.looked_for, 20);
    EXPECT_EQ(same.print.absent, 0);
    const PageMatch other = seen_with(0, [](cv::Mat& scan) {  // a paragraph says something else
        cv::Mat place = scan(cv::Rect(180, 900, 1250, 260));
        cv::Mat elsewhere = scan(cv::Rect(180, 1300, 1250, 260)).clone();
        elsewhere.copyTo(place);
    });
    ASSERT_EQ(other.kind, PageKind::Form);
    EXPECT_GE(other.print.absent, 3);
}

TEST(HoldsMore, TwoPagesOnASheetAreSeen) {
    const auto& blanks = test_library().blanks();
    const auto whole = [](const BlankPage& page) { return page.read.whole(); };
    cv::Mat two(2339, 3308, CV_8U, cv::Scalar(255));
    whole(blanks.pages[0]).copyTo(two(cv::Rect({0, 0}, blanks.pages[0].read.size())));
    whole(blanks.pages[1]).copyTo(two(cv::Rect({1654, 0}, blanks.pages[1].read.size())));
    const PageMatch side_by_side = match_page(two, blanks, MatchOptions{});
    EXPECT_TRUE(side_by_side.kind != PageKind::Form || side_by_side.more_on_sheet);
    cv::Mat on_large_glass(2339, 3308, CV_8U, cv::Scalar(255));
    whole(blanks.pages[0]).copyTo(on_large_glass(cv::Rect({0, 0}, blanks.pages[0].read.size())));
    const PageMatch alone = match_page(on_large_glass, blanks, MatchOptions{});
    ASSERT_EQ(alone.kind, PageKind::Form);
    EXPECT_FALSE(alone.more_on_sheet);
}

}  // namespace
}  // namespace avtalskoll::ocr
