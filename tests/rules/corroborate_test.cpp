#include "rules/corroborate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

FieldReport field(const char* id, FieldKind kind, FieldVerdict verdict, const char* value,
                  std::vector<std::string> others = {}) {
    FieldReport f;
    f.field = id;
    f.kind = kind;
    f.verdict = verdict;
    f.value = value;
    f.value_confidence = verdict == FieldVerdict::Ok ? 0.98 : 0.6;
    f.reason = verdict == FieldVerdict::Ok ? "" : "low_confidence";
    f.alternatives = std::move(others);
    return f;
}

Report with_email(FieldReport email) {
    FieldReport number = field("organisation_number", FieldKind::OrganisationNumber,
                               FieldVerdict::Ok, "212000-2056");
    number.name_field = "organisation";
    Report report;
    report.agreements.push_back(
        {"lease",
         "Arrende",
         "1",
         true,
         true,
         {},
         {{"1",
           "",
           {field("organisation", FieldKind::Text, FieldVerdict::Ok, "Kungsör kommun"), number}},
          {"2",
           "",
           {field("name", FieldKind::Person, FieldVerdict::Ok, "Lars Grönvall"),
            std::move(email)}}}});
    return report;
}

FieldReport settled(FieldReport email) {
    Report report = with_email(std::move(email));
    corroborate(report, {}, Register(), rule_words());
    return report.agreements[0].points[1].fields[1];
}

TEST(Corroborate, NameAndOrganisationSettleADoubtfulAddress) {
    const FieldReport f = settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                        "igronvall@kungsor.se", {"lgronvall@kungsor.se"}));
    EXPECT_EQ(f.verdict, FieldVerdict::Ok);
    EXPECT_EQ(f.value, "lgronvall@kungsor.se");
    EXPECT_TRUE(f.reason.empty());
}

// The same letter is misread alike in the name and in the address.
TEST(Corroborate, ANameThatWasBadlyReadIsNoWitness) {
    Report report = with_email(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                     "lars.gronvail@kungsor.se", {"lars.gronvall@kungsor.se"}));
    FieldReport& name = report.agreements[0].points[1].fields[0];
    name.value = "Lars Grönvail";
    name.value_confidence = 0.6;
    corroborate(report, {}, Register(), rule_words());
    EXPECT_EQ(report.agreements[0].points[1].fields[1].verdict, FieldVerdict::Unclear);
}

TEST(Corroborate, AddressThatNearlyMissesABadlyReadNameIsInDoubt) {
    Report report =
        with_email(field("email", FieldKind::Email, FieldVerdict::Ok, "lars.gronvail@kungsor.se"));
    report.agreements[0].points[1].fields[0].value_confidence = 0.4;
    FieldReport& email = report.agreements[0].points[1].fields[1];
    corroborate(report, {}, Register(), rule_words());
    EXPECT_EQ(email.verdict, FieldVerdict::Ok) << "the address was read surely, the name was not";
    email.value_confidence = 0.94;
    corroborate(report, {}, Register(), rule_words());
    EXPECT_EQ(email.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(email.reason, "conflicts_with_name");
}

TEST(Corroborate, AnAddressIsThatOfThePersonNamedBeforeIt) {
    Report report =
        with_email(field("email", FieldKind::Email, FieldVerdict::Ok, "lars.gronvall@kungsor.se"));
    std::vector<FieldReport>& fields = report.agreements[0].points[1].fields;
    fields.push_back(field("name_2", FieldKind::Person, FieldVerdict::Ok, "Lasse Grenvall"));
    fields.push_back(
        field("email_2", FieldKind::Email, FieldVerdict::Ok, "lasse.grenvall@kungsor.se"));
    corroborate(report, {}, Register(), rule_words());
    EXPECT_EQ(fields[1].verdict, FieldVerdict::Ok);
    EXPECT_EQ(fields[3].verdict, FieldVerdict::Ok);
}

TEST(Corroborate, LostSeparatorIsTheLikelierFault) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "larsgronvall@kungsor.se", {"lars_gronvall@kungsor.se"}))
                  .value,
              "lars_gronvall@kungsor.se");
}

