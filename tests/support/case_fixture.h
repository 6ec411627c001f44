// A store of each kind, into which submissions come whose reports are written by hand.
#pragma once
#include <gtest/gtest.h>

#include <fstream>
#include <memory>

#include "tests/support/store_under_test.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/written_report.h"

namespace avtalskoll::app {

class CaseTest : public testing::TestWithParam<StoreKind> {
protected:
    void receive(const std::string& id, const std::string& content = "content",
                 const std::string& json = written_report(), const std::string& engine = "1") {
        const auto path = folder_.path() / (id + ".pdf");
        std::ofstream(path) << content;
        Submission submission;
        submission.id = id;
        submission.files.push_back({"a.pdf", path});
        check(store_->receive(submission, "").stored, json, engine);
    }

    void check(const StoredSubmission& stored, const std::string& json, const std::string& engine,
               SubmissionVerdict verdict = SubmissionVerdict::Incomplete) {
        FinishedReport report;
        report.verdict = verdict;
        report.json = json;
        report.lacks = parse_lacks("avtal/1/number:invalid avtal/2/signature:unclear page_unknown");
        report.organisation = "Å kommun";
        report.organisation_number = "212000-0142";
        report.versions = {engine, "f", "r"};
        store_->finish(stored, report);
    }

    OpenCase open(const std::string& id = "a") { return cases_->open(id).value(); }

    const TemporaryFolder folder_;
    const std::unique_ptr<StoreUnderTest> under_test_ =
        store_under_test(GetParam(), folder_.path());
    const std::unique_ptr<Store> store_ = under_test_->open();
    const std::unique_ptr<CaseStore> cases_ = under_test_->open_cases();
};

}  // namespace avtalskoll::app
