#include "rules/field_rule.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

Field field_of_kind(FieldKind kind) {
    Field field;
    field.id = "f";
    field.label = "Fält";
    field.kind = kind;
    return field;
}

FieldReading written(const char* first, const char* second, double confidence = 0.95) {
    FieldReading reading;
    reading.ink = {Fill::Filled, 20, 0.99, 0};
    reading.votes = {{"latin", first, confidence, confidence},
                     {"eng", second, confidence, confidence}};
    return reading;
}

struct Case {
    FieldKind kind;
    const char* first;
    const char* second;
    FieldVerdict verdict;
    const char* reason;
};

class WrittenField : public testing::TestWithParam<Case> {};

TEST_P(WrittenField, IsJudgedAsListed) {
    const Case& c = GetParam();
    const FieldReport report =
        judge_field(field_of_kind(c.kind), written(c.first, c.second), rule_words());
    EXPECT_EQ(report.verdict, c.verdict) << to_string(report.verdict);
    EXPECT_EQ(report.reason, c.reason);
    EXPECT_EQ(report.message.empty(), c.verdict == FieldVerdict::Ok);
}

INSTANTIATE_TEST_SUITE_P(
    Table, WrittenField,
    testing::Values(
        Case{FieldKind::OrganisationNumber, "212000-0142", "212000 0142", FieldVerdict::Ok, ""},
        Case{FieldKind::OrganisationNumber, "212000-0143", "212000-0143", FieldVerdict::Invalid,
             "check_digit"},
        Case{FieldKind::OrganisationNumber, "212000-01", "212000-01", FieldVerdict::Invalid,
             "format"},
        Case{FieldKind::OrganisationNumber, "212000-0143", "212000-0142", FieldVerdict::Unclear,
             "low_confidence"},
        Case{FieldKind::Phone, "026-63 30 00", "026-633000", FieldVerdict::Ok, ""},
        Case{FieldKind::Phone, "070-123", "070-123", FieldVerdict::Invalid, "format"},
        Case{FieldKind::Phone, "026-63 30 00", "026-63 30 08", FieldVerdict::Unclear,
             "low_confidence"},
        Case{FieldKind::Email, "a@b.se", "a@b.se", FieldVerdict::Ok, ""},
        Case{FieldKind::Email, "ab.se", "ab.se", FieldVerdict::Invalid, "format"},
        Case{FieldKind::Email, "a@b.se", "aQb.se", FieldVerdict::Unclear, "low_confidence"},
        Case{FieldKind::Person, "Åsa Ek", "Åsa Ek", FieldVerdict::Ok, ""},
        Case{FieldKind::Person, "Lena Żak", "Lena Zak", FieldVerdict::Ok,
             ""},  // one doubtful letter
        Case{FieldKind::Person, "qx", "Wn-7", FieldVerdict::Unclear, "not_read"},
        Case{FieldKind::Role, "-", "-", FieldVerdict::Unclear, "too_short"},
        Case{FieldKind::FreeText, "se bilaga 2", "se bilaga 2", FieldVerdict::Unclear,
             "refers_to_annex"},
        Case{FieldKind::FreeText, "- namn\n- adress", "- namn\n- adress", FieldVerdict::Ok, ""}));

TEST(FieldRule, ValidNumberIsGivenInItsCanonicalForm) {
    const FieldReport report = judge_field(field_of_kind(FieldKind::OrganisationNumber),
                                           written("162120000142", "16212000-0142"), rule_words());
    EXPECT_EQ(report.value, "212000-0142");
}

TEST(FieldRule, PhoneKeepsItsWritingAndGetsE164) {
    const FieldReport report = judge_field(field_of_kind(FieldKind::Phone),
                                           written("026-63 30 00", "026-63 30 00"), rule_words());
    EXPECT_EQ(report.value, "026-63 30 00");
    EXPECT_EQ(report.normalized, "+4626633000");
}

TEST(FieldRule, EmptyPlaceIsMissing) {
    FieldReading reading;
    reading.ink = {Fill::Empty, 0, 0.99, 0};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Text), reading, rule_words()).verdict,
              FieldVerdict::Missing);
}

TEST(FieldRule, DoubtfulInkIsUnclearNotMissing) {
    FieldReading reading;
    reading.ink = {Fill::Dirt, 1.8, 0.5, 0};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Text), reading, rule_words()).verdict,
              FieldVerdict::Unclear);
}

TEST(FieldRule, LineBetweenTheLettersIsBelievedOnlyWhereTheyReadBadly) {
    FieldReading reading = written("212000-0142", "212000-0142");
    reading.ink = {Fill::CrossedOut, 20, 0.7, 0};
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::OrganisationNumber), reading, rule_words()).verdict,
        FieldVerdict::Ok);
    reading.votes[1].text = "217000-0142";
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::OrganisationNumber), reading, rule_words()).reason,
        "crossed_out");
}

