#include "rules/hand_ins.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "rules/judge_submission.h"
#include "tests/support/form_fixture.h"

namespace avtalskoll::rules {
namespace {

constexpr const char* kOwnNumber = "202100-6693";
constexpr const char* kElsesNumber = "212000-0142";

PageReading of_hand_in(int hand_in, PageReading page) {
    page.hand_in = hand_in;
    return page;
}

Pages list_of(const std::vector<PageReading>& pages) {
    Pages list;
    for (const PageReading& page : pages) list.push_back(&page);
    return list;
}

HandIns settled(const std::vector<PageReading>& pages) {
    static const FormSet kForms = make_form_set();
    return settle_hand_ins(list_of(pages), kForms, {});
}

std::vector<std::string> codes_of(const HandIns& hand_ins) {
    std::vector<std::string> codes;
    for (const Finding& finding : hand_ins.findings) codes.push_back(finding.code);
    return codes;
}

PageReading empty_party_page(const char* file, int page) {
    PageReading reading = form_page(file, page, 0, 1);
    FieldReading nothing;
    nothing.ref = {0, 0, 0};
    reading.fields = {nothing};
    return reading;
}

TEST(HandIns, OfOneAllPagesCount) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", kOwnNumber),
                                         party_page("a.pdf", 2, 0, "y", kOwnNumber)};
    EXPECT_EQ(settled(pages).counting, list_of(pages));
    EXPECT_TRUE(settled(pages).findings.empty());
}

TEST(HandIns, ANewerPageReplacesTheOlderAndFillsGaps) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", kOwnNumber),
                                         of_hand_in(2, party_page("b.pdf", 1, 0, "x", kOwnNumber)),
                                         of_hand_in(2, signature_page("b.pdf", 2, 0.99))};
    const HandIns hand_ins = settled(pages);
    EXPECT_EQ(hand_ins.counting, (Pages{&pages[1], &pages[2]}));
    ASSERT_EQ(hand_ins.replaced.size(), 1U);
    EXPECT_EQ(hand_ins.replaced[0].page, &pages[0]);
    EXPECT_EQ(hand_ins.replaced[0].by, &pages[1]);
    EXPECT_EQ(codes_of(hand_ins), std::vector<std::string>{"page_replaced"});
    EXPECT_EQ(hand_ins.findings[0].file, "a.pdf");
}

TEST(HandIns, PagesOfTheNewestThatAreDoubledAreLeftToTheJudgeOfCopies) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", kOwnNumber),
                                         of_hand_in(2, party_page("b.pdf", 1, 0, "x", kOwnNumber)),
                                         of_hand_in(2, party_page("b.pdf", 2, 0, "y", kOwnNumber))};
    EXPECT_EQ(settled(pages).counting, (Pages{&pages[1], &pages[2]}));
}

TEST(HandIns, AnEmptyPageReplacesNoneThatIsFilledIn) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", kOwnNumber),
                                         of_hand_in(2, empty_party_page("b.pdf", 1))};
    const HandIns hand_ins = settled(pages);
    EXPECT_EQ(hand_ins.counting, Pages{&pages[0]});
    EXPECT_EQ(codes_of(hand_ins), std::vector<std::string>{"page_not_filled_in"});
}

TEST(HandIns, FilesOfAnotherOrganisationReplaceNothing) {
    const std::vector<PageReading> pages{
        party_page("a.pdf", 1, 0, "x", kOwnNumber),
        of_hand_in(2, party_page("b.pdf", 1, 0, "z", kElsesNumber)),
        of_hand_in(2, signature_page("b.pdf", 2, 0.99))};
    const HandIns hand_ins = settled(pages);
    EXPECT_EQ(hand_ins.counting, Pages{&pages[0]});
    ASSERT_EQ(codes_of(hand_ins),
              (std::vector<std::string>{"other_organisation", "other_organisation"}));
    EXPECT_EQ(hand_ins.findings[0].severity, Severity::Review);
    EXPECT_EQ(hand_ins.findings[1].severity, Severity::Info);  // one question for each file
}

