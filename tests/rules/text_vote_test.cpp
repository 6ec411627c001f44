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
    const VotedText v = vote({by("latin", "031-46"), by("eng", "031-48"),
                              by("latin-large", "031-46"), by("eng-large", "031-43")},
                             FieldKind::Phone);
    EXPECT_FALSE(v.models_agree);
    EXPECT_LT(v.confidence, 0.9);
}

TEST(TextVote, MajorityOfModelsWinsButIsLessSure) {
    const VotedText v = vote({by("latin", "a@b.se", 0.5), by("eng", "a@h.se", 0.99),
                              by("latin-large", "a@b.se"), by("eng-large", "a@b.se")},
                             FieldKind::Email);
    EXPECT_EQ(v.text, "a@b.se");
    EXPECT_TRUE(v.models_agree);
    EXPECT_LT(v.confidence,
              vote({by("latin", "a@b.se"), by("eng", "a@b.se")}, FieldKind::Email).confidence);
    ASSERT_EQ(v.others.size(), 1U);
    EXPECT_EQ(v.others[0], "a@h.se");
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
}

TEST(TextVote, NumbersAgreeWhateverTheirGrouping) {
    EXPECT_TRUE(
        vote({by("latin", "0660-906 28"), by("eng", "0660-90628")}, FieldKind::Phone).models_agree);
}
TEST(TextVote, LettersThatNoAddressHoldsAreWhatTheyLookLike) {
    EXPECT_TRUE(vote({by("latin", "gis53@sbf.ljusne.se"), by("eng", "gisS3@sbf. |jusne.se")},
                     FieldKind::Email)
                    .models_agree);
    EXPECT_EQ(vote({by("latin", "Eva.Olsson@ljusne.se")}, FieldKind::Email).text,
              "Eva.Olsson@ljusne.se");
    EXPECT_EQ(vote({by("latin", "EVA.OLSSON@LJUSNE.SE")}, FieldKind::Email).text,
              "EVA.OLSSON@LJUSNE.SE");
}

TEST(TextVote, SignThatTheScriptModelTakesForAnAtIsOneWhereThereIsNone) {
    EXPECT_TRUE(
        vote({by("latin", "eva.ek\xC4\x9Dmora.se"), by("eng", "eva.ek@mora.se")}, FieldKind::Email)
            .models_agree);
    EXPECT_EQ(vote({by("latin", "g\xC4\x9D@mora.se")}, FieldKind::Email).text, "g\xC4\x9D@mora.se");
}

TEST(TextVote, ManyLooksThatAgreeMakeUpForUnsureEngines) {
    std::vector<TextVote> votes{by("latin", "tja47@mora.se", 0.2), by("eng", "tja47@mora.se", 0.3)};
    EXPECT_LT(vote(votes, FieldKind::Email).confidence, 0.95);
    for (const char* look : {"-large", "-crisp"})
        for (const char* model : {"latin", "eng"})
            votes.push_back(by((std::string(model) + look).c_str(), "tja47@mora.se", 0.2));
    EXPECT_GT(vote(votes, FieldKind::Email).confidence, 0.95);
}

TEST(TextVote, StrayLateDissentLeavesWhatBothReadAtFirst) {
    std::vector<TextVote> votes{by("latin", "08-123", 0.7),       by("eng", "08-123", 0.7),
                                by("latin-large", "08-123", 0.7), by("eng-large", "08-123", 0.7),
                                by("latin-crisp", "08-128", 0.7), by("eng-crisp", "08-123", 0.7)};
    EXPECT_GT(vote(votes, FieldKind::Phone).confidence, 0.95);
    std::swap(votes[0], votes[4]);
    EXPECT_LT(vote(votes, FieldKind::Phone).confidence, 0.95);
}

TEST(TextVote, ReadingWithSignsThatNobodyWritesDoesNotContradict) {
    const auto phone =
        vote({by("latin", "026 22 37 %6"), by("eng", "026 22 37 96"), by("swe", "026 22 37 96")},
             FieldKind::Phone);
    EXPECT_EQ(phone.text, "026 22 37 96");
    EXPECT_TRUE(phone.others.empty());
    const auto address =
        vote({by("latin", "zet74@namnden.se"), by("eng", "zet74@namnden.se"),
              by("latin-crisp", "zet740namnden.se"), by("eng-crisp", "zęt74@namnden.se")},
             FieldKind::Email);
    EXPECT_TRUE(address.others.empty());
    const auto framed = vote({by("latin", "1070-549 49 12"), by("eng", "070-549 49 12"),
                              by("latin-crisp", "070-549 49 12")},
                             FieldKind::Phone);
    EXPECT_EQ(framed.text, "070-549 49 12");
    EXPECT_TRUE(framed.others.empty());
}

TEST(TextVote, ImpossibleReadingSupportsOnlyWhatTwoModelsRead) {
    EXPECT_FALSE(vote({by("latin", "026 22 37 %6"), by("eng", "026 22 37 96")}, FieldKind::Phone)
                     .models_agree);
    EXPECT_EQ(vote({by("latin", "026 22 37 96"), by("eng", "026 22 37 96"),
                    by("eng-large", "026 21 37 %6")},
                   FieldKind::Phone)
                  .others.size(),
              1U);
    const auto without_at =
        vote({by("latin", "namnnamnden.se"), by("eng", "namnnamnden.se")}, FieldKind::Email);
    EXPECT_TRUE(without_at.models_agree);
    EXPECT_EQ(without_at.text, "namnnamnden.se");
}

TEST(TextVote, SwedishLettersInAnAddressAreNoImpossibleSigns) {
    const auto address = vote({by("latin", "åsa@kungsör.se"), by("eng", "asa@kungsor.se"),
                               by("latin-crisp", "asa@kungsor.se")},
                              FieldKind::Email);
    EXPECT_EQ(address.others.size(), 1U);
}

TEST(TextVote, SpaceWithinAnAddressIsALostSign) {
    const auto lost =
        vote({by("latin", "lars gronvall@kungsor.se"), by("eng", "lars gronvall@kungsor.se"),
              by("latin-large", "larsgronvall@kungsor.se")},
             FieldKind::Email);
    EXPECT_EQ(lost.text, "lars gronvall@kungsor.se");
    EXPECT_EQ(
        vote({by("latin", "lars.gronvall @kungsor. se"), by("eng", "lars.gronvall@kungsor.se")},
             FieldKind::Email)
            .others.size(),
        0U);
}

TEST(TextVote, EnglishModelsOtherDigitForAZeroContradictsNothing) {
    const auto read = [](const char* others, const char* english) {
        return vote({by("latin", others), by("eng", english), by("latin-large", others),
                     by("eng-large", english), by("swe", others), by("latin-crisp", others),
                     by("eng-crisp", english)},
                    FieldKind::Phone);
    };
    EXPECT_EQ(read("090 83 59 24", "096 83 59 24").text, "090 83 59 24");
    EXPECT_GT(read("090 83 59 24", "096 83 59 24").confidence, 0.95);
    EXPECT_LT(read("096 83 59 24", "090 83 59 24").confidence, 0.95)
        << "the other way round it does";
    EXPECT_LT(read("090 83 59 24", "099 83 59 27").confidence, 0.95) << "and differs elsewhere too";
}

TEST(TextVote, NothingReadIsNoText) {
    EXPECT_TRUE(vote({by("latin", ""), by("eng", " ")}, FieldKind::Text).text.empty());
}

}  // namespace
}  // namespace avtalskoll::rules
