#include "rules/text_vote.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

TextVote by(const char* model, const char* text, double confidence = 0.9) {
    return {model, text, confidence, confidence};
}

TEST(TextVote, TwoModelsThatAgreeAreSure) {
    const VotedText v = vote({by("latin", "Åke Hägg"), by("swe", "Åke Hägg")}, FieldKind::Person);
    EXPECT_EQ(v.text, "Åke Hägg");
    EXPECT_TRUE(v.models_agree);
    EXPECT_GT(v.confidence, 0.95);
}

TEST(TextVote, OneModelTwiceIsNoSecondOpinion) {
    const VotedText v = vote({by("latin", "031-46"), by("latin", "031-46")}, FieldKind::Phone);
    EXPECT_FALSE(v.models_agree);
    EXPECT_LT(v.confidence, 0.9);
}

TEST(TextVote, TheLineReaderAloneIsEnoughWhereNoOtherWasAsked) {
    const VotedText v = vote({by("reader", "a@b.se", 0.93)}, FieldKind::Email);
    EXPECT_TRUE(v.alone);
    EXPECT_GT(v.confidence, 0.95);
    EXPECT_EQ(v.surely_read, 1);
}

// However unsure Tesseract was: it shares neither picture nor training with the line reader.
TEST(TextVote, ASecondedLineReaderIsSure) {
    EXPECT_GT(vote({by("reader", "a@b.se", 0.75), by("latin", "a@b.se", 0.2)}, FieldKind::Email)
                  .confidence,
              0.99);
    EXPECT_LT(vote({by("reader", "a@b.se", 0.55), by("latin", "a@b.se", 0.2)}, FieldKind::Email)
                  .confidence,
              0.95);
}

TEST(TextVote, ADissentLeavesTheOtherTextAsAnAlternative) {
    const VotedText v =
        vote({by("reader", "a@b.se", 0.8), by("latin", "a@h.se", 0.99), by("eng", "a@b.se", 0.6)},
             FieldKind::Email);
    EXPECT_EQ(v.text, "a@b.se");
    EXPECT_TRUE(v.models_agree);
    EXPECT_LT(
        v.confidence,
        vote({by("reader", "a@b.se", 0.8), by("latin", "a@b.se")}, FieldKind::Email).confidence);
    ASSERT_EQ(v.others.size(), 1U);
    EXPECT_EQ(v.others[0], "a@h.se");
}

TEST(TextVote, WhereAllDifferTheLineReaderIsTakenAndNothingIsSure) {
    const VotedText v =
        vote({by("reader", "08-123", 0.85), by("latin", "08-128", 0.99), by("eng", "08-723", 0.99)},
             FieldKind::Phone);
    EXPECT_EQ(v.text, "08-123");
    EXPECT_LT(v.confidence, 0.7);
    EXPECT_EQ(v.others.size(), 2U);
}

// Two of Tesseract's models against the line reader: nobody knows.
TEST(TextVote, TheLineReadersDissentIsHeard) {
    const VotedText v =
        vote({by("reader", "08-123", 0.6), by("latin", "08-128", 0.95), by("eng", "08-128", 0.95)},
             FieldKind::Phone);
    EXPECT_EQ(v.text, "08-128");
    EXPECT_LT(v.confidence, 0.95);
}

TEST(TextVote, StrayMarksAtTheEndsAreNoPartOfAValue) {
    EXPECT_EQ(vote({by("latin", "212000-2036 ,"), by("eng", "212000-2036 .")},
                   FieldKind::OrganisationNumber)
                  .text,
              "212000-2036");
    EXPECT_TRUE(vote({by("latin", "Eda kommun |"), by("swe", "` Eda kommun")}, FieldKind::Text)
                    .models_agree);
    EXPECT_EQ(vote({by("latin", ":040-87 40 49"), by("eng",
                                                     "\xE2\x80\x98"
                                                     "040-87 40 49!")},
                   FieldKind::Phone)
                  .text,
              "040-87 40 49");
    EXPECT_EQ(vote({by("reader", "- namn\n- adress `")}, FieldKind::FreeText).text,
              "- namn - adress")
        << "a list keeps the marks that begin its lines";
}

TEST(TextVote, NumbersAgreeWhateverTheirGrouping) {
    EXPECT_TRUE(
        vote({by("latin", "0660-906 28"), by("eng", "0660-90628")}, FieldKind::Phone).models_agree);
}
TEST(TextVote, WhatNobodyCanHaveWrittenDoesNotContradict) {
    const auto phone =
        vote({by("reader", "026 22 37 96"), by("latin", "026 22 37 %6"), by("eng", "026 22 37 96")},
             FieldKind::Phone);
    EXPECT_EQ(phone.text, "026 22 37 96");
    EXPECT_TRUE(phone.others.empty());
    EXPECT_FALSE(vote({by("latin", "026 22 37 %6"), by("eng", "026 22 37 96")}, FieldKind::Phone)
                     .models_agree)
        << "nor does it support";
    const auto without_at =
        vote({by("latin", "namnnamnden.se"), by("eng", "namnnamnden.se")}, FieldKind::Email);
    EXPECT_TRUE(without_at.models_agree);
    EXPECT_EQ(without_at.text, "namnnamnden.se");
}

TEST(TextVote, SwedishLettersInAnAddressAreNoImpossibleSigns) {
    const auto address = vote({by("latin", "åsa@kungsör.se"), by("eng", "asa@kungsor.se"),
                               by("reader", "asa@kungsor.se")},
                              FieldKind::Email);
    EXPECT_EQ(address.others.size(), 1U);
}

TEST(TextVote, SpaceWithinAnAddressIsALostSign) {
    const auto lost =
        vote({by("latin", "lars gronvall@kungsor.se"), by("eng", "lars gronvall@kungsor.se"),
              by("reader", "larsgronvall@kungsor.se", 0.55)},
             FieldKind::Email);
    EXPECT_EQ(lost.text, "lars gronvall@kungsor.se");
    EXPECT_EQ(
        vote({by("latin", "lars.gronvall @kungsor. se"), by("eng", "lars.gronvall@kungsor.se")},
             FieldKind::Email)
            .others.size(),
        0U);
}

TEST(TextVote, NothingReadIsNoText) {
    EXPECT_TRUE(vote({by("latin", ""), by("eng", " ")}, FieldKind::Text).text.empty());
}

}  // namespace
}  // namespace avtalskoll::rules
