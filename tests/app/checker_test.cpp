#include "app/service/checker.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "models/version.h"
#include "tests/support/run_program.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

const pipeline::StopFlag& never() {
    static const pipeline::StopFlag stop{false};
    return stop;
}

const Checker& checker() {
    static const Checker made({.jobs = 1}, never());
    return made;
}

// A store with one submission: the project's own blank, sent back empty.
class CheckerTest : public testing::Test {
protected:
    CheckerTest() : store_(open_store(folder_.path() / "store.db", true)) {
        const fs::path blank = AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1/blank.pdf";
        fs::copy_file(blank, folder_.path() / "a.pdf");
        Submission submission;
        submission.id = "a";
        submission.files.push_back({"a.pdf", folder_.path() / "a.pdf"});
        stored_ = store_->receive(submission, "").stored;
    }
    fs::path out() const { return folder_.path() / "out"; }

    const TemporaryFolder folder_;
    const std::unique_ptr<Store> store_;
    StoredSubmission stored_;
};

TEST_F(CheckerTest, AReportIsMadeWrittenAndKept) {
    StageTimes timing;
    const FinishedReport report = check_stored(stored_, *store_, checker(), out(), &timing);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Incomplete);
    EXPECT_GT(timing.total_ms, 0);
    EXPECT_EQ(timing.pages.size(), 3U);
    EXPECT_EQ(slurp(out() / "a" / "report.json"), report.json);
    EXPECT_EQ(slurp(out() / "a" / "report.html"), report.html);
    EXPECT_EQ(store_->latest_report("a")->json, report.json);
    EXPECT_NE(to_string(report.lacks).find("producentavtal/"), std::string::npos);
    EXPECT_EQ(report.organisation_number, "");
}

TEST_F(CheckerTest, WhatHasAReportIsNotCheckedAgain) {
    const FinishedReport first = check_stored(stored_, *store_, checker(), "");
    fs::remove(stored_.submission.files.at(0).path);
    StageTimes timing;
    const FinishedReport second = check_stored(stored_, *store_, checker(), out(), &timing);
    EXPECT_EQ(second.json, first.json);
    EXPECT_EQ(timing.total_ms, 0);
    EXPECT_EQ(slurp(out() / "a" / "report.json"), first.json) << "written where it is asked for";
}

TEST_F(CheckerTest, WhatCrashedTooOftenIsSetAsideUnopened) {
    for (int run = 0; run < kMostCrashes; ++run) store_->note_crash(stored_.key);
    stored_ = store_->find("a").value();
    StageTimes timing;
    const FinishedReport report = check_stored(stored_, *store_, checker(), "", &timing);
    EXPECT_EQ(report.verdict, SubmissionVerdict::Rejected);
    EXPECT_EQ(to_string(report.lacks), "set_aside");
    EXPECT_TRUE(timing.pages.empty());
    EXPECT_EQ(Checker::set_aside(stored_.submission).files.at(0).sha256.size(), 64U);
}

TEST_F(CheckerTest, OneCrashLessIsCheckedAsAlways) {
    for (int run = 0; run < kMostCrashes - 1; ++run) store_->note_crash(stored_.key);
    stored_ = store_->find("a").value();
    EXPECT_EQ(check_stored(stored_, *store_, checker(), "").verdict, SubmissionVerdict::Incomplete);
}

// The next run then checks it again.
TEST_F(CheckerTest, AReportThatCannotBeWrittenIsNotKept) {
    std::ofstream(out()) << "in the way";
    EXPECT_THROW(check_stored(stored_, *store_, checker(), out()), Error);
    EXPECT_FALSE(store_->latest_report("a"));
}

TEST(CheckerVersions, NameTheProgramItsFormsAndItsRules) {
    EXPECT_EQ(checker().versions().engine, kVersion);
    for (const Form& form : checker().forms().forms)
        EXPECT_NE(checker().versions().forms.find(form.id + " " + form.version), std::string::npos);
    EXPECT_EQ(checker().versions().rules.size(), 16U);
    const Checker careful({.jobs = 1, .caution = 2}, never());
    EXPECT_NE(careful.versions().rules, checker().versions().rules)
        << "reports made with another caution are made again";
}

TEST(Checker, StopsBeforeTheNextPage) {
    const pipeline::StopFlag stop{true};
    const Checker stopped({.jobs = 1}, stop);
    Submission submission;
    submission.id = "a";
    submission.files.push_back(
        {"a.pdf", AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1/blank.pdf"});
    try {
        stopped.check(submission);
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Interrupted);
    }
}

TEST(Checker, FormsThatAreNotThereAreNamed) {
    EXPECT_THROW(Checker({.forms = "/nonexistent/forms", .jobs = 1}, never()), Error);
}

}  // namespace
}  // namespace avtalskoll::app
