#include "app/review/decision_policy.h"

#include <gmock/gmock.h>

#include "app/review/letter.h"
#include "app/review/review.h"
#include "tests/support/case_in_memory.h"
#include "tests/support/rule_words.h"
#include "tests/support/texts.h"

namespace avtalskoll::app {
namespace {

using testing::HasSubstr;
using testing::Not;

class DecisionPolicyTest : public CaseInMemory {
protected:
    DecisionRequest request(Action action, const std::string& point = {},
                            const std::string& field = {}, const std::string& value = {}) const {
        DecisionRequest made{action, "anna", open_.revision};
        if (!field.empty()) made.place = {"avtal", point, field};
        made.value = value;
        return made;
    }
    DecisionRequest finding() const {
        DecisionRequest made = request(Action::Accept);
        made.finding = review().findings.at(0).place;
        return made;
    }

    // The decision is written; nullopt: it was made.
    std::optional<Refusal::Kind> refused(const DecisionRequest& asked) {
        const auto judged = judge_request(open_, {forms_, rule_words(), states_}, asked);
        if (const auto* refusal = std::get_if<Refusal>(&judged)) {
            EXPECT_FALSE(said(refusal->message).empty());
            return refusal->kind;
        }
        write(std::get<Decision>(judged));
        return std::nullopt;
    }
};

constexpr std::optional<Refusal::Kind> kMade = std::nullopt;
constexpr auto kNotThere = Refusal::Kind::NotThere, kConflict = Refusal::Kind::Conflict,
               kNotAllowed = Refusal::Kind::NotAllowed;

TEST_F(DecisionPolicyTest, ReviewShowsWhatTheMachineFound) {
    const Review review = this->review();
    EXPECT_EQ(review.open, 3);
    EXPECT_EQ(review.unclear, 1);
    const ReviewedField* number = review.field({"avtal", "1", "number"});
    ASSERT_TRUE(number);
    EXPECT_EQ(number->label, "Organisationsnummer");
    EXPECT_EQ(number->rotation, 180);
    EXPECT_EQ(review.agreements[0].missing_pages, std::vector<int>{2});
    EXPECT_EQ(review.pages[1].form_page, 1);
    EXPECT_EQ(review.pages[0].form, "");
}

TEST_F(DecisionPolicyTest, CompleteOnlyWhenAllIsDecided) {
    EXPECT_EQ(refused(request(Action::Approve)), kNotAllowed);
    EXPECT_EQ(refused(request(Action::Correct, "1", "number", "2120000142")), kMade);
    EXPECT_EQ(refused(request(Action::Accept, "2", "signature")), kMade);
    EXPECT_EQ(refused(request(Action::Approve)), kNotAllowed);
    EXPECT_EQ(refused(finding()), kMade);
    EXPECT_EQ(refused(request(Action::Approve)), kMade);
    EXPECT_EQ(open_.line.status, kComplete);
    EXPECT_EQ(review().open, 0);
}

TEST_F(DecisionPolicyTest, ACorrectionIsCheckedByTheSameRules) {
    for (const char* value : {"212000-0143", "", "  ", "abc", "8001011234"})
        EXPECT_EQ(refused(request(Action::Correct, "1", "number", value)), kNotAllowed) << value;
    EXPECT_EQ(refused(request(Action::Correct, "2", "signature", "Anna")), kNotAllowed);
    EXPECT_EQ(refused(request(Action::Correct, "1", "number", " 212000 0142")), kMade);
    EXPECT_EQ(review().field({"avtal", "1", "number"})->value, "212000-0142");
    EXPECT_EQ(open_.decisions.at(0).old_value, "212000-0143");
}

TEST_F(DecisionPolicyTest, WhatIsNotValidIsNotAcceptedAsItIs) {
    EXPECT_EQ(refused(request(Action::Accept, "1", "number")), kNotAllowed);
    refused(request(Action::Missing, "1", "phone"));
    EXPECT_EQ(refused(request(Action::Accept, "1", "phone")), kNotAllowed);
    EXPECT_EQ(refused(request(Action::Correct, "1", "phone", "070-123 45 67")), kMade);
    EXPECT_EQ(refused(request(Action::Accept, "1", "phone")), kMade);
}

TEST_F(DecisionPolicyTest, WhatIsNotThereCannotBeDecided) {
    EXPECT_EQ(refused(request(Action::Accept, "9", "number")), kNotThere);
    EXPECT_EQ(refused(request(Action::Approve, "1", "number")), kNotThere);
    EXPECT_EQ(refused(request(Action::Accept)), kNotThere);
    DecisionRequest other = finding();
    other.finding = finding_place_from("page_unknown////1/1/00000000");
    EXPECT_EQ(refused(other), kNotThere);
    EXPECT_TRUE(open_.decisions.empty());
}

TEST_F(DecisionPolicyTest, AnOldRevisionIsTold) {
    const DecisionRequest old = request(Action::Missing, "2", "signature");
    EXPECT_EQ(refused(request(Action::Accept, "2", "signature")), kMade);
    EXPECT_EQ(refused(old), kConflict);
    EXPECT_EQ(open_.decisions.size(), 1U);
}

TEST_F(DecisionPolicyTest, WhatIsClosedIsOpenedFirst) {
    EXPECT_EQ(refused(request(Action::Reopen)), kConflict);
    EXPECT_EQ(refused(request(Action::Close)), kMade);
    EXPECT_EQ(refused(request(Action::Accept, "2", "signature")), kConflict);
    EXPECT_EQ(refused(request(Action::Reopen)), kMade);
    EXPECT_EQ(refused(request(Action::Accept, "2", "signature")), kMade);
}

TEST_F(DecisionPolicyTest, UndoGoesBackStepByStep) {
    refused(request(Action::Missing, "2", "signature"));
    refused(request(Action::Accept, "2", "signature"));
    refused(finding());
    EXPECT_EQ(review().open, 1);
    EXPECT_EQ(refused(request(Action::Undo)), kMade);
    EXPECT_EQ(review().open, 2);
    EXPECT_EQ(refused(request(Action::Undo)), kMade);
    EXPECT_EQ(review().field({"avtal", "2", "signature"})->verdict, FieldVerdict::Missing);
    EXPECT_EQ(refused(request(Action::Undo)), kMade);
    EXPECT_EQ(review().field({"avtal", "2", "signature"})->verdict, FieldVerdict::Unclear);
    EXPECT_EQ(review().field({"avtal", "2", "signature"})->decision, nullptr);
    EXPECT_EQ(refused(request(Action::Undo)), kNotAllowed);
    EXPECT_EQ(open_.decisions.size(), 6U);
}

TEST_F(DecisionPolicyTest, ALaterRunShowsTheDifferenceAndOverwritesNothing) {
    refused(request(Action::Accept, "2", "signature"));
    report(written_report("unclear"));
    EXPECT_FALSE(review().field({"avtal", "2", "signature"})->machine_changed);
    report(written_report("missing"));
    const Review now = review();
    const ReviewedField* signature = now.field({"avtal", "2", "signature"});
    EXPECT_TRUE(signature->machine_changed);
    EXPECT_EQ(signature->verdict, FieldVerdict::Ok);
    EXPECT_EQ(signature->found, FieldVerdict::Missing);
}

TEST_F(DecisionPolicyTest, TheLetterNamesWhatIsSurelyLacking) {
    const pipeline::LetterTexts texts = pipeline::load_letter_texts(
        std::filesystem::path(AVTALSKOLL_SOURCE_DIR) / "data" / "letters" / "request.yaml");
    std::string letter = draft_letter({.number = "a"}, review(), texts).text;
    EXPECT_THAT(
        letter,
        HasSubstr(
            "Avtalet\nPunkt 1, Parter\n  - Organisationsnummer: numret har fel kontrollsiffra."));
    EXPECT_THAT(letter, Not(HasSubstr("Underskrift")));
    EXPECT_THAT(letter, HasSubstr("en sida som vi inte känner igen"));
    refused(request(Action::Missing, "2", "signature"));
    refused(finding());
    letter = draft_letter({.number = "a"}, review(), texts).text;
    EXPECT_THAT(letter, HasSubstr("Punkt 2, Underskrift\n  - Underskriften saknas."));
    EXPECT_THAT(letter, Not(HasSubstr("känner igen")));
}

TEST_F(DecisionPolicyTest, TheLetterAsksForAnAbsentAgreementWhateverWasAccepted) {
    const pipeline::LetterTexts texts = pipeline::load_letter_texts(
        std::filesystem::path(AVTALSKOLL_SOURCE_DIR) / "data" / "letters" / "request.yaml");
    std::string absent = written_report("missing");
    absent.replace(absent.find("\"present\": true"), 15, "\"present\": false");
    report(absent);
    refused(finding());
    LetterDraft letter = draft_letter({.number = "a"}, review(), texts);
    EXPECT_TRUE(letter.asks);
    EXPECT_THAT(letter.text, HasSubstr("Avtalet finns inte med."));
    refused(request(Action::Correct, "1", "number", "212000-0142"));
    refused(request(Action::Accept, "1", "phone"));
    refused(request(Action::Accept, "2", "signature"));
    letter = draft_letter({.number = "a"}, review(), texts);
    EXPECT_FALSE(letter.asks) << letter.text;
}

TEST_F(DecisionPolicyTest, ALetterMustSaySomethingAndBelongsToARequest) {
    DecisionRequest blank = request(Action::Request);
    blank.letter = " \r\n\t";
    EXPECT_EQ(refused(blank), kNotAllowed);
    blank.letter.assign(100'000, 'a');
    EXPECT_EQ(refused(blank), kNotAllowed);
    DecisionRequest other = request(Action::Accept, "2", "signature");
    other.letter = "Brevet";
    EXPECT_EQ(refused(other), kMade);
    EXPECT_EQ(open_.decisions.at(0).action, Action::Accept);
}

TEST_F(DecisionPolicyTest, WhatWasAcceptedIsThatFindingAsItRead) {
    const auto with_findings = [](const std::string& first, const std::string& second) {
        std::string json = written_report("ok");
        const auto at = json.find("\"findings\": [") + 13;
        const auto one = [](const std::string& message) {
            return R"({"code": "page_missing", "severity": "error", "message": ")" + message +
                   R"(", "form": "avtal", "file": null, "page": null})";
        };
        return json.substr(0, at) + one(first) + ", " + one(second) + "]}";
    };
    report(with_findings("sidan 1 saknas", "sidan 2 saknas"));
    EXPECT_EQ(review().open, 3);
    EXPECT_EQ(refused(finding()), kMade);
    EXPECT_EQ(review().open, 2);
    report(with_findings("sidan 3 saknas", "sidan 2 saknas"));
    EXPECT_EQ(review().open, 3);
}

TEST_F(DecisionPolicyTest, NothingJudgedIsNothingComplete) {
    std::string json = written_report();
    const auto from = json.find("\"agreements\": ["), to = json.find("\"findings\"");
    json = json.substr(0, from) + "\"agreements\": [],\n" + json.substr(to);
    report(json);
    EXPECT_EQ(refused(finding()), kMade);
    EXPECT_EQ(refused(request(Action::Approve)), kNotAllowed);
    EXPECT_EQ(refused(request(Action::Close)), kMade);
}

TEST_F(DecisionPolicyTest, WhatIsPurgedIsDecidedNoMore) {
    refused(request(Action::Correct, "1", "number", "212000-0142"));
    open_.purged = true;
    for (const Action action : {Action::Reopen, Action::Undo, Action::Close})
        EXPECT_EQ(refused(request(action)), kConflict);
}

TEST_F(DecisionPolicyTest, NothingIsDecidedBeforeTheReport) {
    open_.report = 0;
    EXPECT_EQ(refused(request(Action::Close)), kConflict);
}

}  // namespace
}  // namespace avtalskoll::app
