// Several copies of one agreement: the paper and what it was made of, or two papers.
#include "rules/copies.h"

#include <gtest/gtest.h>

#include "tests/support/judging.h"

namespace avtalskoll::rules {
namespace {

TEST(Copies, SameAgreementTwiceIsSaidAndNeedsNobodyWhenTheCopiesAreAlike) {
    std::vector<PageReading> pages = complete_lease();
    EXPECT_EQ(find(judge(submission(false), with(pages, pages[0])), "agreement_doubled"), nullptr)
        << "one page twice is no agreement twice";
    const Report report = judge(submission(false), with(with(pages, pages[0]), pages[1]));
    EXPECT_EQ(report.verdict, SubmissionVerdict::Complete);
    ASSERT_NE(find(report, "agreement_doubled"), nullptr);
    EXPECT_EQ(find(report, "agreement_doubled")->severity, Severity::Info);
}

std::vector<PageReading> unsigned_lease(const char* file) {
    return {party_page(file, 1, 0, "Exempel", kNumber), signature_page(file, 2, 0.02)};
}

std::vector<PageReading> together(std::vector<PageReading> pages,
                                  const std::vector<PageReading>& others) {
    pages.insert(pages.end(), others.begin(), others.end());
    return pages;
}

TEST(Copies, FileFilledInOnTheScreenBesideItsSignedScanIsComplete) {
    std::vector<PageReading> typed = unsigned_lease("0.pdf");
    for (PageReading& page : typed) page.born_digital = true;
    const Report report = judge(submission(false), together(complete_lease(), typed));
    EXPECT_EQ(report.verdict, SubmissionVerdict::Complete);
    EXPECT_EQ(report.agreements[0].pages[1].file, "a.pdf")
        << "the signed one counts, wherever it stands";
}

TEST(Copies, UnsignedPaperBesideTheSignedOneIsForAPersonAndNotCalledMissing) {
    const Report report =
        judge(submission(false), together(complete_lease(), unsigned_lease("0.pdf")));
    EXPECT_EQ(report.agreements[0].points[1].fields[0].verdict, FieldVerdict::Ok);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(Copies, CopiesWithOtherValuesLeaveTheFieldToAPerson) {
    const Report report =
        judge(submission(false),
              with(with(complete_lease(), party_page("b.pdf", 1, 0, "Exempel", kOther)),
                   party_page("c.pdf", 1, 0, "Exempel", kNumber)));
    const FieldReport& number = report.agreements[0].points[0].fields[1];
    EXPECT_EQ(number.verdict, FieldVerdict::Unclear);
    EXPECT_EQ(number.reason, "copies_differ");
    EXPECT_EQ(report.agreements[0].points[0].fields[0].verdict, FieldVerdict::Ok)
        << "the name is one";
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(Copies, WhatOnlyAnUnsignedCopyHoldsIsForAPerson) {
    std::vector<PageReading> pages = complete_lease();
    pages[0].fields[1].ink = {Fill::Empty, 0, 0.99, 0};
    const Report report =
        judge(submission(false), with(pages, party_page("b.pdf", 1, 0, "Exempel", kNumber)));
    EXPECT_EQ(report.agreements[0].points[0].fields[1].reason, "copies_differ");
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(Copies, ValueSeenClearlyInACopyIsThatOfThePaperWhichShowsTheSameLessClearly) {
    const auto with_votes = [](double least, const char* number) {
        std::vector<PageReading> pages = complete_lease();
        pages[0].fields[1].votes = {{"latin", number, least, least},
                                    {"eng", "212000-9142", least, least}};
        return with(pages, party_page("b.pdf", 1, 0, "Exempel", kNumber));
    };
    EXPECT_EQ(judge(submission(false), with_votes(0.9, kNumber))
                  .agreements[0]
                  .points[0]
                  .fields[1]
                  .verdict,
              FieldVerdict::Ok);
    EXPECT_EQ(judge(submission(false), with_votes(0.9, "212000-7142"))
                  .agreements[0]
                  .points[0]
                  .fields[1]
                  .verdict,
              FieldVerdict::Unclear);
}

}  // namespace
}  // namespace avtalskoll::rules
