#include "app/deciding.h"

#include <gmock/gmock.h>

#include "app/letter.h"
#include "app/review.h"
#include "tests/case_fixture.h"

namespace avtalskoll::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class DecidingTest : public CaseTest {
protected:
    DecidingTest() { receive("a"); }

    Wish wish(Action action, const std::string& point = {}, const std::string& field = {}, const std::string& value = {}) {
        Wish made;
        made.action = action;
        made.officer = "anna";
        made.revision = open().revision;
        if (!field.empty()) made.form = "avtal";
        made.point = point;
        made.field = field;
        made.value = value;
        return made;
    }
    Answer decided(const Wish& w) { return decide(cases_, open(), forms_, w); }
    Wish finding() {
        Wish made = wish(Action::Accept);
        made.finding = "page_unknown////1/1";
        return made;
    }
};

TEST_F(DecidingTest, ReviewShowsWhatTheMachineFound) {
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

TEST_F(DecidingTest, CompleteOnlyWhenAllIsDecided) {
    EXPECT_EQ(decided(wish(Action::Approve)).verdict, Verdict::Refused);
    EXPECT_EQ(decided(wish(Action::Correct, "1", "number", "2120000142")).verdict, Verdict::Done);
    EXPECT_EQ(decided(wish(Action::Accept, "2", "signature")).verdict, Verdict::Done);
    EXPECT_EQ(decided(wish(Action::Approve)).verdict, Verdict::Refused);
    EXPECT_EQ(decided(finding()).verdict, Verdict::Done);
    EXPECT_EQ(decided(wish(Action::Approve)).verdict, Verdict::Done);
    EXPECT_EQ(open().line.status, kComplete);
    EXPECT_EQ(review_of(open(), forms_).open, 0);
}

TEST_F(DecidingTest, ACorrectionIsCheckedByTheSameRules) {
    for (const char* value : {"212000-0143", "", "  ", "abc", "8001011234"}) EXPECT_EQ(decided(wish(Action::Correct, "1", "number", value)).verdict, Verdict::Refused) << value;
    EXPECT_EQ(decided(wish(Action::Correct, "2", "signature", "Anna")).verdict, Verdict::Refused);
    EXPECT_EQ(decided(wish(Action::Correct, "1", "number", " 212000 0142")).verdict, Verdict::Done);
    const OpenCase now = open();
    EXPECT_EQ(review_of(now, forms_).field("avtal", "1", "number")->value, "212000-0142");
    EXPECT_EQ(now.decisions.at(0).old_value, "212000-0143");
}

TEST_F(DecidingTest, WhatIsNotThereCannotBeDecided) {
    EXPECT_EQ(decided(wish(Action::Accept, "9", "number")).verdict, Verdict::NotThere);
    EXPECT_EQ(decided(wish(Action::Approve, "1", "number")).verdict, Verdict::NotThere);
    EXPECT_EQ(decided(wish(Action::Accept)).verdict, Verdict::NotThere);
    Wish other = finding();
    other.finding = "page_unknown////1/2";
    EXPECT_EQ(decided(other).verdict, Verdict::NotThere);
    EXPECT_TRUE(open().decisions.empty());
}

TEST_F(DecidingTest, AnOldRevisionIsTold) {
    const Wish old = wish(Action::Missing, "2", "signature");
    EXPECT_EQ(decided(wish(Action::Accept, "2", "signature")).verdict, Verdict::Done);
    EXPECT_EQ(decided(old).verdict, Verdict::Conflict);
    EXPECT_EQ(open().decisions.size(), 1U);
}

TEST_F(DecidingTest, WhatIsClosedIsOpenedFirst) {
    EXPECT_EQ(decided(wish(Action::Reopen)).verdict, Verdict::Conflict);
    EXPECT_EQ(decided(wish(Action::Close)).verdict, Verdict::Done);
    EXPECT_EQ(decided(wish(Action::Accept, "2", "signature")).verdict, Verdict::Conflict);
    EXPECT_EQ(decided(wish(Action::Reopen)).verdict, Verdict::Done);
    EXPECT_EQ(decided(wish(Action::Accept, "2", "signature")).verdict, Verdict::Done);
}

TEST_F(DecidingTest, UndoGoesBackStepByStep) {
    decided(wish(Action::Missing, "2", "signature"));
    decided(wish(Action::Accept, "2", "signature"));
    decided(finding());
    EXPECT_EQ(review_of(open(), forms_).open, 1);
    EXPECT_EQ(decided(wish(Action::Undo)).verdict, Verdict::Done);
    EXPECT_EQ(review_of(open(), forms_).open, 2);
    EXPECT_EQ(decided(wish(Action::Undo)).verdict, Verdict::Done);
    EXPECT_EQ(review_of(open(), forms_).field("avtal", "2", "signature")->verdict, FieldVerdict::Missing);
    EXPECT_EQ(decided(wish(Action::Undo)).verdict, Verdict::Done);
    const OpenCase now = open();
    EXPECT_EQ(review_of(now, forms_).field("avtal", "2", "signature")->verdict, FieldVerdict::Unclear);
    EXPECT_EQ(review_of(now, forms_).field("avtal", "2", "signature")->decision, nullptr);
    EXPECT_EQ(decided(wish(Action::Undo)).verdict, Verdict::Refused);
    EXPECT_EQ(now.decisions.size(), 6U);
}

TEST_F(DecidingTest, ALaterRunShowsTheDifferenceAndOverwritesNothing) {
    decided(wish(Action::Accept, "2", "signature"));
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

TEST_F(DecidingTest, TheLetterNamesWhatIsSurelyLacking) {
    const pipeline::LetterTexts texts = pipeline::load_letter_texts(std::filesystem::path(AVTALSKOLL_SOURCE_DIR) / "data" / "letters" / "request.yaml");
    OpenCase now = open();
    std::string letter = draft_letter("a", review_of(now, forms_), texts);
    EXPECT_THAT(letter, HasSubstr("Avtalet\nPunkt 1, Parter\n  - Organisationsnummer har fel kontrollsiffra."));
    EXPECT_THAT(letter, Not(HasSubstr("Underskrift")));
    EXPECT_THAT(letter, HasSubstr("en sida som vi inte känner igen"));
    decided(wish(Action::Missing, "2", "signature"));
    decided(finding());
    now = open();
    letter = draft_letter("a", review_of(now, forms_), texts);
    EXPECT_THAT(letter, HasSubstr("Punkt 2, Underskrift\n  - Det går inte att se om raden är undertecknad."));
    EXPECT_THAT(letter, Not(HasSubstr("känner igen")));
}

}  // namespace
}  // namespace avtalskoll::app
