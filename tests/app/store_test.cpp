#include "app/store/store.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/store_under_test.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

class StoreTest : public testing::TestWithParam<StoreKind> {
protected:
    fs::path file(const std::string& name, const std::string& content) const {
        std::ofstream(folder_.path() / name, std::ios::binary) << content;
        return folder_.path() / name;
    }
    Submission submission(const std::string& id, const std::vector<std::string>& contents) const {
        Submission made;
        made.id = id;
        for (std::size_t i = 0; i < contents.size(); ++i) {
            const std::string name = id + std::to_string(i) + ".pdf";
            made.files.push_back({name, file(name, contents[i])});
        }
        return made;
    }
    static FinishedReport report(SubmissionVerdict verdict = SubmissionVerdict::Complete,
                                 const std::string& engine = "1") {
        FinishedReport made;
        made.verdict = verdict;
        made.findings.push_back({.code = "page_missing",
                                 .message = Message::as_written("Anna Svensson saknas"),
                                 .file = "anna.pdf"});
        made.json = R"({"submission": {"id": "a", "files": [{"name": "anna.pdf", "sha256": null,
                "pages": 1, "signatures": [{"signer": "Anna Svensson", "time": null,
                "validity": "unchanged", "kind": "signature"}]}]}, "verdict": "complete",
            "agreements": [{"form": "avtal", "title": "Avtalet", "required": true,
                "present": true, "pages": [{"form_page": 1, "file": "anna.pdf", "page": 1,
                "rotation": 0, "confidence": 1}], "points": [{"point": "15", "title": "Kontakt",
                "fields": [{"field": "name", "required": true, "verdict": "ok",
                "value": "Anna Svensson", "normalized": "anna svensson", "message": "Anna",
                "evidence": {"file": "anna.pdf", "page": 1, "box": [0, 0, 1, 1]}}]}]}],
            "findings": [{"code": "page_missing", "severity": "error",
                "message": "Anna Svensson saknas", "file": "anna.pdf"}],
            "timing": {"total_ms": 1, "open_ms": 1, "strange_ms": 0, "pages": [{"file": "anna.pdf",
                "page": 1, "draw_ms": 1, "match_ms": 1, "read_ms": 1}]}})";
        made.html = "<p>Anna Svensson</p>";
        made.csv_row = "a;Anna Svensson\n";
        made.versions = {engine, "f", "r"};
        return made;
    }
    std::unique_ptr<Store> open() const { return under_test_->open(); }

    const TemporaryFolder folder_;
    const std::unique_ptr<StoreUnderTest> under_test_ =
        store_under_test(GetParam(), folder_.path());
};

TEST_P(StoreTest, SameBytesTwiceAreOneSubmission) {
    const auto store = open();
    EXPECT_EQ(store->receive(submission("a", {"one", "two"}), "").receipt, Receipt::New);
    EXPECT_EQ(store->receive(submission("a", {"one", "two"}), "").receipt, Receipt::Known);
    const Received twin = store->receive(submission("b", {"two", "one"}), "");
    EXPECT_EQ(twin.receipt, Receipt::Twin);
    EXPECT_EQ(twin.stored.submission.id, "a");
    EXPECT_EQ(store->list("").size(), 1U);
}

TEST_P(StoreTest, NothingTwiceIsNotTheSame) {
    const auto store = open();
    store->receive(submission("a", {}), "");
    EXPECT_EQ(store->receive(submission("b", {}), "").receipt, Receipt::New);
}

TEST_P(StoreTest, WhatTheAccountSaysIsPartOfIt) {
    const auto store = open();
    store->receive(submission("a", {"one"}), "");
    Submission other = submission("b", {"one"});
    other.personal_data = true;
    EXPECT_EQ(store->receive(other, "").receipt, Receipt::New);
}

TEST_P(StoreTest, WaitingAreThoseWithoutAReport) {
    const auto store = open();
    std::vector<Received> received;
    for (const char* id : {"a", "b", "c"})
        received.push_back(store->receive(submission(id, {id}), ""));
    store->finish(received[2].stored, report());
    store->finish(received[0].stored, report());
    ASSERT_EQ(store->waiting(10).size(), 1U);
    EXPECT_EQ(store->waiting(10)[0].submission.id, "b");
}

TEST_P(StoreTest, LaterFileOpensItAgain) {
    const auto store = open();
    const Received first = store->receive(submission("a", {"one"}), "");
    store->finish(first.stored, report());
    EXPECT_TRUE(store->waiting(10).empty());
    const Received second = store->receive(submission("a", {"one", "two"}), "");
    EXPECT_EQ(second.receipt, Receipt::Reopened);
    EXPECT_EQ(second.stored.key, first.stored.key);
    ASSERT_EQ(store->waiting(10).size(), 1U);
    EXPECT_EQ(store->waiting(10)[0].submission.files.size(), 2U);
}