TEST(HandIns, AnInvalidNumberMayBeCorrected) {
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", "202100-6694"),
                                         of_hand_in(2, party_page("b.pdf", 1, 0, "x", kOwnNumber))};
    EXPECT_EQ(settled(pages).counting, Pages{&pages[1]});
}

TEST(HandIns, PagesOfNoFormStayInView) {
    const std::vector<PageReading> pages{other_page("a.pdf", 1, PageKind::Unknown),
                                         of_hand_in(2, party_page("b.pdf", 1, 0, "x", kOwnNumber))};
    EXPECT_EQ(settled(pages).counting, (Pages{&pages[0], &pages[1]}));
}

Report judged(Submission submission, const std::vector<DocumentReading>& documents) {
    const FormSet forms = make_form_set();
    const HandIns hand_ins = settle_hand_ins(avtalskoll::pages_of(documents), forms, {});
    PageLedger ledger = make_ledger(forms, hand_ins, false);
    complete_ledger(ledger, hand_ins.counting, forms, {});
    submission.personal_data = false;
    static const Register kNobody;
    static const PageWords kNoWords;
    static const RuleWords kWords;
    return judge_submission(submission, documents, ledger, {}, {forms, kNobody, kNoWords, kWords});
}

DocumentReading unreadable(const char* name) {
    return DocumentReading::unread({name, "", 0}, {.code = "file_encrypted",
                                                   .severity = Severity::Error,
                                                   .message = Message::as_written("locked"),
                                                   .file = name});
}

TEST(HandIns, AFileThatCouldNotBeReadIsDoneWithWhenEveryPageCameLater) {
    PageReading party = of_hand_in(2, party_page("b.pdf", 1, 0, "Ek AB", kOwnNumber));
    PageReading signature = of_hand_in(2, signature_page("b.pdf", 2, 0.999));
    Submission submission;
    submission.files = {{"a.pdf", {}, 1}, {"b.pdf", {}, 2}};
    const Report whole = judged(
        submission,
        {unreadable("a.pdf"), DocumentReading::whole({"b.pdf", "b", 2}, {party, signature})});
    EXPECT_EQ(whole.verdict, SubmissionVerdict::Complete);
    const Report part = judged(
        submission, {unreadable("a.pdf"), DocumentReading::whole({"b.pdf", "b", 1}, {party})});
    EXPECT_EQ(part.verdict, SubmissionVerdict::Incomplete);
}

// What could not be read may be the correction of a page that counts from before.
TEST(HandIns, AnUnreadFileIsNotDoneWithWhileEarlierPagesCount) {
    Submission submission;
    submission.files = {{"a.pdf", {}, 1}, {"b.pdf", {}, 2}, {"c.pdf", {}, 3}};
    const Report report = judged(
        submission,
        {DocumentReading::whole({"a.pdf", "a", 2}, {party_page("a.pdf", 1, 0, "Ek AB", kOwnNumber),
                                                    signature_page("a.pdf", 2, 0.999)}),
         unreadable("b.pdf"),
         DocumentReading::whole({"c.pdf", "c", 1},
                                {of_hand_in(3, signature_page("c.pdf", 1, 0.999))})});
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
}

TEST(HandIns, ThePageThatCountsSaysWhatItReplaces) {
    Submission submission;
    submission.files = {{"a.pdf", {}, 1}, {"b.pdf", {}, 2}};
    const Report report = judged(
        submission,
        {DocumentReading::whole({"a.pdf", "a", 2}, {party_page("a.pdf", 1, 0, "Ek AB", kOwnNumber),
                                                    signature_page("a.pdf", 2, 0.01)}),
         DocumentReading::whole({"b.pdf", "b", 1},
                                {of_hand_in(2, signature_page("b.pdf", 1, 0.999))})});
    EXPECT_EQ(report.verdict, SubmissionVerdict::Complete);
    const AgreementPage& page = report.agreements.at(0).pages.at(1);
    EXPECT_EQ(page.file, "b.pdf");
    ASSERT_EQ(page.replaces.size(), 1U);
    EXPECT_EQ(page.replaces[0].file, "a.pdf");
    EXPECT_EQ(page.replaces[0].page, 2);
}

}  // namespace
}  // namespace avtalskoll::rules