TEST(Corroborate, LetterThatNoEngineReadIsMendedOnlyWhereItLooksAlike) {
    const FieldReport alike = settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                            "igronvall@kungsor.se", {"jgronvall@kungsor.se"}));
    EXPECT_EQ(alike.verdict, FieldVerdict::Ok);
    EXPECT_EQ(alike.value, "lgronvall@kungsor.se");
    EXPECT_EQ(alike.repaired_by, "name");
    const FieldReport unlike = settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                             "bgronvall@kungsor.se", {"hgronvall@kungsor.se"}));
    EXPECT_EQ(unlike.verdict, FieldVerdict::Unclear);
    EXPECT_TRUE(unlike.repaired_by.empty());
}

TEST(Corroborate, MendedNameKeepsItsSeparatorsAndNeedsAKnownDomain) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lars_gronvali@kungsor.se", {"lars_gronvaii@kungsor.se"}))
                  .value,
              "lars_gronvall@kungsor.se");
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lars_gronvali@example.org", {"lars_gronvaii@example.org"}))
                  .verdict,
              FieldVerdict::Unclear);
}

TEST(Corroborate, NameDoesNotOverruleWhatAllReadingsHaveNorTellWhenItMayBeMisreadItself) {
    const FieldReport all =
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lars_gronvali@kungsor.se"));
    EXPECT_EQ(all.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(all.value, "lars_gronvali@kungsor.se");
    Report report = with_email(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                     "igronvall@kungsor.se", {"jgronvall@kungsor.se"}));
    report.agreements[0].points[1].fields[0].value_confidence = 0.9;
    corroborate(report, {}, Register(), rule_words());
    EXPECT_EQ(report.agreements[0].points[1].fields[1].verdict, FieldVerdict::Unclear);
}

TEST(Corroborate, ReadingThatLostASignIsNotTakenForTheAddress) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lars gronvall@kungsor.se", {"larsgronvall@kungsor.se"}))
                  .verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "lars gronvall@kungsor.se",
                      {"lars_gronvall@kungsor.se", "larsgronvall@kungsor.se"}))
            .value,
        "lars_gronvall@kungsor.se");
}

TEST(Corroborate, NobodyWritesTwoSeparatorsInARow) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lars.gronvall@kungsor.se", {"lars.-gronvall@kungsor.se"}))
                  .value,
              "lars.gronvall@kungsor.se");
}

TEST(Corroborate, PartsThatEachSomethingTellsOfMakeTheAddress) {
    const FieldReport f = settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                                        "igronvall@kungsor.se", {"lgronvall@kunqsor.se"}));
    EXPECT_EQ(f.verdict, FieldVerdict::Ok);
    EXPECT_EQ(f.value, "lgronvall@kungsor.se");
}

TEST(Corroborate, PartThatAllReadingsHaveNeedsNoWitness) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "gis84@kunqsor.se",
                            {"gis84@kungsor.se"}))
                  .value,
              "gis84@kungsor.se");
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "gis84@kungsor.se",
                            {"gis64@kungsor.se"}))
                  .verdict,
              FieldVerdict::Unclear);
}

TEST(Corroborate, DomainMisreadByAThinStrokeIsMendedAndMarked) {
    const FieldReport f =
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lgronvall@kumgsor.se"));
    EXPECT_EQ(f.verdict, FieldVerdict::Unclear) << "m is not taken for n alone";
    const FieldReport mended =
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lgronvall@kunqsor.se"));
    EXPECT_EQ(mended.verdict, FieldVerdict::Ok);
    EXPECT_EQ(mended.value, "lgronvall@kungsor.se");
    EXPECT_EQ(mended.repaired_by, "organisation");
    EXPECT_FALSE(mended.message.empty());
}