TEST_P(StoreTest, OriginalsAreCopiedWholeAndReadOnly) {
    const auto store = open();
    const Received received = store->receive(submission("a", {"the bytes"}), "");
    const fs::path kept = received.stored.submission.files[0].path;
    std::ifstream in(kept);
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "the bytes");
    struct stat facts {};
    ASSERT_EQ(::stat(kept.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0077U, 0U);
}

TEST_P(StoreTest, UnreadableFileIsKnownAsSuch) {
    const auto store = open();
    Submission broken;
    broken.id = "a";
    broken.files.push_back({"gone.pdf", folder_.path() / "gone.pdf"});
    const Received received = store->receive(broken, "");
    EXPECT_EQ(received.receipt, Receipt::New);
    EXPECT_FALSE(fs::exists(received.stored.submission.files[0].path));
    EXPECT_TRUE(store->faults().empty());
}

TEST_P(StoreTest, ReportIsKeptOncePerVersion) {
    const auto store = open();
    const Received received = store->receive(submission("a", {"one"}), "");
    EXPECT_FALSE(store->report_of(received.stored, report().versions));
    EXPECT_TRUE(store->finish(received.stored, report()));
    EXPECT_FALSE(store->finish(received.stored, report(SubmissionVerdict::Rejected)));
    ASSERT_TRUE(store->report_of(received.stored, report().versions));
    EXPECT_EQ(store->report_of(received.stored, report().versions)->html, report().html);
    EXPECT_FALSE(
        store->report_of(received.stored, report(SubmissionVerdict::Complete, "2").versions));
    EXPECT_TRUE(store->finish(received.stored, report(SubmissionVerdict::Review, "2")));
    EXPECT_EQ(store->latest_report("a")->verdict, SubmissionVerdict::Review);
    EXPECT_EQ(store->list("review").size(), 1U);
    EXPECT_TRUE(store->list("complete").empty());
}

TEST_P(StoreTest, InboxStateIsNotedWithTheSubmission) {
    const auto store = open();
    EXPECT_FALSE(store->has_taken("state"));
    store->receive(submission("a", {"one"}), "state");
    EXPECT_TRUE(store->has_taken("state"));
}

TEST_P(StoreTest, OutlivesItsProcess) {
    open()->receive(submission("å ö", {"one"}), "");
    const auto again = open();
    ASSERT_EQ(again->waiting(10).size(), 1U);
    EXPECT_EQ(again->waiting(10)[0].submission.id, "å ö");
}

TEST_P(StoreTest, CrashesAreCountedUntilTheContentChanges) {
    const auto store = open();
    const Received received = store->receive(submission("a", {"one"}), "");
    store->note_crash(received.stored.key);
    store->note_crash(received.stored.key);
    EXPECT_EQ(store->find("a")->crash_count, 2);
    store->receive(submission("a", {"other"}), "");
    EXPECT_EQ(store->find("a")->crash_count, 0);
}

TEST_P(StoreTest, TheLogTellsWhatCameAndWhatWasFound) {
    const auto store = open();
    store->finish(store->receive(submission("a", {"one", "two"}), "").stored, report());
    const auto lines = store->audit("a");
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].id, "a");
    EXPECT_EQ(lines[0].event, (AuditEvent{.action = AuditAction::Received, .number = 2}));
    EXPECT_EQ(lines[1].event, (AuditEvent{.action = AuditAction::Checked,
                                          .verdict = SubmissionVerdict::Complete,
                                          .engine = "1",
                                          .rules = "r"}));
}

TEST_P(StoreTest, PurgeKeepsTheVerdictAndNoPerson) {
    const auto store = open();
    const Received received = store->receive(submission("a", {"Anna Svensson"}), "");
    const Received shared = store->receive(submission("young", {"Anna Svensson", "more"}), "");
    store->finish(received.stored, report());
    EXPECT_EQ(store->purge(1).submissions, 0);
    under_test_->set_received("2020-01-01T00:00:00Z", "a");
    const Purged purged = store->purge(365);
    EXPECT_EQ(purged.submissions, 1);
    EXPECT_EQ(purged.files, 0);  // the younger submission has it too
    EXPECT_TRUE(fs::exists(shared.stored.submission.files[0].path));
    EXPECT_TRUE(store->faults().empty());
    const auto kept = store->latest_report("a");
    EXPECT_EQ(kept->verdict, SubmissionVerdict::Complete);
    for (const std::string& text :
         {kept->json, kept->html, kept->csv_row, store->find("a")->submission.files[0].name}) {
        EXPECT_EQ(text.find("Anna"), std::string::npos) << text;
        EXPECT_EQ(text.find("anna"), std::string::npos) << text;
    }
    EXPECT_EQ(kept->json.find("timing"), std::string::npos) << "it names the files";
    EXPECT_EQ(store->audit("a").back().event.action, AuditAction::Purged);
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    EXPECT_EQ(store->purge(365).files, 2);
    EXPECT_EQ(under_test_->raw_bytes().find("Svensson"), std::string::npos);
}

