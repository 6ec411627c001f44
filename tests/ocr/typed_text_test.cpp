#include "ocr/reading/typed_text.h"

#include <gtest/gtest.h>

namespace avtalskoll::ocr {
namespace {

PrintedWord word(double x, double y, const char* text) { return {{x, y, 30, 10}, text, 10, false}; }
const BoxPt kBox{100, 100, 200, 40};

TEST(TypedText, WordsInTheBoxAreReadLineByLine) {
    PageText page;
    page.words = {word(150, 120, "ett"), word(150, 104, "Solna"), word(110, 105, "i"),
                  word(110, 121, "rad"), word(400, 104, "utanför")};
    EXPECT_EQ(typed_text(page, kBox, {}).text, "i Solna\nrad ett");
}

TEST(TypedText, BlanksOwnWordsAreLeftOut) {
    PageText page;
    page.words = {word(110, 104, "Namn"), word(150, 104, "Namn"), word(190, 104, "Namnsson")};
    EXPECT_EQ(typed_text(page, kBox, {word(111, 104, "Namn")}).text, "Namn Namnsson");
}

TEST(TypedText, FillableFieldIsExact) {
    PageText page;
    page.words = {word(110, 104, "Avhugg")};
    page.fields = {{{101, 101, 190, 30}, "Avhugget men helt värde"},
                   {{101, 300, 190, 30}, "annat"}};
    EXPECT_EQ(typed_text(page, kBox, {}).text, "Avhugget men helt värde");
    page.fields.front().value.clear();
    EXPECT_EQ(typed_text(page, kBox, {}).text, "Avhugg");
}

TEST(PageText, WhereThePagesInkComesFromSaysWhetherItWasPrinted) {
    PageText page;
    EXPECT_FALSE(page.is_born_digital()) << "a page that nothing is known of";
    page.scan_share = 0.1;
    EXPECT_TRUE(page.is_born_digital()) << "drawn letters have no words";
    page.words = {word(110, 104, "Solna")};
    page.scan_share = 0.95;
    EXPECT_FALSE(page.is_born_digital()) << "words behind a picture of the page are some scanner's";
}

}  // namespace
}  // namespace avtalskoll::ocr
