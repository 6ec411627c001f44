#include "app/store/case_store.h"

#include <thread>

#include "tests/support/case_fixture.h"

namespace avtalskoll::app {
namespace {

using CaseStoreTest = CaseTest;

Decision accept(const std::string& officer, const std::string& field = "phone") {
    Decision decision;
    decision.officer = officer;
    decision.place = {"avtal", "1", field};
    decision.old_verdict = decision.new_verdict = decision.found_verdict = "ok";
    decision.old_value = decision.new_value = decision.found_value = "0701234567";
    return decision;
}

Decision whole(const std::string& officer, Action action) {
    Decision decision;
    decision.officer = officer;
    decision.action = action;
    return decision;
}

std::vector<std::string> ids(const CasePage& page) {
    std::vector<std::string> all;
    for (const Case& c : page.cases) all.push_back(c.id);
    return all;
}

TEST_P(CaseStoreTest, FindsByPartsHoweverWritten) {
    receive("ärende 1", "x");
    receive("annat", "y");
    for (const char* text : {"212000-0142", "2120000142", "0000142", "å KOMMUN", "kommun"})
        EXPECT_EQ(cases_->find({.text = text}).total, 2) << text;
    EXPECT_EQ(ids(cases_->find({.text = "ÄRENDE"})), std::vector<std::string>{"ärende 1"});
    EXPECT_EQ(ids(cases_->find({.text = "1"})).size(), 2U);
    EXPECT_EQ(ids(cases_->find({.text = "är"})), std::vector<std::string>{"ärende 1"});
    for (const char* text : {"finns inte", "\" OR \"\"", "%", "' --", "näe*"})
        EXPECT_EQ(cases_->find({.text = text}).total,
                  std::string(text).find_first_not_of("%'-\" *") == std::string::npos ? 2 : 0)
            << text;
}

TEST_P(CaseStoreTest, PagesAndOrders) {
    for (const char* id : {"c", "a", "b"}) receive(id, id);
    EXPECT_EQ(ids(cases_->find({})), (std::vector<std::string>{"c", "a", "b"}));
    EXPECT_EQ(ids(cases_->find({.order = CaseOrder::Newest})),
              (std::vector<std::string>{"b", "a", "c"}));
    EXPECT_EQ(ids(cases_->find({.order = CaseOrder::Id})),
              (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(ids(cases_->find({.page = 1, .per_page = 2})), std::vector<std::string>{"b"});
    EXPECT_EQ(cases_->find({.page = 1, .per_page = 2}).total, 3);
    EXPECT_EQ(cases_->next_open("c", "anna"), "a");
    EXPECT_EQ(cases_->next_open("b", "anna"), "c");
}

TEST_P(CaseStoreTest, StatusFollowsMachineUntilAPersonDecided) {
    receive("a");
    EXPECT_EQ(open().line.status, kReceived);
    check(store_->find("a").value(), written_report("ok"), "2", SubmissionVerdict::Complete);
    EXPECT_EQ(open().line.status, kComplete);
    EXPECT_EQ(cases_->decide(open(), whole("anna", Action::Close), {}), Outcome::Done);
    check(store_->find("a").value(), written_report(), "3");
    EXPECT_EQ(open().line.status, kClosed);
    EXPECT_EQ(open().line.verdict, "incomplete");
    receive("a", "other content");
    EXPECT_EQ(open().line.status, kReceived);
    EXPECT_TRUE(open().decisions.empty());
    EXPECT_EQ(open().earlier_decisions.size(), 1U);
}

TEST_P(CaseStoreTest, WhatComesInAgainKeepsWhatWasThere) {
    receive("a");
    const std::string first = open().submission.files.at(0).path;
    Submission other;
    other.id = "a";
    other.files.push_back({"b.pdf", folder_.path() / "b.pdf"});
    std::ofstream(folder_.path() / "b.pdf") << "other content";
    const StoredSubmission stored = store_->receive(other, "").stored;
    EXPECT_EQ(open().line.organisation, "Å kommun")
        << "until the new content's report names another";
    EXPECT_EQ(open().line.verdict, "");
    EXPECT_EQ(cases_->find({.text = "kommun"}).total, 1);
    FinishedReport nameless;
    nameless.json = written_report();
    nameless.versions = {"1", "f", "r"};
    store_->finish(stored, nameless);
    EXPECT_EQ(open().line.organisation_number, "212000-0142");
    ASSERT_EQ(open().earlier.size(), 1U);
    EXPECT_EQ(open().earlier[0].files.at(0).path, first);
    EXPECT_EQ(open().earlier[0].verdict, "incomplete");
    EXPECT_TRUE(cases_->report_html(open(), open().earlier[0].report));
    receive("b", "another's");
    EXPECT_FALSE(cases_->report_html(open("b"), open().earlier[0].report))
        << "a report of another submission";
}

TEST_P(CaseStoreTest, OfTwoDecisionsAtOnceOneWins) {
    receive("a");
    const OpenCase seen = open();
    int done = 0, changed = 0;
    std::mutex mutex;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            const Outcome outcome = cases_->decide(seen, accept("anna"), {});
            const std::lock_guard lock(mutex);
            ++(outcome == Outcome::Done ? done : changed);
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 1);
    EXPECT_EQ(changed, 3);
    EXPECT_EQ(open().decisions.size(), 1U);
}

TEST_P(CaseStoreTest, ANewReportIsAChange) {
    receive("a");
    const OpenCase seen = open();
    check(store_->find("a").value(), written_report("ok"), "2");
    EXPECT_EQ(cases_->decide(seen, accept("anna"), {}), Outcome::Changed);
}

TEST_P(CaseStoreTest, AClaimKeepsOthersOutUntilItIsTakenOver) {
    receive("a");
    EXPECT_EQ(cases_->claim(open(), "anna", false), Outcome::Done);
    EXPECT_EQ(open().line.status, kInReview);
    EXPECT_EQ(cases_->claim(open(), "bo", false), Outcome::Claimed);
    EXPECT_EQ(cases_->decide(open(), accept("bo"), {}), Outcome::Claimed);
    EXPECT_EQ(cases_->next_open("x", "bo"), "");
    EXPECT_EQ(cases_->claim(open(), "bo", true), Outcome::Done);
    EXPECT_EQ(cases_->decide(open(), accept("bo"), {}), Outcome::Done);
    cases_->release_claim(open(), "anna");
    EXPECT_EQ(open().line.claimed_by, "bo");
    cases_->release_claim(open(), "bo");
    EXPECT_EQ(open().line.claimed_by, "");
}

TEST_P(CaseStoreTest, AnOldClaimHoldsNoMore) {
    receive("a");
    cases_->claim(open(), "anna", false);
    under_test_->set_claimed("2020-01-01T00:00:00Z");
    EXPECT_EQ(open().line.claimed_by, "");
    EXPECT_EQ(cases_->decide(open(), accept("bo"), {}), Outcome::Done);
}

TEST_P(CaseStoreTest, UndoOfTheWholeOpensItAgain) {
    receive("a");
    EXPECT_EQ(cases_->decide(open(), whole("anna", Action::Request), {"Brevet", ""}),
              Outcome::Done);
    EXPECT_EQ(open().line.status, kToBeCompleted);
    EXPECT_EQ(open().letters.at(0).text, "Brevet");
    Decision undo = whole("anna", Action::Undo);
    undo.undoes = open().decisions.at(0).key;
    EXPECT_EQ(cases_->decide(open(), undo, {}), Outcome::Done);
    EXPECT_EQ(open().line.status, kInReview);
    EXPECT_TRUE(open().decisions.at(0).undone);
    EXPECT_EQ(open().letters.size(), 1U);
}

TEST_P(CaseStoreTest, DecisionsNameTheEngineThatTheOfficerSaw) {
    receive("a");
    cases_->decide(open(), accept("anna"), {});
    EXPECT_EQ(open().decisions.at(0).new_value, "0701234567");
    EXPECT_EQ(open().decisions.at(0).engine, "1");
}

TEST_P(CaseStoreTest, TheLogTellsEachPartByItself) {
    receive("a");
    cases_->claim(open(), "anna", false);
    cases_->claim(open(), "bo", true);
    cases_->decide(open(), accept("bo"), {});
    Decision undo = whole("bo", Action::Undo);
    undo.undoes = open().decisions.at(0).key;
    cases_->decide(open(), undo, {});
    cases_->note(open().line.key, "bo", {.action = AuditAction::OriginalRead, .number = 2});
    std::vector<AuditEvent> events;
    for (const AuditLine& line : cases_->log(open().line.key, 100)) events.push_back(line.event);
    const std::vector<AuditEvent> expected{{.action = AuditAction::OriginalRead, .number = 2},
                                           {.action = AuditAction::Decided,
                                            .decision = Action::Undo,
                                            .undoes = undo.undoes,
                                            .engine = "1"},
                                           {.action = AuditAction::Decided,
                                            .decision = Action::Accept,
                                            .place = {"avtal", "1", "phone"},
                                            .engine = "1"},
                                           {.action = AuditAction::TakenOver, .subject = "anna"},
                                           {.action = AuditAction::Claimed},
                                           {.action = AuditAction::Checked,
                                            .verdict = SubmissionVerdict::Incomplete,
                                            .engine = "1",
                                            .rules = "r"},
                                           {.action = AuditAction::Received, .number = 1}};
    EXPECT_EQ(events, expected);
    EXPECT_EQ(cases_->log(0, 2).size(), 2U);
}

TEST_P(CaseStoreTest, TheMachineCompletesNothingThatAPersonTouched) {
    const auto complete = [&](const std::string& engine) {
        check(store_->find("a").value(), written_report("ok"), engine, SubmissionVerdict::Complete);
        return open().line.status;
    };
    receive("a");
    cases_->decide(open(), accept("anna"), {});
    cases_->release_claim(open(), "anna");
    EXPECT_EQ(complete("2"), kInReview);
    Decision undo = whole("anna", Action::Undo);
    undo.undoes = open().decisions.at(0).key;
    cases_->decide(open(), undo, {});
    EXPECT_EQ(complete("3"), kComplete);
    cases_->decide(open(), whole("anna", Action::Reopen), {});
    cases_->release_claim(open(), "anna");
    EXPECT_EQ(complete("4"), kInReview);
}

TEST_P(CaseStoreTest, APurgedCaseIsChangedForWhoeverSawItBefore) {
    receive("a");
    cases_->decide(open(), accept("anna"), {});
    const OpenCase seen = open();
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    store_->purge(30);
    EXPECT_EQ(cases_->decide(seen, accept("anna"), {}), Outcome::Changed);
    under_test_->set_received("2999-01-01T00:00:00Z", "");  // as if it came again later
    EXPECT_TRUE(open().decisions.empty());
    EXPECT_EQ(open().earlier_decisions.size(), 1U);
}

TEST_P(CaseStoreTest, PurgeTakesValuesAndLettersAndLeavesWhoDecidedWhat) {
    receive("a");
    cases_->decide(open(), accept("anna"), {});
    cases_->decide(open(), whole("anna", Action::Request), {"Hej Kim Forsgren", ""});
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    store_->purge(30);
    EXPECT_TRUE(open().purged);
    EXPECT_EQ(open().decisions.at(0).officer, "anna");
    EXPECT_FALSE(open().decisions.at(0).new_value);
    EXPECT_EQ(open().letters.at(0).text, "");
    EXPECT_EQ(cases_->find({.text = "kommun"}).total, 0);
    EXPECT_TRUE(store_->faults().empty());
    const std::string bytes = under_test_->raw_bytes();
    for (const char* value : {"Forsgren", "0701234567", "kommun"})
        EXPECT_EQ(bytes.find(value), std::string::npos) << value;
}

TEST_P(CaseStoreTest, StatisticsCountLastWordsOnly) {
    receive("a");
    cases_->decide(open(), accept("anna"), {});
    Decision missing = accept("anna");
    missing.action = Action::Missing;
    cases_->decide(open(), missing, {});
    Decision undone = accept("anna", "number");
    cases_->decide(open(), undone, {});
    Decision undo = whole("anna", Action::Undo);
    undo.undoes = open().decisions.back().key;
    cases_->decide(open(), undo, {});
    cases_->decide(open(), whole("anna", Action::Close), {});
    const Statistics statistics = *cases_->statistics(30);
    ASSERT_EQ(statistics.corrections.size(), 1U);
    EXPECT_EQ(statistics.corrections[0].accepted, 0);
    EXPECT_EQ(statistics.corrections[0].missing, 1);
    ASSERT_EQ(statistics.lacking.size(), 1U);
    EXPECT_EQ(to_string(statistics.lacking[0].first), "avtal/1/number");
    ASSERT_EQ(statistics.days.size(), 1U);
    EXPECT_EQ(statistics.days[0].submissions, 1);
    EXPECT_EQ(statistics.decided.size(), 1U);
    EXPECT_EQ(cases_->counts()[kClosed], 1);
}

INSTANTIATE_TEST_SUITE_P(Of, CaseStoreTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