TEST_P(StoreTest, AReportThatNobodyCanReadKeepsNothingAfterAPurge) {
    const auto store = open();
    FinishedReport torn = report();
    torn.json = R"({"submission": {"id": "Anna Svensson")";
    store->finish(store->receive(submission("a", {"one"}), "").stored, torn);
    EXPECT_EQ(store->faults().size(), 1U);
    under_test_->set_received("2020-01-01T00:00:00Z", "a");
    EXPECT_EQ(store->purge(365).submissions, 1);
    EXPECT_EQ(store->latest_report("a")->verdict, SubmissionVerdict::Complete);
    EXPECT_EQ(store->latest_report("a")->json.find("Anna"), std::string::npos);
    EXPECT_TRUE(store->faults().empty());
}

TEST_P(StoreTest, WhatALaterFileReplacedStaysUntilItsOwnTime) {
    const auto store = open();
    const Received first = store->receive(submission("a", {"Anna Svensson"}), "");
    store->finish(first.stored, report());
    store->receive(submission("a", {"another file"}), "");
    const auto earlier = store->earlier("a");
    ASSERT_EQ(earlier.size(), 1U);
    EXPECT_EQ(earlier[0].files.at(0).path, first.stored.submission.files[0].path);
    EXPECT_EQ(earlier[0].verdict, "complete");
    EXPECT_EQ(store->report(earlier[0].report)->html, report().html);
    EXPECT_FALSE(store->latest_report("a"))
        << "the earlier report says nothing of what is there now";
    EXPECT_EQ(store->purge(365).files, 0);
    EXPECT_TRUE(fs::exists(first.stored.submission.files[0].path));
    EXPECT_TRUE(store->faults().empty());
    fs::remove(first.stored.submission.files[0].path);
    EXPECT_EQ(store->faults().size(), 1U) << "earlier originals are looked at, too";
}

TEST_P(StoreTest, AnEarlierContentIsPurgedByItsOwnTime) {
    const auto store = open();
    const Received first = store->receive(submission("a", {"Anna Svensson"}), "");
    store->finish(first.stored, report());
    const Received second = store->receive(submission("a", {"another file"}), "");
    store->finish(second.stored, report());
    under_test_->set_earlier_received("2020-01-01T00:00:00Z");
    const Purged purged = store->purge(365);
    EXPECT_EQ(purged.submissions, 0);
    EXPECT_EQ(purged.earlier, 1);
    EXPECT_EQ(purged.files, 1);
    const auto earlier = store->earlier("a");
    ASSERT_EQ(earlier.size(), 1U);
    EXPECT_TRUE(earlier[0].purged);
    EXPECT_EQ(earlier[0].verdict, "complete");
    EXPECT_EQ(store->report(earlier[0].report)->json.find("Anna"), std::string::npos);
    EXPECT_EQ(store->latest_report("a")->html, report().html) << "what is there now is not purged";
    EXPECT_TRUE(store->faults().empty());
}

TEST_P(StoreTest, WhoHasNotSeenWhatIsThereChangesNothing) {
    const auto store = open();
    const Received first = store->receive(submission("a", {"one"}), "", {.seen = ""});
    EXPECT_EQ(first.receipt, Receipt::New);
    const Received asked = store->receive(submission("a", {"two"}), "", {.seen = ""});
    EXPECT_EQ(asked.receipt, Receipt::Occupied);
    EXPECT_EQ(asked.stored.content, first.stored.content);
    EXPECT_EQ(store->audit("a").size(), 1U);
    EXPECT_EQ(store->purge(365).files, 0) << "not even a copy was made";
    EXPECT_EQ(store->receive(submission("a", {"one"}), "", {.seen = ""}).receipt, Receipt::Known);
    EXPECT_EQ(
        store->receive(submission("a", {"two"}), "", {.seen = first.stored.content, .adds = true})
            .receipt,
        Receipt::Reopened);
    EXPECT_EQ(store->audit("a").back().event.action, AuditAction::AddedTo);
    EXPECT_EQ(
        store->receive(submission("a", {"three"}), "", {.seen = first.stored.content}).receipt,
        Receipt::Occupied);
}

