#include "app/store/sqlite_migration.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "app/store/case_store.h"
#include "app/store/sqlite_schema.h"
#include "app/store/store.h"
#include "app/store/stored_json.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

// A page of an agreement, or none.
std::string page_row(int page) {
    const std::string place = page == 0 ? R"("file": null, "page": null)"
                                        : fmt::format(R"("file": "a.pdf", "page": {})", page);
    return fmt::format(R"({{"form_page": 1, {}, "rotation": 0, "confidence": 1}})", place);
}

std::string report_json(int pages, const std::vector<int>& matched,
                        const std::string& findings = "",
                        const std::string& verdict = "incomplete") {
    std::vector<std::string> rows;
    for (const int page : matched) rows.push_back(page_row(page));
    return fmt::format(
        R"({{"submission": {{"id": "a", "files": [{{"name": "a.pdf", "sha256": null, "pages": {}}}],
            "personal_data": null}}, "verdict": "{}", "agreements": [{{"form": "avtal",
            "title": "Avtalet", "version": "1", "required": true, "present": true, "pages": [{}],
                "points": []}}], "findings": [{}]}})",
        pages, verdict, fmt::join(rows, ", "), findings);
}

std::string purged(const std::string& report) {
    return without_values(parsed_report(report).value());
}

std::string finding(const std::string& code, const std::string& severity, int page,
                    const std::string& message = "x") {
    return fmt::format(
        R"({{"code": "{}", "severity": "{}", "message": "{}", "file": "a.pdf", "page": {}}})", code,
        severity, message, page == 0 ? "null" : std::to_string(page));
}

TEST(SpeaksOfEveryPage, CountsEachPageOnce) {
    EXPECT_TRUE(speaks_of_every_page(report_json(2, {1, 2})));
    EXPECT_TRUE(speaks_of_every_page(report_json(3, {2, 1}, finding("blank_page", "info", 3))));
    EXPECT_FALSE(speaks_of_every_page(report_json(3, {1, 2})));
    EXPECT_FALSE(speaks_of_every_page(report_json(3, {1, 2, 0})));
    EXPECT_FALSE(speaks_of_every_page(
        report_json(3, {1, 2}, finding("counter_signature_present", "review", 2))))
        << "the same page twice is one page";
    EXPECT_FALSE(speaks_of_every_page(report_json(2, {})));
}

TEST(SpeaksOfEveryPage, WantsAReasonWhereNothingWasRead) {
    EXPECT_FALSE(speaks_of_every_page(report_json(0, {})));
    EXPECT_TRUE(speaks_of_every_page(
        report_json(0, {}, finding("file_encrypted", "error", 0), "rejected")));
    EXPECT_TRUE(
        speaks_of_every_page(report_json(0, {}, finding("set_aside", "error", 0), "rejected")));
    EXPECT_FALSE(speaks_of_every_page(report_json(1, {1}, "", "rejected")));
    EXPECT_TRUE(speaks_of_every_page(
        report_json(1, {}, finding("page_unreadable", "review", 1), "rejected")));
    EXPECT_FALSE(speaks_of_every_page("{"));
    EXPECT_FALSE(speaks_of_every_page("[]"));
}

TEST(SpeaksOfEveryPage, ADrawingProgramThatWasEndedIsNoFaultOfTheDocument) {
    EXPECT_FALSE(speaks_of_every_page(report_json(
        0, {}, finding("file_unreadable", "error", 0, "det har avbrutit ritandet 3 gånger"),
        "rejected")));
    EXPECT_FALSE(speaks_of_every_page(report_json(
        1, {}, finding("page_unreadable", "review", 1, "sidan kunde inte ritas: filen är skadad"),
        "rejected")));
}

TEST(SpeaksOfEveryPage, APurgedReportIsCounted) {
    const std::string blank = finding("blank_page", "info", 3);
    EXPECT_TRUE(speaks_of_every_page(purged(report_json(3, {1, 2}, blank))));
    EXPECT_FALSE(speaks_of_every_page(purged(report_json(4, {1, 2}, blank))));
}

