#include "app/review/decision_policy.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gmock/gmock.h>

#include "app/review/letter.h"
#include "app/review/review.h"
#include "tests/support/case_fixture.h"
#include "tests/support/rule_words.h"
#include "tests/support/texts.h"

namespace avtalskoll::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class DecisionPolicyTest : public CaseTest {
protected:
    DecisionPolicyTest() { receive("a"); }

    DecisionRequest request(Action action, const std::string& point = {},
                            const std::string& field = {}, const std::string& value = {}) {
        DecisionRequest made;
        made.action = action;
        made.officer = "anna";
        made.revision = open().revision;
        if (!field.empty()) made.form = "avtal";
        made.point = point;
        made.field = field;
        made.value = value;
        return made;
    }
    DecisionResult decided(const DecisionRequest& w) {
        return decide(cases_, open(), context(), w);
    }
    DecisionContext context() { return {forms_, rule_words(), swedish()}; }
    DecisionRequest finding() {
        DecisionRequest made = request(Action::Accept);
        const OpenCase now = open();
        made.finding = review_of(now, forms_).findings.at(0).place;
        return made;
    }
};

TEST_F(DecisionPolicyTest, ReviewShowsWhatTheMachineFound) {
    const OpenCase now = open();
    const Review review = review_of(now, forms_);
    EXPECT_EQ(review.open, 3);
    EXPECT_EQ(review.unclear, 1);
    const ReviewedField* number = review.field("avtal", "1", "number");
    ASSERT_TRUE(number);
    EXPECT_EQ(number->label, "Organisationsnummer");
    EXPECT_EQ(number->rotation, 180);
    EXPECT_EQ(review.agreements[0].missing_pages, std::vector<int>{2});
    EXPECT_EQ(review.pages[1].form_page, 1);
    EXPECT_EQ(review.pages[0].form, "");
}

TEST_F(DecisionPolicyTest, CompleteOnlyWhenAllIsDecided) {
    EXPECT_EQ(decided(request(Action::Approve)).verdict, Verdict::Refused);
    EXPECT_EQ(decided(request(Action::Correct, "1", "number", "2120000142")).verdict,
              Verdict::Done);
    EXPECT_EQ(decided(request(Action::Accept, "2", "signature")).verdict, Verdict::Done);
    EXPECT_EQ(decided(request(Action::Approve)).verdict, Verdict::Refused);
    EXPECT_EQ(decided(finding()).verdict, Verdict::Done);
    EXPECT_EQ(decided(request(Action::Approve)).verdict, Verdict::Done);
    EXPECT_EQ(open().line.status, kComplete);
    EXPECT_EQ(review_of(open(), forms_).open, 0);
}

TEST_F(DecisionPolicyTest, ACorrectionIsCheckedByTheSameRules) {
    for (const char* value : {"212000-0143", "", "  ", "abc", "8001011234"})
        EXPECT_EQ(decided(request(Action::Correct, "1", "number", value)).verdict, Verdict::Refused)
            << value;
    EXPECT_EQ(decided(request(Action::Correct, "2", "signature", "Anna")).verdict,
              Verdict::Refused);
    EXPECT_EQ(decided(request(Action::Correct, "1", "number", " 212000 0142")).verdict,
              Verdict::Done);
    const OpenCase now = open();
    EXPECT_EQ(review_of(now, forms_).field("avtal", "1", "number")->value, "212000-0142");
    EXPECT_EQ(now.decisions.at(0).old_value, "212000-0143");
}

TEST_F(DecisionPolicyTest, WhatIsNotValidIsNotAcceptedAsItIs) {
    EXPECT_EQ(decided(request(Action::Accept, "1", "number")).verdict, Verdict::Refused);
    decided(request(Action::Missing, "1", "phone"));
    EXPECT_EQ(decided(request(Action::Accept, "1", "phone")).verdict, Verdict::Refused);
    EXPECT_EQ(decided(request(Action::Correct, "1", "phone", "070-123 45 67")).verdict,
              Verdict::Done);
    EXPECT_EQ(decided(request(Action::Accept, "1", "phone")).verdict, Verdict::Done);
}

TEST_F(DecisionPolicyTest, WhatIsNotThereCannotBeDecided) {
    EXPECT_EQ(decided(request(Action::Accept, "9", "number")).verdict, Verdict::NotThere);
    EXPECT_EQ(decided(request(Action::Approve, "1", "number")).verdict, Verdict::NotThere);
    EXPECT_EQ(decided(request(Action::Accept)).verdict, Verdict::NotThere);
    DecisionRequest other = finding();
    other.finding = "page_unknown////1/1/00000000";
    EXPECT_EQ(decided(other).verdict, Verdict::NotThere);
    EXPECT_TRUE(open().decisions.empty());
}