TEST(FieldRule, DigitTooFewIsSoonerMisreadThanMiswritten) {
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::OrganisationNumber),
                          written("212000-014", "212000-014"), rule_words())
                  .verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::OrganisationNumber),
                          written("212000-01", "212000-01"), rule_words())
                  .verdict,
              FieldVerdict::Invalid);
}

TEST(FieldRule, AddressWithALostSignIsNeitherRightNorWrong) {
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::Email),
                    written("lars gronvall@kungsor.se", "lars gronvall@kungsor.se"), rule_words())
            .verdict,
        FieldVerdict::Unclear);
}

TEST(FieldRule, TextOfTheFileItselfIsExact) {
    FieldReading reading = written("namn@exempel.se", "namn@exempel.se");
    reading.votes = {{"file", "namn@exempel.se", 1, 1}};
    reading.typed = true;
    const FieldReport report = judge_field(field_of_kind(FieldKind::Email), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Ok);
    EXPECT_EQ(report.value_confidence, 1);
}

FieldReading typed(const char* text) {
    FieldReading reading = written(text, text);
    reading.votes = {{"file", text, 1, 1}};
    reading.typed = true;
    return reading;
}

struct TypedCase {
    FieldKind kind;
    const char* text;
    FieldVerdict verdict;
    const char* reason;
};
class ValueThatPeopleWrite : public testing::TestWithParam<TypedCase> {};
TEST_P(ValueThatPeopleWrite, IsJudgedAlikeTypedAndScanned) {
    const TypedCase& c = GetParam();
    for (const FieldReading& reading : {typed(c.text), written(c.text, c.text)}) {
        const FieldReport report = judge_field(field_of_kind(c.kind), reading, rule_words());
        EXPECT_EQ(report.verdict, c.verdict) << c.text << ": " << to_string(report.verdict)
                                             << (reading.typed ? " typed" : " scanned");
        EXPECT_EQ(report.reason, c.reason) << c.text << (reading.typed ? " typed" : " scanned");
    }
}
INSTANTIATE_TEST_SUITE_P(
    Table, ValueThatPeopleWrite,
    testing::Values(
        TypedCase{FieldKind::Phone, "026-63 30 00/070-514 04 48", FieldVerdict::Unclear,
                  "several_values"},
        TypedCase{FieldKind::Phone, "026-63 30 00 vx", FieldVerdict::Unclear, "unusual_form"},
        TypedCase{FieldKind::Phone, "1177", FieldVerdict::Unclear, "short_number"},
        TypedCase{FieldKind::Phone, "Se ovan", FieldVerdict::Unclear, "refers_to_annex"},
        TypedCase{FieldKind::OrganisationNumber, "SE212000014201", FieldVerdict::Unclear,
                  "unusual_form"},
        TypedCase{FieldKind::OrganisationNumber, "212000\u20110142", FieldVerdict::Ok, ""},
        TypedCase{FieldKind::Email, "a.ek@b.se;c.ek@b.se", FieldVerdict::Unclear, "several_values"},
        TypedCase{FieldKind::Email, "a.ek@b.se c.ek@b.se", FieldVerdict::Unclear, "several_values"},
        TypedCase{FieldKind::Email, "a.ek(at)b.se", FieldVerdict::Unclear, "unusual_form"},
        TypedCase{FieldKind::Email, "mailto:a.ek@b.se", FieldVerdict::Ok, ""},
        TypedCase{FieldKind::Person, "Se-Hyun Park", FieldVerdict::Ok, ""},
        TypedCase{FieldKind::Role, "GIS/IT-ansvarig (50 %)", FieldVerdict::Ok, ""},
        TypedCase{FieldKind::Role, "1:e lantmätare", FieldVerdict::Ok, ""},
        TypedCase{FieldKind::Person, "O'Neil-Ångström, D\u2019Arcy", FieldVerdict::Ok, ""}));

TEST(FieldRule, TypedNumberWithADigitTooFewIsWrongNotMisread) {
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::OrganisationNumber), typed("212000-014"), rule_words())
            .verdict,
        FieldVerdict::Invalid);
}

TEST(FieldRule, ShortTypedWordIsNoDirtAndADashIsNoWord) {
    FieldReading reading = typed("IT");
    reading.ink = {Fill::Dirt, 1.1, 0.9, 0};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Role), reading, rule_words()).verdict,
              FieldVerdict::Ok);
    reading.votes = {{"file", "-", 1, 1}};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Role), reading, rule_words()).verdict,
              FieldVerdict::Missing);
}

