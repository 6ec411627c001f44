// Files that complete a case: what is taken in, which decisions go on to hold, what a purge leaves.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/review/review.h"
#include "pipeline/files/file_hash.h"
#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

class CompletionTest : public CaseTest {
protected:
    Submission with_file(const std::string& id, const std::string& name,
                         const std::string& content) const {
        const auto path = folder_.path() / (id + name + content);
        std::ofstream(path) << content;
        Submission submission;
        submission.id = id;
        submission.files.push_back({name, path});
        return submission;
    }

    // A report in which number and phone stand on one page and the signature on another.
    static std::string report_of(const Submission& submission, const std::string& party_file,
                                 const std::string& signature_file) {
        std::string files;
        for (const SubmittedFile& file : submission.files)
            files +=
                fmt::format(R"({}{{"name": "{}", "sha256": "{}", "pages": 1}})",
                            files.empty() ? "" : ", ", file.name, pipeline::sha256_of(file.path));
        const auto field = [](const char* name, const std::string& file, const char* verdict) {
            return fmt::format(R"({{"field": "{}", "required": true, "verdict": "{}",
                "value": "v", "reason": null, "message": null, "evidence": {{"file": "{}",
                "page": 1, "box": [0.1, 0.2, 0.3, 0.1]}}}})",
                               name, verdict, file);
        };
        const auto page = [](int number, const std::string& file) {
            return fmt::format(
                R"({{"form_page": {}, "file": "{}", "page": 1, "rotation": 0, "confidence": 1}})",
                number, file);
        };
        return fmt::format(
            R"({{"submission": {{"id": "a", "files": [{}], "personal_data": null}}, "verdict":
            "incomplete", "agreements": [{{"form": "avtal", "title": "Avtalet", "version": "1",
            "required": true, "present": true, "pages": [{}, {}], "points": [{{"point": "1",
            "title": "Parter", "fields": [{}, {}]}}, {{"point": "2", "title": "Underskrift",
            "fields": [{}]}}]}}], "findings": [{{"code": "page_damaged", "severity": "review",
            "message": "skadad", "form": null, "point": null, "field": null, "file": "{}", "page":
            1}}]}})",
            files, page(1, party_file), page(2, signature_file),
            field("number", party_file, "unclear"), field("phone", party_file, "unclear"),
            field("signature", signature_file, "missing"), party_file);
    }

    void decide(const Decision& made) {
        Decision decision = made;
        decision.officer = "anna";
        ASSERT_EQ(cases_->decide(open(), decision, {"Brevet", "2026-12-01"}), Outcome::Done);
    }
    void correct(const char* point, const char* field, const char* value) {
        Decision decision;
        decision.action = Action::Correct;
        decision.place = {"avtal", point, field};
        decision.old_verdict = decision.found_verdict = "unclear";
        decision.new_verdict = "ok";
        decision.new_value = value;
        decide(decision);
    }
    Review review() {
        now_ = open();
        return review_of(now_, forms_);
    }

    // Two pages, of which the second is not signed; what is known of the first was decided.
    void first_hand_in() {
        Submission first = with_file("a", "avtal.pdf", "page 1");
        first.files.push_back(with_file("a", "blad.pdf", "page 2").files[0]);
        check(store_->receive(first, "").stored, report_of(first, "avtal.pdf", "blad.pdf"), "1");
        correct("1", "number", "212000-0142");
        const Review found = review();
        Decision accepted;
        accepted.finding = found.findings.at(0).place;
        accepted.old_verdict = accepted.found_verdict = "review";
        accepted.new_verdict = "ok";
        decide(accepted);
        Decision frame;
        frame.action = Action::NoPersonalData;
        frame.new_verdict = "no_personal_data";
        frame.new_value = "enligt mejl";
        decide(frame);
        Decision missing;
        missing.action = Action::Missing;
        missing.place = {"avtal", "2", "signature"};
        missing.old_verdict = missing.found_verdict = missing.new_verdict = "missing";
        decide(missing);
        Decision request;
        request.action = Action::Request;
        request.old_verdict = "in_review";
        request.new_verdict = "to_be_completed";
        decide(request);
    }

    const FormSet forms_ = written_forms();
    OpenCase now_;
};

