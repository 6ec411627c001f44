#include "pipeline/flow.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

TEST(LongOnesLast, KeepsTheOrderOfTheOthers) {
    const TemporaryFolder folder;
    std::vector<Submission> submissions;
    for (const std::size_t bytes : {900U, 100'000U, 1'000U, 2'000U, 90'000U, 1'500U}) {
        Submission submission;
        submission.id = std::to_string(submissions.size());
        const auto path = folder.path() / submission.id;
        std::ofstream(path) << std::string(bytes, 'x');
        submission.files.push_back({submission.id, path});
        submissions.push_back(submission);
    }
    submissions[2].files.push_back({"gone", folder.path() / "gone"});
    EXPECT_EQ(long_ones_last(submissions), (std::vector<std::size_t>{0, 2, 3, 5, 1, 4}));
    EXPECT_TRUE(long_ones_last({}).empty());
    EXPECT_EQ(long_ones_last({Submission{}, Submission{}}).size(), 2U);
}

TEST(ForEachParallel, DoesEachOnceAndPassesOnWhatIsThrown) {
    std::vector<std::atomic<int>> done(100);
    for_each_parallel(done.size(), 2, [&](std::size_t i) { ++done[i]; });
    for (const auto& times : done) EXPECT_EQ(times, 1);
    EXPECT_THROW(for_each_parallel(10, 2,
                                   [](std::size_t i) {
                                       if (i == 3) throw std::runtime_error("no");
                                   }),
                 std::runtime_error);
}

// The end of the work around a submission must not cut off the pages of another. Such pages once
// came back short, and were judged as if they were all.
TEST(ForEachParallel, WhatThrowsDoesNotCutOffTheOthersInnerWork) {
    for (int round = 0; round < 20; ++round) {
        std::atomic<bool> inside{false};
        std::atomic<std::size_t> finished{0};
        const auto work = [&](std::size_t i) {
            if (i == 1) {
                while (!inside.load()) std::this_thread::yield();
                throw std::runtime_error("stopped");
            }
            std::atomic<std::size_t> sum{0};
            for_each_parallel(50, 2, [&](std::size_t) {
                inside.store(true);
                std::this_thread::sleep_for(std::chrono::microseconds(200));
                ++sum;
            });
            finished.store(sum.load());
        };
        EXPECT_THROW(for_each_parallel(2, 2, work), std::runtime_error);
        EXPECT_EQ(finished.load(), 50U);
    }
}

}  // namespace
}  // namespace avtalskoll::pipeline
