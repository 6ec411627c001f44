#include "app/review/review.h"

#include <algorithm>

#include "models/error.h"
#include "tests/support/case_in_memory.h"

namespace avtalskoll::app {
namespace {

class ReviewTest : public CaseInMemory {
protected:
    void decide(const std::string& point, const std::string& field, Action action,
                const std::string& verdict, const std::optional<std::string>& value = {}) {
        const Review seen = review();
        const ReviewedField* found = seen.field({"avtal", point, field});
        Decision d;
        d.officer = "anna";
        d.action = action;
        d.place = found->place;
        d.new_verdict = verdict;
        d.new_value = value;
        d.found_verdict = to_string(found->found);
        if (!found->found_value.empty()) d.found_value = found->found_value;
        write(d);
    }
    void undo_last() {
        Decision undo;
        undo.officer = "anna";
        undo.action = Action::Undo;
        undo.undoes = last_decision(open_)->key;
        write(undo);
    }
};

// A copy of a report's text with one part of it changed.
std::string with(std::string text, const std::string& part, const std::string& other) {
    const auto at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part;
    return text.replace(at, part.size(), other);
}

TEST_F(ReviewTest, EveryPageIsThereAndKnowsWhichFormPageItIs) {
    const Review now = review();
    ASSERT_EQ(now.pages.size(), 2U);
    EXPECT_EQ(now.pages[0].form_page, 0) << "of no form";
    EXPECT_EQ(now.pages[1].form_title, "Avtalet");
    EXPECT_EQ(now.pages[1].rotation, 180);
    EXPECT_EQ(now.pages[1].file_index, 0);
}

TEST_F(ReviewTest, WhatAPersonSaysHoldsOverTheMachine) {
    decide("1", "number", Action::Correct, "ok", "212000-0142");
    decide("1", "phone", Action::Missing, "missing");
    const Review now = review();
    const ReviewedField *number = now.field({"avtal", "1", "number"}),
                        *phone = now.field({"avtal", "1", "phone"});
    EXPECT_EQ(number->value, "212000-0142");
    EXPECT_EQ(number->found_value, "212000-0143");
    EXPECT_EQ(number->found, FieldVerdict::Invalid);
    EXPECT_TRUE(number->in_order());
    EXPECT_EQ(phone->verdict, FieldVerdict::Missing);
    EXPECT_EQ(phone->value, "");
    EXPECT_EQ(now.open, 3) << "phone, signature, finding";
}

TEST_F(ReviewTest, TheLastWordHoldsAndTakingItBackBringsBackTheOneBefore) {
    decide("2", "signature", Action::Missing, "missing");
    decide("2", "signature", Action::Accept, "ok");
    const auto verdict = [&] { return review().field({"avtal", "2", "signature"})->verdict; };
    EXPECT_EQ(verdict(), FieldVerdict::Ok);
    undo_last();
    EXPECT_EQ(verdict(), FieldVerdict::Missing);
    undo_last();
    EXPECT_EQ(verdict(), FieldVerdict::Unclear);
    EXPECT_EQ(last_decision(open_), nullptr);
}

TEST_F(ReviewTest, ALaterCheckThatFindsTheSameChangesNothing) {
    decide("1", "number", Action::Correct, "ok", "212000-0142");
    const auto changed = [&] { return review().field({"avtal", "1", "number"})->machine_changed; };
    report(written_report());
    EXPECT_FALSE(changed());
    report(written_report("unclear", "212000-0999"));
    EXPECT_TRUE(changed()) << "the same verdict, another value";
    report(written_report());
    EXPECT_FALSE(changed()) << "back to what the officer saw";
}

// An accepted finding must not stand for one that says something else.
TEST_F(ReviewTest, AFindingIsAcceptedWithWhatItSays) {
    const auto place = [&](const std::string& json) {
        report(json);
        return to_string(review().findings.at(0).place);
    };
    const std::string first = place(written_report());
    EXPECT_EQ(place(written_report("ok")), first) << "another point's verdict is not its own";
    EXPECT_NE(place(with(written_report(), "Okänd sida", "Okänd sida.")), first);
    EXPECT_NE(place(with(written_report(), "\"severity\": \"review\"", "\"severity\": \"error\"")),
              first);
    EXPECT_NE(place(with(written_report(), "\"file\": \"a.pdf\", \"page\": 1}",
                         "\"file\": \"a.pdf\", \"page\": 2}")),
              first);
    EXPECT_EQ(first.find("a.pdf"), std::string::npos) << "names of files are purged";
}

TEST_F(ReviewTest, InformationIsNothingToDecide) {
    report(with(written_report(), "\"severity\": \"review\"", "\"severity\": \"info\""));
    const Review now = review();
    EXPECT_TRUE(now.findings.at(0).in_order());
    EXPECT_EQ(now.open, 2);
}

TEST_F(ReviewTest, AFormThatIsRegisteredNoMoreGoesByItsIds) {
    const Review now = review_of(open_, FormSet{});
    const ReviewedField* number = now.field({"avtal", "1", "number"});
    ASSERT_TRUE(number);
    EXPECT_EQ(number->label, "number");
    EXPECT_EQ(number->kind, FieldKind::Text);
    EXPECT_EQ(now.open, 3);
}

TEST_F(ReviewTest, OfSeveralVersionsTheReportsOwnGivesTheLabels) {
    FormSet forms = forms_;
    forms.forms.insert(forms.forms.begin(), forms.forms.front());
    forms.forms.front().version = "0";
    forms.forms.front().points[0].fields[0].label = "Gammalt nummer";
    EXPECT_EQ(review_of(open_, forms).field({"avtal", "1", "number"})->label,
              "Organisationsnummer");
    forms.forms.pop_back();
    EXPECT_EQ(review_of(open_, forms).field({"avtal", "1", "number"})->label, "Gammalt nummer");
}

TEST_F(ReviewTest, AnAgreementThatIsNeitherRequiredNorThereAsksForNothing) {
    std::string json =
        with(written_report("missing"), "\"required\": true,\n            \"present\": true",
             "\"required\": false, \"present\": false");
    report(json);
    const Review now = review();
    EXPECT_EQ(now.open, 1) << "the finding";
    EXPECT_TRUE(now.agreements.at(0).missing_pages.empty());
}

TEST_F(ReviewTest, WithoutAReportThereIsNothingAndAWrongOneIsRefused) {
    open_.report_json = "{}";
    EXPECT_THROW(review(), Error);
    open_.report_json = "no report";
    EXPECT_THROW(review(), Error);
    open_.report = 0;
    EXPECT_TRUE(review().agreements.empty());
}

}  // namespace
}  // namespace avtalskoll::app
