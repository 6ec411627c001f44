#include "app/store/work_store.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/store_under_test.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

const EngineVersions kVersions{"1", "f", "r"};

class WorkStoreTest : public testing::TestWithParam<StoreKind> {
protected:
    StoredSubmission receive(const std::string& id, const std::string& content) const {
        const auto file = folder_.path() / (id + ".pdf");
        std::ofstream(file, std::ios::binary) << content;
        Submission submission;
        submission.id = id;
        submission.files.push_back({id + ".pdf", file});
        return store_->receive(submission, "").stored;
    }
    static QueuedWork work_of(const StoredSubmission& stored) {
        return {stored.key, stored.content};
    }
    static FinishedReport report() {
        FinishedReport made;
        made.verdict = SubmissionVerdict::Review;
        made.versions = kVersions;
        return made;
    }
    // Lets all leases run out.
    void end_leases() const { under_test_->set_leases("2020-01-01T00:00:00Z"); }

    const TemporaryFolder folder_;
    const std::unique_ptr<StoreUnderTest> under_test_ =
        store_under_test(GetParam(), folder_.path());
    const std::unique_ptr<Store> store_ = under_test_->open(true);
    const std::unique_ptr<WorkStore> work_ = under_test_->open_work();
};

TEST_P(WorkStoreTest, EachContentIsNotedForTheQueueOnce) {
    const QueuedWork first = work_of(receive("a", "one"));
    receive("a", "one");
    receive("b", "one");  // a twin
    const QueuedWork second = work_of(receive("a", "two"));
    const auto rows = work_->take_unsent(10);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].work, first);
    EXPECT_EQ(rows[1].work, second);
    EXPECT_TRUE(work_->take_unsent(10).empty()) << "somebody sends them already";
    work_->give_back({rows[0]});
    work_->note_sent({rows[1]});
    const auto again = work_->take_unsent(10);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].work, first);
    EXPECT_EQ(work_->state().unsent, 1);
}

TEST_P(WorkStoreTest, WithoutAQueueNothingIsNotedForIt) {
    const auto store = under_test_->open();
    Submission submission;
    submission.id = "a";
    store->receive(submission, "");
    EXPECT_TRUE(work_->take_unsent(10).empty());
    EXPECT_EQ(work_->enqueue_waiting(), 1);
    EXPECT_EQ(work_->enqueue_waiting(), 0);
    EXPECT_EQ(work_->take_unsent(10).size(), 1U);
}

TEST_P(WorkStoreTest, OneWorkerHoldsASubmissionAtATime) {
    const QueuedWork work = work_of(receive("a", "one"));
    const Lease first = work_->lease(work, kVersions, "worker 1");
    ASSERT_EQ(first.answer, LeaseAnswer::Leased);
    EXPECT_EQ(first.stored.submission.id, "a");
    EXPECT_EQ(work_->lease(work, kVersions, "worker 2").answer, LeaseAnswer::Held);
    EXPECT_EQ(work_->tries(work), 1);
    EXPECT_EQ(work_->state().unsent, 2) << "it comes again";
    EXPECT_EQ(work_->take_unsent(10).size(), 1U) << "when the lease has run out";
    EXPECT_TRUE(work_->renew(first));
    EXPECT_EQ(work_->finish(first, report()), Handing::Kept);
    EXPECT_EQ(work_->lease(work, kVersions, "worker 2").answer, LeaseAnswer::Done);
    EXPECT_EQ(store_->latest_report("a")->verdict, SubmissionVerdict::Review);
}

TEST_P(WorkStoreTest, AReportWithAnOldTokenIsRefused) {
    const QueuedWork work = work_of(receive("a", "one"));
    const Lease slow = work_->lease(work, kVersions, "worker 1");
    end_leases();
    const Lease quick = work_->lease(work, kVersions, "worker 2");
    ASSERT_EQ(quick.answer, LeaseAnswer::Leased);
    EXPECT_GT(quick.token, slow.token);
    EXPECT_FALSE(work_->renew(slow));
    EXPECT_EQ(work_->finish(slow, report()), Handing::Stale);
    EXPECT_FALSE(store_->latest_report("a"));
    EXPECT_EQ(work_->finish(quick, report()), Handing::Kept);
}