TEST_F(DecisionPolicyTest, AnOldRevisionIsTold) {
    const DecisionRequest old = request(Action::Missing, "2", "signature");
    EXPECT_EQ(decided(request(Action::Accept, "2", "signature")).verdict, Verdict::Done);
    EXPECT_EQ(decided(old).verdict, Verdict::Conflict);
    EXPECT_EQ(open().decisions.size(), 1U);
}

TEST_F(DecisionPolicyTest, WhatIsClosedIsOpenedFirst) {
    EXPECT_EQ(decided(request(Action::Reopen)).verdict, Verdict::Conflict);
    EXPECT_EQ(decided(request(Action::Close)).verdict, Verdict::Done);
    EXPECT_EQ(decided(request(Action::Accept, "2", "signature")).verdict, Verdict::Conflict);
    EXPECT_EQ(decided(request(Action::Reopen)).verdict, Verdict::Done);
    EXPECT_EQ(decided(request(Action::Accept, "2", "signature")).verdict, Verdict::Done);
}

TEST_F(DecisionPolicyTest, UndoGoesBackStepByStep) {
    decided(request(Action::Missing, "2", "signature"));
    decided(request(Action::Accept, "2", "signature"));
    decided(finding());
    EXPECT_EQ(review_of(open(), forms_).open, 1);
    EXPECT_EQ(decided(request(Action::Undo)).verdict, Verdict::Done);
    EXPECT_EQ(review_of(open(), forms_).open, 2);
    EXPECT_EQ(decided(request(Action::Undo)).verdict, Verdict::Done);
    EXPECT_EQ(review_of(open(), forms_).field("avtal", "2", "signature")->verdict,
              FieldVerdict::Missing);
    EXPECT_EQ(decided(request(Action::Undo)).verdict, Verdict::Done);
    const OpenCase now = open();
    EXPECT_EQ(review_of(now, forms_).field("avtal", "2", "signature")->verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(review_of(now, forms_).field("avtal", "2", "signature")->decision, nullptr);
    EXPECT_EQ(decided(request(Action::Undo)).verdict, Verdict::Refused);
    EXPECT_EQ(now.decisions.size(), 6U);
}

TEST_F(DecisionPolicyTest, ALaterRunShowsTheDifferenceAndOverwritesNothing) {
    decided(request(Action::Accept, "2", "signature"));
    check(store_->find("a").value(), report_json("unclear"), "2");
    OpenCase now = open();
    EXPECT_FALSE(review_of(now, forms_).field("avtal", "2", "signature")->machine_changed);
    check(store_->find("a").value(), report_json("missing"), "3");
    now = open();
    const Review review = review_of(now, forms_);
    const ReviewedField* signature = review.field("avtal", "2", "signature");
    EXPECT_TRUE(signature->machine_changed);
    EXPECT_EQ(signature->verdict, FieldVerdict::Ok);
    EXPECT_EQ(signature->found, FieldVerdict::Missing);
}

TEST_F(DecisionPolicyTest, TheLetterNamesWhatIsSurelyLacking) {
    const pipeline::LetterTexts texts = pipeline::load_letter_texts(
        std::filesystem::path(AVTALSKOLL_SOURCE_DIR) / "data" / "letters" / "request.yaml");
    OpenCase now = open();
    std::string letter = draft_letter("a", review_of(now, forms_), texts).text;
    EXPECT_THAT(
        letter,
        HasSubstr(
            "Avtalet\nPunkt 1, Parter\n  - Organisationsnummer: numret har fel kontrollsiffra."));
    EXPECT_THAT(letter, Not(HasSubstr("Underskrift")));
    EXPECT_THAT(letter, HasSubstr("en sida som vi inte känner igen"));
    decided(request(Action::Missing, "2", "signature"));
    decided(finding());
    now = open();
    letter = draft_letter("a", review_of(now, forms_), texts).text;
    EXPECT_THAT(letter, HasSubstr("Punkt 2, Underskrift\n  - Underskriften saknas."));
    EXPECT_THAT(letter, Not(HasSubstr("känner igen")));
}

TEST_F(DecisionPolicyTest, TheLetterAsksForAnAbsentAgreementWhateverWasAccepted) {
    const pipeline::LetterTexts texts = pipeline::load_letter_texts(
        std::filesystem::path(AVTALSKOLL_SOURCE_DIR) / "data" / "letters" / "request.yaml");
    std::string absent = report_json("missing");
    absent.replace(absent.find("\"present\": true"), 15, "\"present\": false");
    check(store_->find("a").value(), absent, "2");
    decided(finding());
    OpenCase now = open();
    LetterDraft letter = draft_letter("a", review_of(now, forms_), texts);
    EXPECT_TRUE(letter.asks);
    EXPECT_THAT(letter.text, HasSubstr("Avtalet finns inte med."));
    decided(request(Action::Correct, "1", "number", "212000-0142"));
    decided(request(Action::Accept, "1", "phone"));
    decided(request(Action::Accept, "2", "signature"));
    now = open();
    letter = draft_letter("a", review_of(now, forms_), texts);
    EXPECT_FALSE(letter.asks) << letter.text;
}

TEST_F(DecisionPolicyTest, ALetterMustSaySomethingAndBelongsToARequest) {
    DecisionRequest blank = request(Action::Request);
    blank.letter = " \r\n\t";
    EXPECT_EQ(decided(blank).verdict, Verdict::Refused);
    blank.letter.assign(100'000, 'a');
    EXPECT_EQ(decided(blank).verdict, Verdict::Refused);
    DecisionRequest other = request(Action::Accept, "2", "signature");
    other.letter = "Brevet";
    EXPECT_EQ(decided(other).verdict, Verdict::Done);
    EXPECT_TRUE(open().letters.empty());
}

TEST_F(DecisionPolicyTest, TheMachineCompletesNothingThatAPersonTouched) {
    decided(request(Action::Missing, "2", "signature"));
    cases_.release_claim(open(), "anna");
    check(store_->find("a").value(), report_json("ok"), "2", SubmissionVerdict::Complete);
    EXPECT_EQ(open().line.status, kInReview);
    decided(request(Action::Undo));
    check(store_->find("a").value(), report_json("ok"), "3", SubmissionVerdict::Complete);
    EXPECT_EQ(open().line.status, kComplete);
    decided(request(Action::Reopen));
    cases_.release_claim(open(), "anna");
    check(store_->find("a").value(), report_json("ok"), "4", SubmissionVerdict::Complete);
    EXPECT_EQ(open().line.status, kInReview);
}

TEST_F(DecisionPolicyTest, WhatWasAcceptedIsThatFindingAsItRead) {
    const auto with_findings = [](const std::string& first, const std::string& second) {
        std::string json = report_json("ok");
        const auto at = json.find("\"findings\": [") + 13;
        const auto one = [](const std::string& message) {
            return R"({"code": "page_missing", "severity": "error", "message": ")" + message +
                   R"(", "form": "avtal", "file": null, "page": null})";
        };
        return json.substr(0, at) + one(first) + ", " + one(second) + "]}";
    };
    check(store_->find("a").value(), with_findings("sidan 1 saknas", "sidan 2 saknas"), "2");
    EXPECT_EQ(review_of(open(), forms_).open, 3);
    EXPECT_EQ(decided(finding()).verdict, Verdict::Done);
    EXPECT_EQ(review_of(open(), forms_).open, 2);
    check(store_->find("a").value(), with_findings("sidan 3 saknas", "sidan 2 saknas"), "3");
    EXPECT_EQ(review_of(open(), forms_).open, 3);
}