TEST(FieldRule, TextOfWhichOnlySomeWordsWereReadTwiceIsNotRead) {
    const FieldReport stamped =
        judge_field(field_of_kind(FieldKind::Text),
                    written("INK 2031 Dnr Provby Rkn", "lnkom 2Q37 Dar Provby ki"), rule_words());
    EXPECT_EQ(stamped.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(stamped.reason, "not_read");
}

TEST(FieldRule, TextThatEnginesOnlyGuessedIsNotRead) {
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Person), written("Mna Ulk", "Mna Ulk", 0.4),
                          rule_words())
                  .reason,
              "not_read");
}

TEST(FieldRule, MoreInkThanTheLettersAccountForIsALostLineOrAStamp) {
    FieldReading reading = written("Prov Person", "Prov Person");
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Person), reading, rule_words()).verdict,
              FieldVerdict::Ok);
    reading.ink.area_mm2 = 90;
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Person), reading, rule_words()).reason,
              "not_read");
}

TEST(FieldRule, WhatAnOfficerWritesFollowsTheSameRules) {
    EXPECT_EQ(check_written(FieldKind::Email, "<a.ek@b.se>", rule_words()).value, "a.ek@b.se");
    EXPECT_EQ(check_written(FieldKind::OrganisationNumber, "212000\u20110142", rule_words()).value,
              "212000-0142");
    EXPECT_TRUE(check_written(FieldKind::Phone, "1177", rule_words()).valid)
        << "a person who insists knows better";
    EXPECT_EQ(check_written(FieldKind::Phone, "026-63 30 00, 070-514 04 48", rule_words()).reason,
              "several_values");
}

TEST(FieldRule, CrossedOutIsUnclearHoweverWellItReads) {
    FieldReading reading = written("212000-0142", "212000-0142");
    reading.ink = {Fill::CrossedOut, 20, 0.9, 0};
    const FieldReport report =
        judge_field(field_of_kind(FieldKind::OrganisationNumber), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.reason, "crossed_out");
}

// A letter outside the line reader's alphabet is nobody's guess.
TEST(FieldRule, ALetterThatTheReaderDoesNotKnowIsForAPerson) {
    FieldReading reading = written("fastighetsförvaltningen i Provby \uFFFDommun", "");
    reading.votes = {{"reader", "fastighetsförvaltningen i Provby \uFFFDommun", 0.9, 0.9},
                     {"latin", "fastighetsförvaltningen i Provby kommun", 0.9, 0.9}};
    const FieldReport report = judge_field(field_of_kind(FieldKind::Text), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.reason, "low_confidence");
}

TEST(FieldRule, OneSureReadingIsEnoughAndAnUnsureOneIsNot) {
    FieldReading reading = written("Provby kommun", "");
    reading.votes = {{"latin", "Provby kommun", 0.95, 0.95}};
    const FieldReport report = judge_field(field_of_kind(FieldKind::Text), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Ok);
    EXPECT_GE(report.value_confidence.value_or(0), 0.95);
    reading.votes = {{"latin", "Provby kommun", 0.5, 0.5}};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Text), reading, rule_words()).verdict,
              FieldVerdict::Unclear);
}

TEST(FieldRule, ValidValueIsSaidForTheReaderWhoAsks) {
    EXPECT_TRUE(is_valid_value(FieldKind::OrganisationNumber, "212000-0142"));
    EXPECT_FALSE(is_valid_value(FieldKind::OrganisationNumber, "212000-0143"));
    EXPECT_TRUE(is_valid_value(FieldKind::Phone, "026-63 30 00"));
    EXPECT_FALSE(is_valid_value(FieldKind::Phone, "026-63"));
    EXPECT_TRUE(is_valid_value(FieldKind::Role, "x"));
}

TEST(FieldRule, AddressWithMoreDigitsThanLettersIsText) {
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::FreeText),
                          written("Box 41, 221 00 Lund", "Box 41, 221 00 Lund"), rule_words())
                  .verdict,
              FieldVerdict::Ok);
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Person), written("Li 41 221 00", "Li 41 221 00"),
                          rule_words())
                  .verdict,
              FieldVerdict::Unclear);
}

TEST(FieldRule, ThePromptItselfIsNoValue) {
    Field field = field_of_kind(FieldKind::Text);
    field.prompt = "LEVERANTÖR/SAMBRUK";
    const FieldReport same =
        judge_field(field, written("[LEVERANTÖR/SAMBRUK]", "[LEVERANTOR/SAMBRUK]"), rule_words());
    EXPECT_EQ(same.verdict, FieldVerdict::Missing);
    EXPECT_EQ(same.reason, "hint_only");
    EXPECT_EQ(judge_field(field, written("Sambruk AB", "Sambruk AB"), rule_words()).verdict,
              FieldVerdict::Ok);
}

