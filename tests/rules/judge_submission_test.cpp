#include "rules/judge_submission.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/error.h"
#include "tests/support/judging.h"
#include "tests/support/texts.h"

namespace avtalskoll::rules {
namespace {

TEST(JudgeSubmission, EverythingThereIsComplete) {
    EXPECT_EQ(judge(submission(false), complete_lease()).verdict, SubmissionVerdict::Complete);
}

TEST(JudgeSubmission, UnsignedIsIncomplete) {
    EXPECT_EQ(judge(submission(false), {party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                        signature_page("a.pdf", 2, 0.02)})
                  .verdict,
              SubmissionVerdict::Incomplete);
}

TEST(JudgeSubmission, BlankFormSentBackIsSaid) {
    std::vector<PageReading> pages = complete_lease();
    for (FieldReading& reading : pages[0].fields)
        reading.ink = {Fill::Empty, 0, 0.99, 0}, reading.votes.clear();
    EXPECT_EQ(find(judge(submission(false), pages), "form_not_filled_in"), nullptr) << "signed";
    pages[1] = signature_page("a.pdf", 2, 0.0);
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
    EXPECT_NE(find(report, "form_not_filled_in"), nullptr);
}

TEST(JudgeSubmission, SomethingElseInsteadOfTheAgreementIsAWrongDocument) {
    const PageReading foreign = other_page("a.pdf", 1, PageKind::Foreign);
    const Report wrong =
        judge(submission(false), {foreign, other_page("a.pdf", 2, PageKind::Blank)});
    EXPECT_EQ(wrong.verdict, SubmissionVerdict::Incomplete);
    ASSERT_NE(find(wrong, "wrong_document"), nullptr);
    EXPECT_EQ(find(wrong, "wrong_document")->file, "a.pdf");
    EXPECT_EQ(find(judge(submission(false), {foreign, other_page("a.pdf", 2, PageKind::Unknown)}),
                   "wrong_document"),
              nullptr)
        << "it may be the agreement";
    EXPECT_EQ(find(judge(submission(false), with(complete_lease(), foreign)), "wrong_document"),
              nullptr)
        << "a letter beside it";
}

TEST(JudgeSubmission, SignedByCertificateIsForAPersonNotMissing) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                         signature_page("a.pdf", 2, 0.02)};
    const FileReport file{
        "a.pdf", "", 2, {{"Provperson Ett", "2026-01-02T03:04:05Z", SignatureValidity::Unchanged}}};
    const Report report = judge_documents(submission(false), {DocumentReading::whole(file, pages)});
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "digitally_signed");
    ASSERT_NE(find(report, "digitally_signed"), nullptr);
    EXPECT_NE(said(find(report, "digitally_signed")->message).find("2026-01-02T03:04:05Z"),
              std::string::npos);
}

TEST(JudgeSubmission, WhatADigitalSignatureCoversIsSaid) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                         signature_page("a.pdf", 2, 0.02)};
    const auto message = [&](const DigitalSignature& signature) {
        const Report report = judge_documents(
            submission(false), {DocumentReading::whole({"a.pdf", "", 2, {signature}}, pages)});
        return said(find(report, "digitally_signed")->message);
    };
    EXPECT_NE(message({"Prov", "", SignatureValidity::Partial}).find("gäller inte hela filen"),
              std::string::npos);
    EXPECT_EQ(message({"Prov", "", SignatureValidity::Unchecked}).find("oförändrat"),
              std::string::npos);
    EXPECT_EQ(message({"", "", SignatureValidity::Unchanged, true}).find("underskriven av"),
              std::string::npos);
}

TEST(JudgeSubmission, TimeStampAloneIsNamedAsWhatItIs) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                         signature_page("a.pdf", 2, 0.02)};
    const DigitalSignature stamp{"", "2026-01-02T03:04:05Z", SignatureValidity::Unchanged, true};
    const Report report = judge_documents(
        submission(false), {DocumentReading::whole({"a.pdf", "", 2, {stamp}}, pages)});
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "time_stamp_only");
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(JudgeSubmission, PictureOfASignatureInADocumentThatWasNeverPrintedIsNoSignature) {
    std::vector<PageReading> pages = complete_lease();
    pages[1].born_digital = true;
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "pasted_signature");
}

