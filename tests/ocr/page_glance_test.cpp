// Pages of text, drawn and scanned, turned each way.
#include "ocr/reading/page_glance.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <set>
#include <sstream>

#include "ocr/matching/blank_page.h"
#include "tests/simulator/pen.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

const std::vector<std::string> kLines{"Hej! Bifogat finner ni kommunens avtal om geodata,",
                                      "undertecknat av förvaltningschefen i förra veckan.",
                                      "Säg gärna till om något saknas eller är otydligt.",
                                      "Med vänlig hälsning, kartavdelningen i Exempelby"};

// A page at 200 dpi with the lines of a letter on it.
cv::Mat letter() {
    simulator::Random dice{5};
    cv::Mat sheet(3508, 2480, CV_8U, cv::Scalar(255));
    int y = 400;
    for (int i = 0; i < 3; ++i)
        for (const std::string& line : kLines) {
            simulator::lay_ink(
                sheet,
                simulator::draw_text(dice, line, "Liberation Serif", 12, false, false, false),
                {300, y});
            y += 90;
        }
    cv::Mat page;
    cv::resize(sheet, page, {}, 2.0 / 3, 2.0 / 3, cv::INTER_AREA);
    return page;
}

PageImage image_of(const cv::Mat& page) {
    PageImage image;
    const cv::Mat whole = page.isContinuous() ? page : page.clone();
    image.width = whole.cols, image.height = whole.rows, image.dpi = kReadDpi;
    image.grey.assign(whole.datastart, whole.dataend);
    return image;
}

// The share of the letter's words that were read, each as often as it stands there.
double share_read(const WholePage& page) {
    std::multiset<std::string> read;
    for (const PrintedWord& word : page.words) read.insert(word.text);
    int all = 0, found = 0;
    for (const std::string& line : kLines) {
        std::istringstream words(line);
        for (std::string word; words >> word; ++all) found += read.count(word) >= 2;
    }
    return static_cast<double>(found) / all;
}

TEST(GlanceAtPage, ReadsALetterWhicheverWayItLies) {
    const cv::Mat upright = letter();
    EXPECT_GT(share_read(glance_at_page(image_of(upright), test_models().lines)), 0.9);
    // Degrees clockwise that turn it upright again, and how it lies.
    for (const auto& [degrees, turn] :
         {std::pair(270, cv::ROTATE_90_CLOCKWISE), std::pair(180, cv::ROTATE_180),
          std::pair(90, cv::ROTATE_90_COUNTERCLOCKWISE)}) {
        cv::Mat turned;
        cv::rotate(upright, turned, turn);
        const WholePage page = glance_at_page(image_of(turned), test_models().lines);
        EXPECT_EQ(page.rotation, degrees);
        EXPECT_GT(share_read(page), 0.9) << degrees;
        EXPECT_NEAR(page.size.w, 595, 2) << degrees;
    }
}

TEST(GlanceAtPage, ReadsAPageThatLiesCrooked) {
    cv::Mat page = letter(), crooked;
    const cv::Mat turn = cv::getRotationMatrix2D(simulator::centre_of(page), 1.7, 1);
    cv::warpAffine(page, crooked, turn, page.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, 255);
    EXPECT_GT(share_read(glance_at_page(image_of(crooked), test_models().lines)), 0.8);
}

TEST(GlanceAtPage, WordsLieWhereTheyStand) {
    const WholePage page = glance_at_page(image_of(letter()), test_models().lines);
    const auto first = std::find_if(page.words.begin(), page.words.end(),
                                    [](const PrintedWord& w) { return w.text == "Bifogat"; });
    ASSERT_NE(first, page.words.end());
    EXPECT_NEAR(first->box.x, 105, 15);
    EXPECT_NEAR(first->box.y, 103, 10);
}

TEST(GlanceAtPage, NoiseAndPaperSayNothing) {
    cv::Mat noise(2339, 1654, CV_8U);
    cv::randu(noise, 0, 255);
    EXPECT_TRUE(glance_at_page(image_of(noise), test_models().lines).words.empty());
    EXPECT_TRUE(
        glance_at_page(image_of(cv::Mat(2339, 1654, CV_8U, cv::Scalar(255))), test_models().lines)
            .words.empty());
}

TEST(GlanceAtPage, APageThatWasNeverPrintedSpeaksForItself) {
    PageImage image = image_of(letter());
    image.text.size = {595, 842};
    image.text.scan_share = 0;
    image.text.words = {{{10, 10, 40, 12}, "Avtal", 12, false}};
    const WholePage page = glance_at_page(image, test_models().lines);
    ASSERT_EQ(page.words.size(), 1U);
    EXPECT_EQ(page.words[0].text, "Avtal");
}

}  // namespace
}  // namespace avtalskoll::ocr