TEST(Corroborate, WhatStandsAfterTheLastDotHasNoWitness) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lgronvall@kungsor.sej", {"lgronvall@kungsor.ge"}))
                  .verdict,
              FieldVerdict::Unclear);
}

TEST(Corroborate, LetterThatMayBeADigitIsNotSettledByAName) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "gronval1@kungsor.se",
                            {"gronvall@kungsor.se"}))
                  .verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "gisl@kungsor.se",
                            {"gisl@kunqsor.se"}))
                  .verdict,
              FieldVerdict::Unclear);
}

TEST(Corroborate, NameIsNoWitnessOfMarksInAnAddress) {
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear,
                            "lgrönvall@kungsor.se", {"lgronvall@kungsor.se"}))
                  .value,
              "lgronvall@kungsor.se");
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "lgrönvall@kungsor.se"))
            .verdict,
        FieldVerdict::Unclear);
}

TEST(Corroborate, UnsureAgreementNeedsBothWitnesses) {
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "lgronvall@kungsor.se"))
            .verdict,
        FieldVerdict::Ok);
    EXPECT_EQ(settled(field("email", FieldKind::Email, FieldVerdict::Unclear, "zet11@kungsor.se"))
                  .verdict,
              FieldVerdict::Unclear);
    FieldReport nearly_sure =
        field("email", FieldKind::Email, FieldVerdict::Unclear, "zet19@kungsor.se");
    nearly_sure.value_confidence = 0.92;  // and most of what could be wrong is witnessed
    EXPECT_EQ(settled(nearly_sure).verdict, FieldVerdict::Ok);
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "zet11@kunqsor.se")).verdict,
        FieldVerdict::Unclear)
        << "a mended domain vouches for nothing";
}

TEST(Corroborate, SureReadingThatMissesTheNameByOneLetterIsDoubted) {
    const FieldReport f =
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lgronvaal@kungsor.se"));
    EXPECT_EQ(f.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(f.reason, "conflicts_with_name");
}

TEST(Corroborate, OtherPeoplesMailboxesAreLeftAlone) {
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "dataskydd@kungsor.se")).verdict,
        FieldVerdict::Ok);
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "kalle@example.org")).verdict,
        FieldVerdict::Ok);
}

// The second agreement's number, read in doubt, beside a first agreement whose number is sure.
FieldReport settled_number(const char* value, const char* other) {
    Report report =
        with_email(field("email", FieldKind::Email, FieldVerdict::Ok, "lgronvall@kungsor.se"));
    const FieldReport number = field("organisation_number", FieldKind::OrganisationNumber,
                                     FieldVerdict::Unclear, value, {other});
    report.agreements.push_back(
        {"privacy", "Sekretess", "1", true, true, {}, {{"1", "", {number}}}});
    corroborate(report, {}, Register(), rule_words());
    return report.agreements[1].points[0].fields[0];
}

TEST(Corroborate, OtherAgreementSettlesANumberThatAnEngineRead) {
    const FieldReport f = settled_number("212000-2058", "212000-2056");
    EXPECT_EQ(f.verdict, FieldVerdict::Ok);
    EXPECT_EQ(f.value, "212000-2056");
}

TEST(Corroborate, NumberThatNobodyElseKnowsStaysUnclear) {
    EXPECT_EQ(settled_number("556016-0680", "556016-0660").verdict, FieldVerdict::Unclear);
}

TEST(Corroborate, DomainThatNearlyIsTheOrganisationIsDoubted) {
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lars.gronvall@kungsur.se"))
            .reason,
        "conflicts_with_name");
    EXPECT_EQ(
        settled(field("email", FieldKind::Email, FieldVerdict::Ok, "lars.gronvall@lantmateriet.se"))
            .verdict,
        FieldVerdict::Ok);
}

}  // namespace
}  // namespace avtalskoll::rules