TEST(JudgeSubmission, InkOfAScreenOverAScanIsNoSignature) {
    std::vector<PageReading> pages = complete_lease();
    pages[1].fields[0].screen_ink_mm2 = 20;
    EXPECT_EQ(judge(submission(false), pages).agreements[0].points[1].fields[0].reason,
              "pasted_signature");
    pages[1].fields[0].screen_annotation = true;
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "annotation_ink");
    pages[1].fields[0].signature = judged_ink(PlaceInk::Signature, 0.5);
    EXPECT_EQ(judge(submission(false), pages).agreements[0].points[1].fields[0].reason,
              "annotation_ink")
        << "a doubtful one too";
}

TEST(JudgeSubmission, NothingIsSurelyAbsentFromADamagedPage) {
    std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                   signature_page("a.pdf", 2, 0.02)};
    pages[1].damage = Message("drawing.picture_broken");
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "page_damaged");
    EXPECT_EQ(find(report, "page_damaged")->page, 2);
    pages = complete_lease();
    pages[0].damage = Message("drawing.picture_broken");
    pages[0].print = {90, 60};
    EXPECT_EQ(find(judge(submission(false), pages), "form_version_unknown"), nullptr)
        << "the print is lost, not another";
    EXPECT_EQ(judge(submission(false), pages).verdict, SubmissionVerdict::Review)
        << "though all is there";
}

TEST(JudgeSubmission, AStruckPageCountsForNothing) {
    std::vector<PageReading> pages = complete_lease();
    pages[1].struck_through = true;
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "crossed_out");
}

TEST(JudgeSubmission, PrintThatIsNotThereMayBeAnotherVersions) {
    std::vector<PageReading> pages = complete_lease();
    pages[0].print = {90, 2};
    EXPECT_EQ(find(judge(submission(false), pages), "form_version_unknown"), nullptr);
    pages[0].print = {90, 6};
    const Report report = judge(submission(false), pages);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_NE(find(report, "form_version_unknown"), nullptr);
}

TEST(JudgeSubmission, WhatLiesBesideOrInsideAPageIsNotCalledMissing) {
    std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "Exempel", kNumber)};
    pages[0].more_on_sheet = true;
    const Report sheet = judge(submission(false), pages);
    EXPECT_EQ(sheet.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(sheet.agreements[0].points[1].fields[0].verdict, FieldVerdict::Unclear);
    FileReport file{"a.pdf", "", 1};
    file.attachments = 1;
    const Report inside = judge_documents(
        submission(false),
        {DocumentReading::whole(file, {party_page("a.pdf", 1, 0, "Exempel", kNumber)})});
    EXPECT_EQ(inside.verdict, SubmissionVerdict::Review);
    EXPECT_NE(find(inside, "attachment_not_read"), nullptr);
}

TEST(JudgeSubmission, DoubtfulSignatureIsReview) {
    EXPECT_EQ(judge(submission(false), {party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                        signature_page("a.pdf", 2, 0.5)})
                  .verdict,
              SubmissionVerdict::Review);
}

TEST(JudgeSubmission, PersonalDataRequiresTheSecondAgreement) {
    const Report report = judge(submission(true), complete_lease());
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
    ASSERT_NE(find(report, "agreement_missing"), nullptr);
    EXPECT_EQ(find(report, "agreement_missing")->form, "privacy");
}

TEST(JudgeSubmission, UnknownPersonalDataIsAssumedAndSaid) {
    const Report report = judge(submission(std::nullopt), complete_lease());
    EXPECT_NE(find(report, "personal_data_assumed"), nullptr);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
}

TEST(JudgeSubmission, OptionalAgreementThatIsThereIsJudgedInFull) {
    EXPECT_EQ(judge(submission(false),
                    with(complete_lease(), party_page("a.pdf", 3, 1, "Exempel", "212000-0143")))
                  .verdict,
              SubmissionVerdict::Incomplete);
}

TEST(JudgeSubmission, DifferentNumbersAreAMismatch) {
    const Report report = judge(
        submission(true), with(complete_lease(), party_page("a.pdf", 3, 1, "Exempel", kOther)));
    EXPECT_NE(find(report, "organisation_number_mismatch"), nullptr);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
}

