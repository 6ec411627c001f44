#include "app/review/review.h"

#include <algorithm>

#include "models/error.h"
#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

class ReviewTest : public CaseTest {
protected:
    ReviewTest() { receive("a"); }

    void decide(const std::string& point, const std::string& field, Action action,
                const std::string& verdict, const std::optional<std::string>& value = {}) {
        const OpenCase now = open();
        const Review seen = review_of(now, forms_);
        const ReviewedField* found = seen.field("avtal", point, field);
        Decision d;
        d.officer = "anna";
        d.action = action;
        d.form = "avtal";
        d.point = point;
        d.field = field;
        d.new_verdict = verdict;
        d.new_value = value;
        d.found_verdict = to_string(found->found);
        if (!found->found_value.empty()) d.found_value = found->found_value;
        EXPECT_EQ(cases_.decide(now, d), Outcome::Done);
    }
    void undo_last() {
        const OpenCase now = open();
        Decision undo;
        undo.officer = "anna";
        undo.action = Action::Undo;
        undo.undoes = last_decision(now)->key;
        EXPECT_EQ(cases_.decide(now, undo), Outcome::Done);
    }
    void checked_again(const std::string& json, const std::string& engine) {
        check(store_->find("a").value(), json, engine);
    }
};

// A copy of a report's text with one part of it changed.
std::string with(std::string text, const std::string& part, const std::string& other) {
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), other);
}

TEST_F(ReviewTest, EveryPageIsThereAndKnowsWhichFormPageItIs) {
    const OpenCase now = open();
    const Review review = review_of(now, forms_);
    ASSERT_EQ(review.pages.size(), 2U);
    EXPECT_EQ(review.pages[0].form_page, 0) << "of no form";
    EXPECT_EQ(review.pages[1].form_title, "Avtalet");
    EXPECT_EQ(review.pages[1].rotation, 180);
    EXPECT_EQ(review.pages[1].file_index, 0);
}

TEST_F(ReviewTest, WhatAPersonSaysHoldsOverTheMachine) {
    decide("1", "number", Action::Correct, "ok", "212000-0142");
    decide("1", "phone", Action::Missing, "missing");
    const OpenCase now = open();
    const Review review = review_of(now, forms_);
    const ReviewedField *number = review.field("avtal", "1", "number"),
                        *phone = review.field("avtal", "1", "phone");
    EXPECT_EQ(number->value, "212000-0142");
    EXPECT_EQ(number->found_value, "212000-0143");
    EXPECT_EQ(number->found, FieldVerdict::Invalid);
    EXPECT_TRUE(number->in_order());
    EXPECT_EQ(phone->verdict, FieldVerdict::Missing);
    EXPECT_EQ(phone->value, "");
    EXPECT_EQ(review.open, 3) << "phone, signature, finding";
}

TEST_F(ReviewTest, TheLastWordHoldsAndTakingItBackBringsBackTheOneBefore) {
    decide("2", "signature", Action::Missing, "missing");
    decide("2", "signature", Action::Accept, "ok");
    const auto verdict = [&] {
        const OpenCase now = open();
        return review_of(now, forms_).field("avtal", "2", "signature")->verdict;
    };
    EXPECT_EQ(verdict(), FieldVerdict::Ok);
    undo_last();
    EXPECT_EQ(verdict(), FieldVerdict::Missing);
    undo_last();
    EXPECT_EQ(verdict(), FieldVerdict::Unclear);
    const OpenCase now = open();
    EXPECT_EQ(last_decision(now), nullptr);
}

TEST_F(ReviewTest, ALaterCheckThatFindsTheSameChangesNothing) {
    decide("1", "number", Action::Correct, "ok", "212000-0142");
    const auto changed = [&] {
        const OpenCase now = open();
        return review_of(now, forms_).field("avtal", "1", "number")->machine_changed;
    };
    checked_again(report_json(), "2");
    EXPECT_FALSE(changed());
    checked_again(report_json("unclear", "212000-0999"), "3");
    EXPECT_TRUE(changed()) << "the same verdict, another value";
    checked_again(report_json(), "4");
    EXPECT_FALSE(changed()) << "back to what the officer saw";
}

// An accepted finding must not stand for one that says something else.
TEST_F(ReviewTest, AFindingIsAcceptedWithWhatItSays) {
    const auto place = [&](const std::string& json, const std::string& engine) {
        checked_again(json, engine);
        const OpenCase now = open();
        return review_of(now, forms_).findings.at(0).place;
    };
    const std::string first = place(report_json(), "2");
    EXPECT_EQ(place(report_json("ok"), "3"), first) << "another point's verdict is not its own";
    EXPECT_NE(place(with(report_json(), "Okänd sida", "Okänd sida."), "4"), first);
    EXPECT_NE(
        place(with(report_json(), "\"severity\": \"review\"", "\"severity\": \"error\""), "5"),
        first);
    EXPECT_NE(place(with(report_json(), "\"file\": \"a.pdf\", \"page\": 1}",
                         "\"file\": \"a.pdf\", "
                         "\"page\": 2}"),
                    "6"),
              first);
    EXPECT_EQ(first.find("a.pdf"), std::string::npos) << "names of files are purged";
}

TEST_F(ReviewTest, InformationIsNothingToDecide) {
    checked_again(with(report_json(), "\"severity\": \"review\"", "\"severity\": \"info\""), "2");
    const OpenCase now = open();
    const Review review = review_of(now, forms_);
    EXPECT_TRUE(review.findings.at(0).in_order());
    EXPECT_EQ(review.open, 2);
}

TEST_F(ReviewTest, AFormThatIsRegisteredNoMoreGoesByItsIds) {
    const OpenCase now = open();
    const Review review = review_of(now, FormSet{});
    const ReviewedField* number = review.field("avtal", "1", "number");
    ASSERT_TRUE(number);
    EXPECT_EQ(number->label, "number");
    EXPECT_EQ(number->kind, FieldKind::Text);
    EXPECT_EQ(review.open, 3);
}

TEST_F(ReviewTest, OfSeveralVersionsTheReportsOwnGivesTheLabels) {
    FormSet forms = forms_;
    forms.forms.insert(forms.forms.begin(), forms.forms.front());
    forms.forms.front().version = "0";
    forms.forms.front().points[0].fields[0].label = "Gammalt nummer";
    const OpenCase now = open();
    EXPECT_EQ(review_of(now, forms).field("avtal", "1", "number")->label, "Organisationsnummer");
    forms.forms.pop_back();
    EXPECT_EQ(review_of(now, forms).field("avtal", "1", "number")->label, "Gammalt nummer");
}

TEST_F(ReviewTest, AnAgreementThatIsNeitherRequiredNorThereAsksForNothing) {
    std::string json = with(report_json("missing"),
                            "\"required\": true,\n                \"present\""
                            ": true",
                            "\"required\": false, \"present\": false");
    checked_again(json, "2");
    const OpenCase now = open();
    const Review review = review_of(now, forms_);
    EXPECT_EQ(review.open, 1) << "the finding";
    EXPECT_TRUE(review.agreements.at(0).missing_pages.empty());
}

TEST_F(ReviewTest, WithoutAReportThereIsNothingAndAWrongOneIsRefused) {
    OpenCase now = open();
    now.report_json = "{}";
    EXPECT_THROW(review_of(now, forms_), Error);
    now.report_json = "no report";
    EXPECT_THROW(review_of(now, forms_), Error);
    now.report = 0;
    EXPECT_TRUE(review_of(now, forms_).agreements.empty());
}

}  // namespace
}  // namespace avtalskoll::app