class OrganisationChange : public StoreTest {
protected:
    static FinishedReport of(const std::string& number, const char* verdict = "ok",
                             const char* findings = "") {
        FinishedReport made = report();
        made.organisation = "Å kommun";
        made.organisation_number = number;
        made.json =
            R"({"submission": {"id": "a", "files": [{"name": "a0.pdf", "sha256": null,
                "pages": 1}]}, "verdict": "complete", "agreements": [{"form": "avtal",
                "title": "Avtalet", "required": true, "present": true, "pages": [{"form_page": 1,
                "file": "a0.pdf", "page": 1, "rotation": 0, "confidence": 1}],
                "points": [{"point": "1", "title": "Parter", "fields": [{"field": "number",
                "required": true, "verdict": ")" +
            std::string(verdict) + R"(", "value": ")" + number + R"("}]}]}], "findings": [)" +
            findings + "]}";
        return made;
    }
    static std::string earlier_number(Store& store) {
        return store.find("a")->submission.earlier_organisation_number;
    }
};

TEST_P(OrganisationChange, NeverOfAFirstSubmission) {
    const auto store = open();
    store->finish(store->receive(submission("a", {"one"}), "").stored, of("212000-0142"));
    EXPECT_EQ(earlier_number(*store), "");
}

TEST_P(OrganisationChange, TheEarlierNumberComesWithLaterFilesWhenItWasSure) {
    const auto store = open();
    store->finish(store->receive(submission("a", {"one"}), "").stored, of("212000-0142"));
    EXPECT_EQ(
        store->receive(submission("a", {"two"}), "").stored.submission.earlier_organisation_number,
        "212000-0142");
    EXPECT_EQ(store->waiting(10).at(0).submission.earlier_organisation_number, "212000-0142");
    for (const FinishedReport& doubtful :
         {of("212000-1355", "unclear"), of("212000-1350"),
          of("212000-1355", "ok",
             R"({"code": "organisation_changed", "severity": "review", "message": "x"})")}) {
        store->finish(store->find("a").value(), doubtful);
        store->receive(submission("a", {"more " + std::to_string(store->audit("a").size())}), "");
        EXPECT_EQ(earlier_number(*store), "212000-0142") << doubtful.json;
    }
    store->finish(store->find("a").value(), of("212000-1355"));
    store->receive(submission("a", {"last"}), "");
    EXPECT_EQ(earlier_number(*store), "212000-1355");
}

TEST_P(StoreTest, SameBytesAfterAPurgeAreTakenInAnew) {
    const auto store = open();
    store->finish(store->receive(submission("a", {"one"}), "").stored, report());
    under_test_->set_received("2020-01-01T00:00:00Z", "");
    store->purge(365);
    EXPECT_EQ(store->receive(submission("b", {"one"}), "").receipt, Receipt::New);
    store->receive(submission("b", {"another"}), "");
    const Received again = store->receive(submission("a", {"one"}), "");
    EXPECT_EQ(again.receipt, Receipt::Reopened);
    EXPECT_FALSE(store->report_of(again.stored, report().versions));
    EXPECT_TRUE(store->finish(again.stored, report()));
    EXPECT_EQ(store->latest_report("a")->html, report().html);
    EXPECT_TRUE(store->faults().empty());
}

TEST_P(StoreTest, FaultsAreFound) {
    const auto store = open();
    const Received received = store->receive(submission("a", {"one"}), "");
    EXPECT_TRUE(store->faults().empty());
    fs::permissions(received.stored.submission.files[0].path, fs::perms::owner_write,
                    fs::perm_options::add);
    std::ofstream(received.stored.submission.files[0].path) << "changed";
    EXPECT_EQ(store->faults().size(), 1U);
}

TEST_P(StoreTest, TwoAtOnceTakeEachSubmissionOnce) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 2; ++t)
        threads.emplace_back([&, t] {
            const auto store = open();
            for (int i = 0; i < 20; ++i) {
                Submission made;
                made.id = "s" + std::to_string(i);
                made.files.push_back({"f", file("f" + std::to_string(t) + "-" + std::to_string(i),
                                                "content " + std::to_string(i))});
                store->finish(store->receive(made, "").stored, report());
            }
        });
    for (std::thread& thread : threads) thread.join();
    const auto store = open();
    EXPECT_EQ(store->list("complete").size(), 20U);
    EXPECT_EQ(store->audit("").size(), 40U);
}

INSTANTIATE_TEST_SUITE_P(Of, StoreTest, testing::ValuesIn(kStoreKinds), name_of_kind);
INSTANTIATE_TEST_SUITE_P(Of, OrganisationChange, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
