#include "ocr/reading/letters.h"

#include <gtest/gtest.h>

namespace avtalskoll::ocr {
namespace {

bool may_be(FieldKind kind, std::u32string_view text) {
    char32_t before = 0;
    for (const char32_t c : text) {
        if (!may_follow(kind, before, c)) return false;
        before = c;
    }
    return true;
}

TEST(MayFollow, NumbersHaveDigitsAndTheSignsBetweenThem) {
    EXPECT_TRUE(may_be(FieldKind::OrganisationNumber, U"212000-0142"));
    EXPECT_FALSE(may_be(FieldKind::OrganisationNumber, U"2120OO-0142"));
    EXPECT_FALSE(may_be(FieldKind::OrganisationNumber, U"+46"));
    EXPECT_TRUE(may_be(FieldKind::Phone, U"+46 (0)8-123 45"));
    EXPECT_FALSE(may_be(FieldKind::Phone, U"O8-123 45"));
}

TEST(MayFollow, AnAddressHasNoSpacesAndNoCapitalAfterASmallLetter) {
    EXPECT_TRUE(may_be(FieldKind::Email, U"kim.forsgren_1@exempel-bygd.se"));
    EXPECT_TRUE(may_be(FieldKind::Email, U"Kim.Forsgren@exempel.se"));
    EXPECT_TRUE(may_be(FieldKind::Email, U"GIS@EXEMPEL.SE"));
    EXPECT_TRUE(may_be(FieldKind::Email, U"åsa@exempel.se"));
    EXPECT_FALSE(may_be(FieldKind::Email, U"kIm@exempel.se"));
    EXPECT_FALSE(may_be(FieldKind::Email, U"kim forsgren@exempel.se"));
}

TEST(MayFollow, TextHasAnyLetterButNoSpaceFirstOrTwice) {
    EXPECT_TRUE(may_be(FieldKind::Person, U"Łucja Ørsted-Ćirić"));
    EXPECT_FALSE(may_be(FieldKind::Person, U" Kim"));
    EXPECT_FALSE(may_be(FieldKind::FreeText, U"namn,  adress"));
}

}  // namespace
}  // namespace avtalskoll::ocr