TEST(FieldRule, PrintedHintAloneIsMissing) {
    FieldReading reading;
    reading.ink = {Fill::Empty, 0, 0.99, 0, true};
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::FreeText), reading, rule_words()).reason,
              "hint_only");
}

TEST(FieldRule, HandwritingIsForAPersonUnlessItReadsAsType) {
    FieldReading reading = written("212000-0142", "212000-0142", 0.7);
    reading.by_hand = 0.97;
    const FieldReport report =
        judge_field(field_of_kind(FieldKind::OrganisationNumber), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.reason, "handwritten");
    FieldReading typed = written("212000-0142", "212000-0142", 0.96);
    typed.by_hand = 0.97;
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::OrganisationNumber), typed, rule_words()).verdict,
        FieldVerdict::Ok)
        << "engines are not that sure of a hand";
}

TEST(FieldRule, ValidCheckDigitMakesAnUnsureReadingSure) {
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::OrganisationNumber),
                          written("212000-0142", "212000-0142", 0.4), rule_words())
                  .verdict,
              FieldVerdict::Ok);
    EXPECT_EQ(
        judge_field(field_of_kind(FieldKind::Email), written("a@b.se", "a@b.se", 0.4), rule_words())
            .verdict,
        FieldVerdict::Unclear);
}

TEST(FieldRule, CautionMovesWhatIsSureEnough) {
    const FieldReading reading = written("a@b.se", "a@b.se", 0.85);
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Email), reading, rule_words(), {1}).verdict,
              FieldVerdict::Ok);
    EXPECT_EQ(judge_field(field_of_kind(FieldKind::Email), reading, rule_words(), {8}).verdict,
              FieldVerdict::Unclear);
    EXPECT_NEAR(Caution{4}.least(0.5), 0.8, 1e-9);
    EXPECT_NEAR(Caution{4}.most(0.5), 0.2, 1e-9);
    EXPECT_NEAR(Caution{1}.least(0.93), 0.93, 1e-9);
}

TEST(FieldRule, PlaceThatWasNotFoundIsUnclearEvenWhenItLooksEmpty) {
    FieldReading reading;
    reading.ink = {Fill::Empty, 0, 0.99, 0};
    reading.place_trusted = false;
    const FieldReport report = judge_field(field_of_kind(FieldKind::Text), reading, rule_words());
    EXPECT_EQ(report.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.reason, "misplaced_page");
}

// A file's text beside what its page shows.
FieldReport judge_beside_ink(FieldKind kind, const char* file, const char* ink, bool in_field) {
    FieldReading reading = written(ink, ink);
    reading.votes.insert(reading.votes.begin(), {kFileModel, file, 1, 1});
    reading.typed = true;
    reading.typed_in_field = in_field;
    return judge_field(field_of_kind(kind), reading, rule_words());
}

TEST(TypedField, IsTheFilesWhereItsInkSaysTheSame) {
    const FieldReport report =
        judge_beside_ink(FieldKind::Person, "Åsa Öberg-Lind", "Asa Oberg-Lind", true);
    EXPECT_EQ(report.verdict, FieldVerdict::Ok);
    EXPECT_EQ(report.value, "Åsa Öberg-Lind");
    EXPECT_TRUE(report.typed);
}

TEST(TypedField, IsDoubtedWhereItsAppearanceShowsAnotherValue) {
    const FieldReport report =
        judge_beside_ink(FieldKind::OrganisationNumber, "212000-0142", "556016-0680", true);
    EXPECT_EQ(report.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.reason, "file_differs");
}

TEST(TypedField, WordsThatTheInkContradictsGiveWayToTheInk) {
    const FieldReport report =
        judge_beside_ink(FieldKind::OrganisationNumber, "323111-1253", "212000-0142", false);
    EXPECT_EQ(report.verdict, FieldVerdict::Ok);
    EXPECT_EQ(report.value, "212000-0142");
    EXPECT_FALSE(report.typed);
}

TEST(TypedField, OfMegabytesIsLeftToAPerson) {
    const std::string much(2'000'000, '0');
    for (const FieldKind kind : {FieldKind::OrganisationNumber, FieldKind::Phone, FieldKind::Email})
        EXPECT_EQ(judge_field(field_of_kind(kind), typed(much.c_str()), rule_words()).verdict,
                  FieldVerdict::Unclear);
}

}  // namespace
}  // namespace avtalskoll::rules