TEST_P(WorkStoreTest, ALeaseThatRanOutCountsUntilSomebodyElseTakesIt) {
    const Lease lease = work_->lease(work_of(receive("a", "one")), kVersions, "worker 1");
    end_leases();
    EXPECT_EQ(work_->finish(lease, report()), Handing::Kept);
    EXPECT_EQ(work_->finish(lease, report()), Handing::Known);
}

TEST_P(WorkStoreTest, AReleasedLeaseIsAnybodys) {
    const QueuedWork work = work_of(receive("a", "one"));
    work_->release(work_->lease(work, kVersions, "worker 1"));
    EXPECT_EQ(work_->lease(work, kVersions, "worker 2").answer, LeaseAnswer::Leased);
}

TEST_P(WorkStoreTest, WorkOnReplacedOrPurgedContentIsGone) {
    const QueuedWork old = work_of(receive("a", "one"));
    const QueuedWork now = work_of(receive("a", "two"));
    EXPECT_EQ(work_->lease(old, kVersions, "worker 1").answer, LeaseAnswer::Gone);
    under_test_->set_received("2020-01-01T00:00:00Z", "a");
    store_->purge(30);
    EXPECT_EQ(work_->lease(now, kVersions, "worker 1").answer, LeaseAnswer::Gone);
}

TEST_P(WorkStoreTest, ADeadLetterWaitsUntilItIsTriedAgain) {
    const StoredSubmission stored = receive("a", "one");
    work_->note_sent(work_->take_unsent(10));
    EXPECT_TRUE(work_->bury(work_of(stored), true, "rejected"));
    EXPECT_TRUE(work_->bury(work_of(stored), true, "rejected"));
    const auto letters = work_->dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(letters[0].id, "a");
    EXPECT_EQ(letters[0].tries, 0);
    EXPECT_EQ(letters[0].reason, "rejected");
    EXPECT_EQ(work_->enqueue_waiting(), 0);
    EXPECT_FALSE(work_->retry(letters[0].key + 1, "anna"));
    EXPECT_TRUE(work_->retry(letters[0].key, "anna"));
    EXPECT_TRUE(work_->dead_letters().empty());
    ASSERT_EQ(work_->take_unsent(10).size(), 1U);
    std::vector<AuditAction> actions;
    for (const AuditLine& line : store_->audit("a")) actions.push_back(line.event.action);
    EXPECT_EQ(actions,
              (std::vector{AuditAction::Received, AuditAction::GivenUp, AuditAction::TriedAgain}));
}

TEST_P(WorkStoreTest, WhatEndsWorkersIsGivenUpAndWhatLayBesideItIsNot) {
    const QueuedWork poison = work_of(receive("a", "one")), innocent = work_of(receive("b", "two"));
    work_->note_sent(work_->take_unsent(10));
    for (int tries = 0; tries < kMostTries; ++tries) {
        ASSERT_EQ(work_->lease(poison, kVersions, std::to_string(tries)).answer,
                  LeaseAnswer::Leased);
        end_leases();
    }
    EXPECT_EQ(work_->lease(poison, kVersions, "last").answer, LeaseAnswer::Exhausted);
    EXPECT_TRUE(work_->bury(poison, false, "delivery_limit"));
    EXPECT_FALSE(work_->bury(innocent, false, "delivery_limit"));
    ASSERT_EQ(work_->dead_letters().size(), 1U);
    EXPECT_EQ(work_->dead_letters()[0].tries, kMostTries);
    const auto again = work_->take_unsent(10);
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].work, innocent);
    EXPECT_TRUE(work_->retry(work_->dead_letters()[0].key, "anna"));
    EXPECT_EQ(work_->lease(poison, kVersions, "again").answer, LeaseAnswer::Leased);
}

TEST_P(WorkStoreTest, AnOrderlyEndIsNoTry) {
    const QueuedWork work = work_of(receive("a", "one"));
    for (int stops = 0; stops < 2 * kMostTries; ++stops) {
        const Lease lease = work_->lease(work, kVersions, "worker");
        ASSERT_EQ(lease.answer, LeaseAnswer::Leased);
        work_->release(lease);
    }
}

