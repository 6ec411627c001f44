#include "models/text.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

TEST(FoldedSpace, FoldsEveryKindOfSpaceAndComposesLetters) {
    EXPECT_EQ(folded_space(" a\n\tb\u00A0 A\u030A "), "a b Å");
}
TEST(FoldedSpace, LeavesOutWhatNobodySees) {
    EXPECT_EQ(folded_space("Prov\u00ADby\u200B kom\uFEFFmun"), "Provby kommun");
}
TEST(PlainSigns, AreTheOrdinaryOnes) {
    EXPECT_EQ(plain_signs("1\u20112\u20133\u22124 \uFF15"), "1-2-3-4 5");
}
TEST(FoldedWords, KeepsLettersAndDigitsOnly) {
    EXPECT_EQ(folded_words("- E-post,\n- ÄGARE 2"), "e post ägare 2");
}
TEST(CountLetters, TellsLettersDigitsAndOthersApart) {
    const LetterCount count = count_letters("Åsa 12 -|");
    EXPECT_EQ(count.letters, 3);
    EXPECT_EQ(count.digits, 2);
    EXPECT_EQ(count.others, 2);
}
TEST(WithoutMarks, TakesThemFromEveryLetterOfANorthernName) {
    EXPECT_EQ(without_marks("Åke Żak Yıldız Sørłe"), "Ake Zak Yildiz Sorle");
}
TEST(EditDistance, CountsCharactersNotBytes) { EXPECT_EQ(edit_distance("Åsa", "Asa"), 1); }
TEST(Similarity, IsOneForEqualAndZeroForNothingInCommon) {
    EXPECT_DOUBLE_EQ(similarity("abc", "abc"), 1);
    EXPECT_DOUBLE_EQ(similarity("abc", "xyz"), 0);
    EXPECT_DOUBLE_EQ(similarity("", ""), 1);
}

}  // namespace
}  // namespace avtalskoll::rules