// A store as it was before earlier contents were kept.
class StoreMigration : public testing::Test {
protected:
    StoreMigration() {
        SQLite::Database old(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        for (int step = 0; step + 1 < kStepWithEarlierContents; ++step)
            old.exec(kSchemaSteps.at(static_cast<std::size_t>(step)));
        old.exec(fmt::format("PRAGMA user_version={}", kStepWithEarlierContents - 1));
    }

    fs::path file() const { return folder_.path() / "store.db"; }

    void add(const std::string& id, const std::string& report, const std::string& verdict,
             const std::string& content = "now") {
        SQLite::Database old(file().string(), SQLite::OPEN_READWRITE);
        const std::string account =
            R"({"personal_data": null, "organisation_number": "", "broken": "", "ignored": []})";
        old.exec(
            fmt::format("INSERT OR IGNORE INTO submissions (id, content, account, received_at) "
                        "VALUES ('{0}', 'now {0}', '{1}', '2026-01-02T03:04:05Z')",
                        id, account));
        old.exec(
            fmt::format("INSERT INTO reports (submission, content, engine, forms, rules, made_at, "
                        "verdict, summary, json, html, csv_row, organisation) SELECT key, '{} {}', "
                        "'1', 'f', 'r', '2026-01-02T03:04:06Z', '{}', 'x', '{}', 'page', 'row', 'Å "
                        "kommun' FROM submissions WHERE id = '{}'",
                        content, id, verdict, report, id));
        old.exec(
            fmt::format("INSERT OR IGNORE INTO cases (submission, id, status, verdict, summary, "
                        "organisation, search, received_at) SELECT key, id, 'received', '{}', 'x', "
                        "'Å kommun', id, received_at FROM submissions WHERE id = '{}'",
                        verdict, id));
    }

    void change(const std::string& sql) const {
        SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec(sql);
    }

    static std::vector<std::string> actions(Store& store, const std::string& id) {
        std::vector<std::string> all;
        for (const AuditLine& line : store.audit(id)) all.push_back(to_string(line.event.action));
        return all;
    }

    const TemporaryFolder folder_;
};

TEST_F(StoreMigration, AReportThatLeftPagesOutIsSetAsideAndCheckedAgain) {
    add("false", report_json(3, {1}), "complete");
    add("true", report_json(2, {1, 2}), "incomplete");
    const auto store = open_store(file(), false);
    ASSERT_EQ(store->waiting(10).size(), 1U);
    const StoredSubmission waiting = store->waiting(10)[0];
    EXPECT_EQ(waiting.submission.id, "false");
    EXPECT_FALSE(store->report_of(waiting, {"1", "f", "r"}))
        << "even with the same versions it is checked again";
    EXPECT_FALSE(store->latest_report("false"));
    EXPECT_EQ(store->latest_report("true")->verdict, SubmissionVerdict::Incomplete);
    EXPECT_EQ(actions(*store, "false"), std::vector<std::string>{"report set aside"});
    EXPECT_TRUE(actions(*store, "true").empty());
    ASSERT_EQ(store->set_aside("false").size(), 1U);
    EXPECT_EQ(store->report(store->set_aside("false")[0].report)->html, "page");
    const auto cases = open_case_store(file(), 1);
    const Case line = cases->open("false")->line;
    EXPECT_EQ(line.status + line.verdict + to_string(line.lacks) + line.organisation, kReceived);
    EXPECT_EQ(cases->open("true")->line.organisation, "Å kommun");
    EXPECT_EQ(cases->find({.open = true}).total, 1);
    EXPECT_TRUE(store->faults().empty());
}

TEST_F(StoreMigration, DecisionsOnAFalseReportStayAndThePersonLooksAgain) {
    add("a", report_json(3, {1}), "rejected");
    change(
        "INSERT INTO decisions (submission, content, report, at, officer, action, form, point, "
        "field, finding, old_verdict, new_verdict, found_verdict) SELECT key, content, 1, "
        "'2026-01-03T00:00:00Z', 'anna', 'close', '', '', '', '', '', '', '' FROM submissions; "
        "UPDATE cases SET status = 'closed', decided_at = '2026-01-03T00:00:00Z'");
    const auto store = open_store(file(), false);
    const auto cases = open_case_store(file(), 1);
    const OpenCase open = cases->open("a").value();
    EXPECT_EQ(open.line.status, kReceived);
    EXPECT_EQ(open.line.decided_at, "");
    ASSERT_EQ(open.decisions.size(), 1U);
    EXPECT_EQ(open.decisions[0].officer, "anna");
    EXPECT_EQ(open.set_aside.size(), 1U);
    FinishedReport again;
    again.verdict = SubmissionVerdict::Complete;
    again.json = report_json(3, {1, 2, 3}, "", "complete");
    again.versions = {"1", "f", "r"};
    EXPECT_TRUE(store->finish(store->waiting(1).at(0), again));
    EXPECT_EQ(cases->open("a")->line.status, kInReview)
        << "a person has decided on it: a person looks";
}

TEST_F(StoreMigration, OfAPurgedSubmissionItIsOnlySaid) {
    add("a", purged(report_json(3, {1})), "complete");
    change(
        "UPDATE submissions SET purged_at = '2026-02-01T00:00:00Z'; UPDATE reports SET html = "
        "NULL");
    const auto store = open_store(file(), false);
    EXPECT_TRUE(store->waiting(10).empty());
    EXPECT_EQ(store->latest_report("a")->verdict, SubmissionVerdict::Complete);
    EXPECT_EQ(actions(*store, "a"), std::vector<std::string>{"report doubted"});
}

TEST_F(StoreMigration, WhatWasReplacedBeforeIsRebuiltFromItsReport) {
    add("a", report_json(1, {1}), "complete", "before");
    add("a", report_json(2, {1, 2}), "incomplete");
    const auto store = open_store(file(), false);
    ASSERT_EQ(store->earlier("a").size(), 1U);
    EXPECT_EQ(store->earlier("a")[0].verdict, "complete");
    EXPECT_EQ(store->earlier("a")[0].files.at(0).name, "a.pdf");
    EXPECT_TRUE(store->faults().empty());
}

TEST_F(StoreMigration, HappensOnce) {
    add("a", report_json(3, {1}), "complete");
    open_store(file(), false);
    const auto store = open_store(file(), false);
    EXPECT_EQ(store->audit("a").size(), 1U);
}

TEST_F(StoreMigration, WordsOfTheAuditLogBecomeColumnsAndStay) {
    const std::string words = "correct avtal/1/number; engine 0.2.0";
    add("a", report_json(2, {1, 2}), "incomplete");
    change(
        fmt::format("INSERT INTO audit (at, actor, action, submission, detail) SELECT "
                    "'2026-01-03T00:00:00Z', 'anna', 'decided', key, '{}' FROM submissions",
                    words));
    const auto lines = open_store(file(), false)->audit("a");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].at + lines[0].actor, "2026-01-03T00:00:00Zanna");
    EXPECT_EQ(lines[0].event, (AuditEvent{.action = AuditAction::Decided,
                                          .decision = Action::Correct,
                                          .place = {"avtal", "1", "number"},
                                          .engine = "0.2.0"}));
    EXPECT_EQ(lines[0].words, words);
    SQLite::Database direct(file().string(), SQLite::OPEN_READWRITE);
    EXPECT_EQ(direct.execAndGet("SELECT detail FROM audit").getString(), words);
    EXPECT_THROW(direct.exec("UPDATE audit SET action = 'checked'"), SQLite::Exception);
    EXPECT_THROW(direct.exec("DELETE FROM audit"), SQLite::Exception);
}

}  // namespace
}  // namespace avtalskoll::app