TEST_F(DecisionPolicyTest, NothingJudgedIsNothingComplete) {
    std::string json = report_json();
    const auto from = json.find("\"agreements\": ["), to = json.find("\"findings\"");
    json = json.substr(0, from) + "\"agreements\": [],\n" + json.substr(to);
    check(store_->find("a").value(), json, "2", SubmissionVerdict::Rejected);
    EXPECT_EQ(decided(finding()).verdict, Verdict::Done);
    EXPECT_EQ(decided(request(Action::Approve)).verdict, Verdict::Refused);
    EXPECT_EQ(decided(request(Action::Close)).verdict, Verdict::Done);
}

TEST_F(DecisionPolicyTest, WhatIsPurgedIsDecidedNoMoreAndHoldsNoMore) {
    decided(request(Action::Correct, "1", "number", "212000-0142"));
    const OpenCase seen = open();
    const DecisionRequest old = request(Action::Accept, "2", "signature");
    SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE submissions SET received_at = '2020-01-01T00:00:00Z'");
    store_->purge(30);
    EXPECT_EQ(decide(cases_, seen, context(), old).verdict, Verdict::Conflict);
    for (const Action action : {Action::Reopen, Action::Undo, Action::Close})
        EXPECT_EQ(decided(request(action)).verdict, Verdict::Conflict);
    // As if it came again later.
    SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
        .exec("UPDATE submissions SET received_at = '2999-01-01T00:00:00Z'");
    EXPECT_TRUE(open().decisions.empty());
    EXPECT_EQ(open().earlier_decisions.size(), 1U);
}

}  // namespace
}  // namespace avtalskoll::app
