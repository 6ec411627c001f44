#include "ocr/reading/line_decoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

namespace avtalskoll::ocr {
namespace {

const std::u32string kAlphabet = U"ab1I-";

// Columns of probabilities as logarithms; the rest of a column is spread over what is not named.
// '_' stands for no letter, '?' for a letter that is not known.
cv::Mat columns(const std::vector<std::map<char32_t, double>>& said) {
    const int answers = kFirstLetter + static_cast<int>(kAlphabet.size());
    cv::Mat logs(static_cast<int>(said.size()), answers, CV_32F);
    for (int x = 0; x < logs.rows; ++x) {
        double rest = 1;
        for (const auto& [letter, p] : said[static_cast<std::size_t>(x)]) rest -= p;
        logs.row(x).setTo(std::log(std::max(1e-12, rest / answers)));
        for (const auto& [letter, p] : said[static_cast<std::size_t>(x)]) {
            int answer = kNoLetter;
            if (letter == U'?') answer = kUnknownLetter;
            else if (letter != U'_')
                answer = kFirstLetter + static_cast<int>(kAlphabet.find(letter));
            logs.at<float>(x, answer) = static_cast<float>(std::log(p));
        }
    }
    return logs;
}

TEST(DecodeLine, SumsAllWaysToSayAText) {
    // "a" is said by a_, _a and aa: 0.6*0.4 + 0.4*0.6 + 0.6*0.6, though "__" and "a_" alone would
    // make nothing the likeliest path of the second column.
    const auto line = decode_line(columns({{{U'a', 0.6}, {U'_', 0.4}}, {{U'a', 0.6}, {U'_', 0.4}}}),
                                  kAlphabet, FieldKind::Text);
    EXPECT_EQ(line.text, U"a");
    EXPECT_NEAR(line.probability, 0.84, 0.001);
    ASSERT_FALSE(line.others.empty());
    EXPECT_EQ(line.others[0], U"");
}

TEST(DecodeLine, TheSameLetterTwiceNeedsAPauseBetween) {
    EXPECT_EQ(decode_line(columns({{{U'a', 0.99}}, {{U'_', 0.99}}, {{U'a', 0.99}}}), kAlphabet,
                          FieldKind::Text)
                  .text,
              U"aa");
    EXPECT_EQ(
        decode_line(columns({{{U'a', 0.99}}, {{U'a', 0.99}}}), kAlphabet, FieldKind::Text).text,
        U"a");
}

// The kind leaves texts out; it never makes the text that is left a surer one.
TEST(DecodeLine, WhatAKindForbidsIsNotReplacedSurely) {
    const cv::Mat said = columns({{{U'1', 0.99}}, {{U'_', 0.99}}, {{U'I', 0.9}, {U'1', 0.08}}});
    EXPECT_EQ(decode_line(said, kAlphabet, FieldKind::Text).text, U"1I");
    const auto number = decode_line(said, kAlphabet, FieldKind::OrganisationNumber);
    EXPECT_EQ(number.text, U"11");
    EXPECT_LT(number.probability, 0.1);
}

TEST(DecodeLine, AnUnknownLetterIsShownAsOne) {
    const auto line =
        decode_line(columns({{{U'a', 0.9}}, {{U'?', 0.9}}}), kAlphabet, FieldKind::Text);
    EXPECT_EQ(line.text, U"a\uFFFD");
}

TEST(DecodeLine, NoColumnsAreNoText) {
    const auto line =
        decode_line(cv::Mat(0, kFirstLetter + static_cast<int>(kAlphabet.size()), CV_32F),
                    kAlphabet, FieldKind::Text);
    EXPECT_EQ(line.text, U"");
    EXPECT_DOUBLE_EQ(line.probability, 1);
}

}  // namespace
}  // namespace avtalskoll::ocr