TEST_P(CompletionTest, NewFilesJoinTheOldAndSayWhenTheyCame) {
    first_hand_in();
    EXPECT_EQ(open().line.answer_by, "2026-12-01");
    const Received received =
        store_->complete(with_file("a", "blad.pdf", "page 2, signed"), "state");
    EXPECT_EQ(received.receipt, Receipt::Reopened);
    EXPECT_TRUE(store_->has_taken("state"));
    const auto& files = received.stored.submission.files;
    ASSERT_EQ(files.size(), 3U);
    EXPECT_EQ(files[0].name, "avtal.pdf");
    EXPECT_EQ(files[0].hand_in, 1);
    EXPECT_EQ(files[1].name, "blad (2).pdf");
    EXPECT_EQ(files[1].hand_in, 2);
    EXPECT_EQ(open().line.status, kReceived);
    EXPECT_EQ(open().line.answer_by, "");
    EXPECT_EQ(open().earlier.size(), 1U);
    // Once more the same: known. Something else: a third hand-in.
    EXPECT_EQ(store_->complete(with_file("a", "nytt.pdf", "page 2, signed"), "").receipt,
              Receipt::Known);
    const auto all = store_->complete(with_file("a", "c.pdf", "page 3"), "").stored.submission;
    EXPECT_EQ(all.files.at(3).name, "c.pdf");
    EXPECT_EQ(all.files.at(3).hand_in, 3);
}

TEST_P(CompletionTest, TheSameFilesInAnotherOrderAreAnotherContent) {
    store_->receive(with_file("a", "1.pdf", "one"), "");
    store_->complete(with_file("a", "2.pdf", "two"), "");
    Submission both = with_file("b", "1.pdf", "one");
    both.files.push_back(with_file("b", "2.pdf", "two").files[0]);
    EXPECT_EQ(store_->receive(both, "").receipt, Receipt::New);
}

TEST_P(CompletionTest, DecisionsOnPagesThatDidNotChangeGoOnToHold) {
    first_hand_in();
    const Submission joined =
        store_->complete(with_file("a", "blad.pdf", "page 2, signed"), "").stored.submission;
    check(store_->find("a").value(), report_of(joined, "avtal.pdf", "blad (2).pdf"), "1");
    const Review after = review();
    const ReviewedField* number = after.field({"avtal", "1", "number"});
    ASSERT_TRUE(number && number->decision);
    EXPECT_EQ(number->value, "212000-0142");
    EXPECT_NE(number->decision->carried, 0);
    EXPECT_EQ(number->decision->officer, "anna");
    EXPECT_TRUE(after.no_personal_data);
    EXPECT_TRUE(after.findings.at(0).decision) << "its file is the same";
    EXPECT_FALSE(after.field({"avtal", "2", "signature"})->decision) << "its page is new";
    EXPECT_FALSE(after.field({"avtal", "1", "phone"})->decision);
    EXPECT_EQ(now_.line.status, kInReview) << "a person has touched it";
    EXPECT_EQ(now_.earlier_decisions.size(), 5U);
    // The next run of the machine carries nothing twice.
    const std::size_t decisions = now_.decisions.size();
    check(store_->find("a").value(), report_of(joined, "avtal.pdf", "blad (2).pdf"), "2");
    EXPECT_EQ(open().decisions.size(), decisions);
}

TEST_P(CompletionTest, DecisionsAreCarriedOverFilesThatNobodyHasSeen) {
    first_hand_in();
    store_->complete(with_file("a", "blad.pdf", "page 2, signed"), "");
    const StoredSubmission unseen = store_->find("a").value();
    const Submission joined =
        store_->complete(with_file("a", "bilaga.pdf", "page 3"), "").stored.submission;
    // The late report of what was there in between counts for nothing now.
    check(unseen, report_of(unseen.submission, "avtal.pdf", "blad (2).pdf"), "1");
    check(store_->find("a").value(), report_of(joined, "avtal.pdf", "blad (2).pdf"), "1",
          SubmissionVerdict::Complete);
    EXPECT_EQ(review().field({"avtal", "1", "number"})->value, "212000-0142");
    EXPECT_EQ(now_.line.status, kInReview) << "a person has touched it";
}

TEST_P(CompletionTest, ACompletionLeavesAWithdrawnCaseWithdrawn) {
    receive("a");
    EXPECT_EQ(cases_->add(open(), CaseMoved{"withdraw", "received", "withdrawn", ""}, "anna"),
              Outcome::Done);
    check(store_->complete(with_file("a", "x.pdf", "x"), "").stored, written_report("ok"), "2",
          SubmissionVerdict::Complete);
    EXPECT_EQ(open().line.status, "withdrawn");
}

TEST_P(CompletionTest, ADecisionOnAPageThatCameAgainIsHistory) {
    first_hand_in();
    const Submission joined =
        store_->complete(with_file("a", "ny.pdf", "page 1, new"), "").stored.submission;
    check(store_->find("a").value(), report_of(joined, "ny.pdf", "blad.pdf"), "1");
    const Review after = review();
    EXPECT_FALSE(after.field({"avtal", "1", "number"})->decision);
    EXPECT_TRUE(after.field({"avtal", "2", "signature"})->decision);
    EXPECT_FALSE(after.findings.at(0).decision);
}

