#include "ocr/ink/ink.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "ocr/ink/signature.h"

namespace avtalskoll::ocr {
namespace {

// A place of 40 x 8 mm with a printed frame, as the scan and the blank show it.
FieldCrop empty_crop() {
    FieldCrop crop;
    crop.print = cv::Mat(120, 400, CV_8U, cv::Scalar(255));
    crop.place = {40, 30, 315, 62};
    cv::rectangle(crop.print, crop.place, 0, 2);
    crop.page = crop.print.clone();
    crop.calm = crop.page;
    return crop;
}

Fill fill_of(FieldCrop crop) {
    crop.calm = crop.page;
    return measure_ink(crop, residual_ink(crop, {})).fill;
}

void write(FieldCrop& crop, const char* text) {
    cv::putText(crop.page, text, {60, 75}, cv::FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv::LINE_AA);
}

TEST(Ink, PrintAloneIsEmpty) { EXPECT_EQ(fill_of(empty_crop()), Fill::Empty); }

TEST(Ink, PrintThatIsSlightlyOffIsStillEmpty) {
    FieldCrop crop = empty_crop();
    cv::Mat moved;
    cv::warpAffine(crop.page, moved, cv::Matx23d(1, 0, 1, 0, 1, 1), crop.page.size(),
                   cv::INTER_LINEAR, cv::BORDER_CONSTANT, 255);
    crop.page = crop.calm = moved;
    EXPECT_EQ(fill_of(crop), Fill::Empty);
}

TEST(Ink, WordsThatTheBlankPrintsInThePlaceAreAHint) {
    FieldCrop crop = empty_crop();
    EXPECT_FALSE(measure_ink(crop, residual_ink(crop, {})).hint);
    cv::putText(crop.print, "till exempel namn", {60, 75}, cv::FONT_HERSHEY_SIMPLEX, 0.7, 0, 1,
                cv::LINE_AA);
    crop.page = crop.calm = crop.print.clone();
    const InkMeasure measure = measure_ink(crop, residual_ink(crop, {}));
    EXPECT_EQ(measure.fill, Fill::Empty);
    EXPECT_TRUE(measure.hint);
}

TEST(Ink, WritingIsFilled) {
    FieldCrop crop = empty_crop();
    write(crop, "Exempel");
    EXPECT_EQ(fill_of(crop), Fill::Filled);
}

TEST(Ink, SpecksAreNotWriting) {
    FieldCrop crop = empty_crop();
    for (int i = 0; i < 25; ++i) crop.page.at<unsigned char>(40 + (i * 7) % 45, 60 + i * 11) = 0;
    EXPECT_NE(fill_of(crop), Fill::Filled);
}

TEST(Ink, ScannerStreakIsNotWriting) {
    FieldCrop crop = empty_crop();
    cv::line(crop.page, {200, 0}, {200, 119}, 0, 2);
    EXPECT_NE(fill_of(crop), Fill::Filled);
}

TEST(Ink, LeaningStreakAcrossTheRulesIsNotWriting) {
    FieldCrop crop = empty_crop();
    cv::line(crop.page, {200, 0}, {204, 119}, 0, 3);
    EXPECT_NE(fill_of(crop), Fill::Filled);
}

TEST(WritingOnly, KeepsARowOfLettersAsLongAsItsPlace) {
    FieldCrop crop = empty_crop();
    cv::putText(crop.page, "LANSSTYRELSEN I LAN", {46, 70}, cv::FONT_HERSHEY_SIMPLEX, 0.85, 0, 2,
                cv::LINE_AA);
    crop.calm = crop.page;
    const cv::Mat text = writing_only(crop, residual_ink(crop, {}), 0);
    const int written = cv::countNonZero(crop.page(cv::Rect(44, 34, 307, 54)) < 128);
    EXPECT_NEAR(cv::countNonZero(text < 128), written, 0.02 * written);
}

TEST(Ink, LineThroughWritingCrossesItOut) {
    FieldCrop crop = empty_crop();
    write(crop, "Exempel AB");
    cv::line(crop.page, {55, 68}, {240, 62}, 0, 3, cv::LINE_AA);
    EXPECT_EQ(fill_of(crop), Fill::CrossedOut);
}

TEST(Ink, FaintPenThatRunsOnBesideTheWritingCrossesItOut) {
    for (const int lines : {1, 2}) {
        FieldCrop crop = empty_crop();
        write(crop, "Exempel");
        for (int i = 0; i < lines; ++i)
            cv::line(crop.page, {55, 62 + 8 * i}, {280, 58 + 8 * i}, 130, 2, cv::LINE_AA);
        EXPECT_EQ(fill_of(crop), Fill::CrossedOut) << lines;
    }
}

TEST(Ink, UnderscoreAndDashAreWriting) {
    FieldCrop crop = empty_crop();
    write(crop, "a_b-c_d");
    EXPECT_EQ(fill_of(crop), Fill::Filled);
}

TEST(Ink, BoldWritingIsNotCrossedOut) {
    FieldCrop crop = empty_crop();
    cv::putText(crop.page, "Forvaltningschef", {55, 75}, cv::FONT_HERSHEY_DUPLEX, 0.9, 0, 3,
                cv::LINE_AA);
    EXPECT_EQ(fill_of(crop), Fill::Filled);
}

TEST(Ink, NoiseThatCouldHideWritingIsNotSurelyEmpty) {
    FieldCrop crop = empty_crop();
    crop.noise = 40;
    EXPECT_LT(measure_ink(crop, residual_ink(crop, {})).confidence, 0.75);
}

TEST(WritingOnly, LeavesOutFrameAndFarSpecks) {
    FieldCrop crop = empty_crop();
    write(crop, "Ab");
    cv::circle(crop.page, {330, 50}, 2, 0, cv::FILLED);
    const cv::Mat text = writing_only(crop, residual_ink(crop, {}), 0);
    ASSERT_FALSE(text.empty());
    EXPECT_LT(text.cols, 80);
    EXPECT_EQ(cv::countNonZero(text.row(0) < 250), 0);
}

TEST(WritingOnly, LeavesOutASideThatTheWritingNearlyTouches) {
    FieldCrop crop = empty_crop();
    // An o, half a millimetre from the side.
    cv::circle(crop.page, {crop.place.x + 15, 60}, 10, 0, 2, cv::LINE_AA);
    const cv::Mat writing = writing_only(crop, residual_ink(crop, {}), 0);
    ASSERT_FALSE(writing.empty());
    EXPECT_EQ(cv::countNonZero(writing.colRange(0, 8) < 200), 0);
}

TEST(WritingOnly, IsEmptyWhenNothingIsWritten) {
    const FieldCrop crop = empty_crop();
    EXPECT_TRUE(writing_only(crop, residual_ink(crop, {}), 0).empty());
}

// A signature's place of 75 x 14 mm, with what a stamp leaves that its edge cuts.
TEST(StampFrame, ACornerOfItIsSeenAndAHandIsNone) {
    FieldCrop crop;
    crop.print = cv::Mat(320, 800, CV_8U, cv::Scalar(255));
    crop.place = {105, 105, 590, 110};
    cv::rectangle(crop.print, crop.place, 0, 2);
    crop.page = crop.print.clone();
    cv::ellipse(crop.page, {300, 160}, {120, 35}, 12, 0, 330, 30, 3, cv::LINE_AA);
    cv::line(crop.page, {200, 190}, {520, 150}, 30, 3, cv::LINE_AA);
    crop.calm = crop.page;
    EXPECT_FALSE(has_frame_corner(crop)) << "the form's own frame, and a pen";
    cv::rectangle(crop.page, {380, 60, 300, 130}, 40, 3);
    cv::putText(crop.page, "INKOM", {430, 140}, cv::FONT_HERSHEY_SIMPLEX, 1.2, 40, 2, cv::LINE_AA);
    crop.calm = crop.page;
    EXPECT_TRUE(has_frame_corner(crop));
}

}  // namespace
}  // namespace avtalskoll::ocr
