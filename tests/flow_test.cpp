#include "pipeline/flow.h"

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <stdexcept>

#include "tests/temporary_folder.h"

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

}  // namespace
}  // namespace avtalskoll::pipeline