TEST_P(CompletionTest, WhatIsReplacedWholeCarriesNothing) {
    first_hand_in();
    const Submission other = with_file("a", "avtal.pdf", "page 1");
    store_->receive(other, "");  // as `check --store` does: instead of what was there
    check(store_->find("a").value(), report_of(other, "avtal.pdf", "avtal.pdf"), "1");
    EXPECT_TRUE(open().decisions.empty());
}

TEST_P(CompletionTest, AfterAPurgeOfTheEarlierContentTheCaseHasAllItNeeds) {
    first_hand_in();
    const Submission joined =
        store_->complete(with_file("a", "blad.pdf", "page 2, signed"), "").stored.submission;
    check(store_->find("a").value(), report_of(joined, "avtal.pdf", "blad (2).pdf"), "1");
    under_test_->set_earlier_received("2020-01-01T00:00:00Z");
    EXPECT_EQ(store_->purge(30).earlier, 1);
    EXPECT_EQ(review().field({"avtal", "1", "number"})->value, "212000-0142");
    for (const SubmittedFile& file : now_.submission.files)
        EXPECT_TRUE(std::filesystem::exists(file.path)) << "an original that still counts is gone";
    EXPECT_TRUE(store_->faults().empty());
}

TEST_P(CompletionTest, NumbersFindTheirCase) {
    receive("a");
    receive("b", "other");
    EXPECT_EQ(cases_->add(open(), CaseNumbered{"Dnr 2026/7"}, "anna"), Outcome::Done);
    EXPECT_EQ(cases_->add(open("b"), CaseNumbered{"2026-7"}, "bo"), Outcome::NumberTaken);
    EXPECT_EQ(open("b").line.number, "");
    EXPECT_EQ(cases_->id_of("2026/7"), "a");
    EXPECT_EQ(cases_->id_of("b"), "b");
    EXPECT_EQ(cases_->id_of("2026/8"), "");
    EXPECT_EQ(cases_->find({.text = "2026/7"}).total, 1);
    EXPECT_EQ(cases_->add(open(), CaseNumbered{}, "anna"), Outcome::Done);
    EXPECT_EQ(cases_->add(open("b"), CaseNumbered{"2026-7"}, "bo"), Outcome::Done);
    EXPECT_EQ(cases_->id_of("2026/7"), "b");
}

TEST_P(CompletionTest, EventsAreKeptUntilAPurgeTakesWhatTheySay) {
    receive("a");
    const CasePerson kim{"Kim Ek", "kim@ek.se", "010-1234567"};
    const std::vector<CaseEventDetail> events{
        CaseNoted{"Ringde Kim."},
        CaseNumbered{"2026/7"},
        CopyCompared{CountersignedVerdict::Differs, "k.pdf", "h", "c", {"sidan 2"}, "stämpel"},
        DataSetAdded{"detaljplan", kim, kim, "Ombudet AB", "akten"},
        DataSetRemoved{"detaljplan", "fel"},
        CredentialsSent{"detaljplan", kim, "2026-11-28"}};
    for (const CaseEventDetail& event : events)
        ASSERT_EQ(cases_->add(open(), event, "anna"), Outcome::Done);
    const OpenCase before = open();
    ASSERT_EQ(before.events.size(), events.size());
    for (std::size_t i = 0; i < events.size(); ++i) EXPECT_EQ(before.events[i].detail, events[i]);
    for (const AuditLine& line : cases_->log(0, 100))
        EXPECT_EQ(details_of(line.event).find("Kim"), std::string::npos);
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    store_->purge(30);
    for (const CaseEvent& event : open().events) EXPECT_FALSE(event.detail) << event.kind;
}

TEST_P(CompletionTest, AMoveIsMadeOnceOnWhatWasSeen) {
    receive("a");
    check(store_->find("a").value(), written_report("ok"), "2", SubmissionVerdict::Complete);
    const OpenCase seen = open();
    const CaseMoved move{"hand_over", "complete", "with_signatory", ""};
    EXPECT_EQ(cases_->add(seen, move, "anna"), Outcome::Done);
    EXPECT_EQ(cases_->add(seen, move, "bo"), Outcome::Changed);
    EXPECT_EQ(open().line.status, "with_signatory");
    EXPECT_EQ(open().events.size(), 1U);
    EXPECT_EQ(cases_->add(seen, CaseNoted{"x"}, "bo"), Outcome::Done) << "a note disturbs nobody";
}

TEST_P(CompletionTest, WhatIsOverdueIsFound) {
    first_hand_in();
    EXPECT_EQ(cases_->find({.due_before = "2026-12-01"}).total, 0);
    EXPECT_EQ(cases_->find({.due_before = "2026-12-02"}).total, 1);
    store_->complete(with_file("a", "x.pdf", "x"), "");
    EXPECT_EQ(cases_->find({.due_before = "2026-12-02"}).total, 0);
}

INSTANTIATE_TEST_SUITE_P(Of, CompletionTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