TEST(JudgeSubmission, AccountsNumberMustMatch) {
    EXPECT_NE(
        find(judge(submission(false, kOther), complete_lease()), "organisation_number_mismatch"),
        nullptr);
    EXPECT_EQ(
        find(judge(submission(false, kNumber), complete_lease()), "organisation_number_mismatch"),
        nullptr);
}

TEST(JudgeSubmission, AnotherOrganisationThanBeforeIsForAPerson) {
    Submission later = submission(false);
    EXPECT_EQ(find(judge(later, complete_lease()), "organisation_changed"), nullptr)
        << "nothing came before";
    later.earlier_organisation_number = kNumber;
    EXPECT_EQ(find(judge(later, complete_lease()), "organisation_changed"), nullptr);
    later.earlier_organisation_number = kOther;
    const Report report = judge(later, complete_lease());
    ASSERT_NE(find(report, "organisation_changed"), nullptr);
    EXPECT_NE(said(find(report, "organisation_changed")->message).find(kNumber), std::string::npos);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(JudgeSubmission, InvalidNumberIsNoMismatch) {
    const Report report = judge(
        submission(false, kOther),
        {party_page("a.pdf", 1, 0, "Exempel", "212000-0143"), signature_page("a.pdf", 2, 0.95)});
    EXPECT_EQ(find(report, "organisation_number_mismatch"), nullptr);
}

TEST(JudgeSubmission, AbsentPageIsMissing) {
    const Report report = judge(submission(false), {party_page("a.pdf", 1, 0, "Exempel", kNumber)});
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
    EXPECT_EQ(find(report, "page_missing")->severity, Severity::Error);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "page_missing");
}

TEST(JudgeSubmission, PageInAnotherVersionIsNotMissing) {
    FormSet forms = make_form_set();
    forms.forms.push_back(forms.forms[0]);
    forms.forms.back().version = "2.0";
    PageReading other = signature_page("a.pdf", 2, 0.95);
    other.match.form = 2;
    const Report report = judge_with(forms, submission(false),
                                     {party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                      party_page("a.pdf", 1, 0, "Exempel", kNumber), other});
    EXPECT_NE(find(report, "form_versions_mixed"), nullptr);
    EXPECT_EQ(find(report, "page_missing"), nullptr);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "other_version");
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
}

TEST(JudgeSubmission, AbsentPageIsUnclearWhileAPageIsUnknown) {
    const Report report = judge(submission(false), {party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                                    other_page("a.pdf", 2, PageKind::Unknown)});
    EXPECT_EQ(report.agreements[0].points[1].fields[0].verdict, FieldVerdict::Unclear);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

TEST(JudgeSubmission, BlankAndForeignPagesHideNothing) {
    for (const PageKind kind : {PageKind::Blank, PageKind::Foreign}) {
        EXPECT_EQ(
            judge(submission(false), with(complete_lease(), other_page("a.pdf", 3, kind))).verdict,
            SubmissionVerdict::Complete);
        EXPECT_EQ(judge(submission(false), {party_page("a.pdf", 1, 0, "Exempel", kNumber),
                                            other_page("a.pdf", 2, kind)})
                      .verdict,
                  SubmissionVerdict::Incomplete);
    }
}

TEST(JudgeSubmission, EqualCopiesOfAPageAreOnlyNoted) {
    const Report report =
        judge(submission(false), with(complete_lease(), signature_page("a.pdf", 3, 0.95)));
    EXPECT_EQ(find(report, "page_doubled")->severity, Severity::Info);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Complete);
}

TEST(JudgeSubmission, UnsignedCopyOfAPageIsOnlyNoted) {
    const Report report =
        judge(submission(false), with(complete_lease(), signature_page("a.pdf", 3, 0.02)));
    EXPECT_EQ(find(report, "page_doubled")->severity, Severity::Info);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].verdict, FieldVerdict::Ok);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Complete);
}

TEST(JudgeSubmission, NoReadablePageIsRejected) {
    EXPECT_EQ(judge(submission(false), {}).verdict, SubmissionVerdict::Rejected);
    EXPECT_EQ(judge(submission(false), {other_page("a.pdf", 1, PageKind::Unreadable)}).verdict,
              SubmissionVerdict::Rejected);
}