TEST_P(WorkStoreTest, WhatHasAReportIsNotBuried) {
    const StoredSubmission stored = receive("a", "one");
    work_->finish(work_->lease(work_of(stored), kVersions, "worker 1"), report());
    EXPECT_FALSE(work_->bury(work_of(stored), true, "rejected"));
    EXPECT_TRUE(work_->dead_letters().empty());
}

TEST_P(WorkStoreTest, StateCountsWhatWaits) {
    EXPECT_EQ(work_->state().waiting, 0);
    EXPECT_EQ(work_->state().oldest_waiting, "");
    const StoredSubmission stored = receive("a", "one");
    receive("b", "two");
    under_test_->set_received("2026-01-01T00:00:00Z", "a");
    EXPECT_EQ(work_->state().waiting, 2);
    EXPECT_EQ(work_->state().unsent, 2);
    EXPECT_EQ(work_->state().oldest_waiting, "2026-01-01T00:00:00Z");
    work_->bury(work_of(stored), true, "rejected");
    EXPECT_EQ(work_->state().dead, 1);
}

// A name with a byte that is no UTF-8, as an old archive leaves it.
TEST_P(WorkStoreTest, ANameThatIsNoUtf8IsTakenIn) {
    Submission submission;
    submission.id = "a";
    const auto file = folder_.path() / "a.pdf";
    std::ofstream(file) << "content";
    submission.files.push_back({"p\xE5.pdf", file});
    EXPECT_EQ(store_->receive(submission, "").receipt, Receipt::New);
    EXPECT_EQ(store_->find("a").value().submission.files.at(0).name, "p\uFFFD.pdf");
}

TEST_P(WorkStoreTest, AReportThatComesAfterThePurgeIsNotKept) {
    const StoredSubmission stored = receive("a", "one");
    const Lease lease = work_->lease(work_of(stored), kVersions, "worker 1");
    ASSERT_EQ(lease.answer, LeaseAnswer::Leased);
    store_->purge(-1);
    EXPECT_EQ(work_->finish(lease, report()), Handing::Known);
    EXPECT_FALSE(store_->finish(stored, report()));
    EXPECT_FALSE(store_->latest_report("a"));
    EXPECT_EQ(store_->receive(store_->find("a")->submission, "").receipt, Receipt::Reopened)
        << "the same content may come again";
}

TEST_P(WorkStoreTest, TriesAreCountedAfterAnOrderlyEnd) {
    const QueuedWork work = work_of(receive("a", "one"));
    for (int i = 0; i < 5; ++i) work_->release(work_->lease(work, kVersions, "worker 1"));
    EXPECT_EQ(work_->tries(work), 0);
    ASSERT_EQ(work_->lease(work, kVersions, "worker 1").answer, LeaseAnswer::Leased);
    EXPECT_EQ(work_->tries(work), 1);
}

TEST_P(WorkStoreTest, ADeadLetterDoesNotWaitAndEndsWithAReport) {
    const StoredSubmission stored = receive("a", "one");
    const QueuedWork work = work_of(stored);
    ASSERT_TRUE(work_->bury(work, true, "rejected"));
    EXPECT_EQ(work_->state().waiting, 0);
    EXPECT_EQ(work_->state().dead, 1);
    const Lease lease = work_->lease(work, kVersions, "worker 1");
    EXPECT_EQ(work_->finish(lease, report()), Handing::Kept);
    EXPECT_EQ(work_->state().dead, 0);
}

// Taken in before there was a queue, and sent again.
TEST_P(WorkStoreTest, WhatIsKnownAndWaitsIsNotedForTheQueue) {
    Submission submission;
    submission.id = "a";
    under_test_->open()->receive(submission, "");
    EXPECT_EQ(work_->state().unsent, 0);
    EXPECT_EQ(store_->receive(submission, "").receipt, Receipt::Known);
    EXPECT_EQ(work_->state().unsent, 1);
}

INSTANTIATE_TEST_SUITE_P(Of, WorkStoreTest, testing::ValuesIn(kStoreKinds), name_of_kind);

}  // namespace
}  // namespace avtalskoll::app