TEST(JudgeSubmission, BadFileBesideGoodOnesIsIncompleteAndHidesPages) {
    const Finding bad{.code = "file_unreadable",
                      .severity = Severity::Error,
                      .message = Message("x"),
                      .file = "b.pdf"};
    std::vector<DocumentReading> documents =
        documents_of({party_page("a.pdf", 1, 0, "Exempel", kNumber)});
    documents.push_back(DocumentReading::unread({"b.pdf", "", 0}, bad));
    const Report report = judge_documents(submission(false), documents);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].verdict, FieldVerdict::Unclear);
}

TEST(JudgeSubmission, AFileThatWasNotReadIsNotJudged) {
    Submission two = submission(false);
    two.files = {{"a.pdf", {}}, {"b.pdf", {}}};
    const Register no_register;
    const FormSet forms = make_form_set();
    const auto one = documents_of(complete_lease());
    EXPECT_THROW(judge_submission(two, one, whole_ledger(forms, pages_of(one)), {},
                                  {forms, no_register, {}, rule_words()}),
                 Error);
}

TEST(JudgeSubmission, NoAgreementIsNeverComplete) {
    FormSet forms = make_form_set();
    forms.requirements = {{{"privacy"}, RequiredWhen::PersonalData}};
    const Report report =
        judge_with(forms, submission(false), {other_page("a.pdf", 1, PageKind::Blank)});
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_NE(find(report, "no_agreement"), nullptr);
    EXPECT_EQ(judge_with(forms, submission(false), complete_lease()).verdict,
              SubmissionVerdict::Complete);
}

TEST(JudgeSubmission, OneOfSeveralAgreementsIsEnough) {
    FormSet forms = make_form_set();
    forms.requirements = {{{"lease", "privacy"}, RequiredWhen::Always}};
    EXPECT_EQ(judge_with(forms, submission(true), complete_lease()).verdict,
              SubmissionVerdict::Complete);
    EXPECT_EQ(judge_with(forms, submission(true), {complete_lease()[0]}).verdict,
              SubmissionVerdict::Incomplete)
        << "judged in full";
    const Report none =
        judge_with(forms, submission(true), {other_page("a.pdf", 1, PageKind::Blank)});
    EXPECT_EQ(none.verdict, SubmissionVerdict::Incomplete);
    ASSERT_NE(find(none, "agreement_missing"), nullptr);
    EXPECT_NE(said(find(none, "agreement_missing")->message).find("Arrende, Sekretess"),
              std::string::npos);
    EXPECT_EQ(
        judge_with(forms, submission(true), {other_page("a.pdf", 1, PageKind::Unknown)}).verdict,
        SubmissionVerdict::Review);
    const PageReading foreign = other_page("a.pdf", 1, PageKind::Foreign);
    EXPECT_NE(find(judge_with(forms, submission(true), {foreign}), "wrong_document"), nullptr);
    EXPECT_EQ(find(judge_with(forms, submission(true), with(complete_lease(), foreign)),
                   "wrong_document"),
              nullptr);
}

TEST(JudgeSubmission, FileThatWasNotReadMayHoldTheAbsentPage) {
    Submission s = submission(false);
    const std::vector<PageReading> first{complete_lease()[0]};
    s.ignored = {{"notes.txt", FileKind::Text, false}};
    EXPECT_EQ(judge(s, first).verdict, SubmissionVerdict::Incomplete);
    s.ignored = {{"avtal.docx", FileKind::Word, true}};
    const Report report = judge(s, first);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
    EXPECT_EQ(report.agreements[0].points[1].fields[0].reason, "file_not_read");
    EXPECT_EQ(find(report, "page_missing")->severity, Severity::Review);
    EXPECT_EQ(judge(s, complete_lease()).verdict, SubmissionVerdict::Complete)
        << "nothing is absent";
}

TEST(JudgeSubmission, CounterSignatureIsAReviewFinding) {
    std::vector<PageReading> pages = complete_lease();
    pages[1].fields[0].keep_empty = {judged_ink(PlaceInk::Signature, 0.95)};
    const Report report = judge(submission(false), pages);
    EXPECT_NE(find(report, "counter_signature_present"), nullptr);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Review);
}

}  // namespace
}  // namespace avtalskoll::rules
