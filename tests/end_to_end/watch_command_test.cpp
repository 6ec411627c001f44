// The real watcher, store and doctor, as their users run them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/store/store.h"
#include "tests/support/run_program.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

class Watch : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(inbox_); }

    // A submission of one of the samples' documents, complete in its folder before that is renamed
    // in.
    void send(const std::string& id, const std::string& sample = "4-agreement-missing") const {
        fs::copy(kSamples / sample, folder_.path() / "making");
        fs::remove(folder_.path() / "making" / "submission.json");
        fs::rename(folder_.path() / "making", inbox_ / id);
    }
    Outcome once(const std::string& more = "--quiet-seconds 0") const {
        return run("watch '" + inbox_.string() + "' --store '" + store_.string() + "' --once " +
                   more);
    }
    std::vector<json> list() const {
        std::vector<json> lines;
        std::istringstream in(
            run("submissions list --format json --store '" + store_.string() + "'").out);
        for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
        return lines;
    }
    std::vector<std::string> audit(const std::string& id) const {
        std::vector<std::string> actions;
        for (const app::AuditLine& line : app::open_store(store_, false)->audit(id))
            actions.push_back(to_string(line.event.action));
        return actions;
    }

    const TemporaryFolder folder_;
    const fs::path inbox_ = folder_.path() / "inbox", store_ = folder_.path() / "store.db";
};

TEST_F(Watch, TakesAndChecksEachSubmissionOnce) {
    send("a");
    EXPECT_EQ(once("--quiet-seconds 0 --out '" + (folder_.path() / "out").string() + "'").status,
              0);
    EXPECT_EQ(once().status, 0);
    ASSERT_EQ(list().size(), 1U);
    EXPECT_EQ(list()[0]["verdict"], "incomplete");
    EXPECT_EQ(audit("a"), (std::vector<std::string>{"received", "checked"}));
    EXPECT_TRUE(fs::exists(folder_.path() / "out" / "a" / "report.html"));
    EXPECT_TRUE(fs::exists(inbox_ / "a"));
}

TEST_F(Watch, RenamedEntryIsKnownAndLaterFileOpensItAgain) {
    send("a");
    once();
    fs::rename(inbox_ / "a", inbox_ / "b");
    once();
    EXPECT_EQ(list().size(), 1U);
    fs::create_directory(inbox_ / "a");
    fs::copy(kSamples / "2-signature-missing" / "Scan 2026_1.pdf", inbox_ / "a");
    once();
    ASSERT_EQ(list().size(), 1U);
    EXPECT_EQ(audit("a"), (std::vector<std::string>{"received", "checked", "received again",
                                                    "opened again", "checked"}));
}

TEST_F(Watch, WaitsUntilAnEntryIsQuiet) {
    send("a");
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(once("--quiet-seconds 4").status, 0);
    EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
    EXPECT_EQ(list().size(), 1U);
}

TEST_F(Watch, TakesAnEntryThatIsDatedInTheFuture) {
    send("a");
    const auto later = fs::file_time_type::clock::now() + std::chrono::hours(48);
    for (const auto& entry : fs::recursive_directory_iterator(inbox_))
        fs::last_write_time(entry.path(), later);
    EXPECT_EQ(once("--quiet-seconds 1").status, 0);
    EXPECT_EQ(list().size(), 1U);
}

TEST_F(Watch, LogNamesNobody) {
    send("Anna Svensson");
    const Outcome r = once();
    EXPECT_NE(r.err.find("submission 1: received"), std::string::npos) << r.err;
    EXPECT_EQ(r.err.find("Anna"), std::string::npos) << r.err;
    EXPECT_EQ(r.err.find("pdf"), std::string::npos) << r.err;
}

TEST_F(Watch, TakesARenamedEntryAtOnceAndStopsWhenAsked) {
    const pid_t watcher = ::fork();
    ASSERT_GE(watcher, 0);
    if (watcher == 0) {
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, STDERR_FILENO);
        ::execl(kProgram.c_str(), kProgram.c_str(), "watch", inbox_.c_str(), "--store",
                store_.c_str(), "--quiet-seconds", "3600", nullptr);
        ::_exit(127);
    }
    std::this_thread::sleep_for(std::chrono::seconds(2));
    send("late");
    std::string verdict;
    for (int i = 0; i < 600 && verdict.empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        if (!fs::exists(store_)) continue;
        const auto lines = app::open_store(store_, true)->list("");
        if (!lines.empty()) verdict = lines[0].verdict;
    }
    ::kill(watcher, SIGTERM);
    int status = 0;
    ::waitpid(watcher, &status, 0);
    EXPECT_EQ(verdict, "incomplete");
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130) << status;
}

TEST_F(Watch, ClearLineWhereItCannotStart) {
    const Outcome r = run("watch /nonexistent --store '" + store_.string() + "'");
    EXPECT_EQ(r.status, 2);
    EXPECT_NE(r.err.find("/nonexistent: no such folder"), std::string::npos) << r.err;
    EXPECT_EQ(run("submissions list --store /nonexistent/store.db").status, 2);
}

TEST_F(Watch, CheckGoesOnWhereItWasAndSaysWhatIsTheSame) {
    send("a");
    send("b");
    const std::string check = "check '" + inbox_.string() + "' --store '" + store_.string() +
                              "' --out '" + (folder_.path() / "out").string() + "'";
    const Outcome first = run(check);
    EXPECT_EQ(first.status, 1);
    EXPECT_NE(first.out.find("same       as a"), std::string::npos) << first.out;
    EXPECT_NE(first.out.find("1 the same as another"), std::string::npos) << first.out;
    fs::remove_all(folder_.path() / "out");
    const Outcome second = run(check);
    EXPECT_EQ(second.out, first.out);
    EXPECT_TRUE(fs::exists(folder_.path() / "out" / "a" / "report.json"));
    EXPECT_EQ(audit("a"), (std::vector<std::string>{"received", "received again", "checked",
                                                    "received again"}));
}

TEST_F(Watch, ExportAndPurge) {
    send("a");
    once();
    const fs::path out = folder_.path() / "export";
    EXPECT_EQ(
        run("submissions export a --store '" + store_.string() + "' --out '" + out.string() + "'")
            .status,
        0);
    EXPECT_TRUE(fs::exists(out / "a" / "report.html"));
    EXPECT_FALSE(fs::is_empty(out / "a" / "originals"));
    EXPECT_EQ(run("purge --older-than 30 --store '" + store_.string() + "'").out.substr(0, 21),
              "0 submissions purged,");
    EXPECT_EQ(run("submissions show none --store '" + store_.string() + "'").status, 2);
    EXPECT_NE(
        run("submissions show a --store '" + store_.string() + "'").out.find("checked: incomplete"),
        std::string::npos);
}

TEST_F(Watch, WhatIsWrittenIsTheOwnersAlone) {
    send("a");
    once("--quiet-seconds 0 --out '" + (folder_.path() / "out").string() + "'");
    for (const fs::path& root : {folder_.path() / "out", fs::path(store_.string() + ".files")})
        for (const auto& entry : fs::recursive_directory_iterator(root))
            EXPECT_EQ(entry.status().permissions() & (fs::perms::group_all | fs::perms::others_all),
                      fs::perms::none)
                << entry.path();
}

TEST(Doctor, ProvesTheSandbox) {
    const Outcome r = run("doctor");
    EXPECT_EQ(r.status, 0) << r.out;
    for (const char* what :
         {"read /etc/passwd", "create a file", "make a network socket", "start a program"})
        EXPECT_NE(r.out.find(what), std::string::npos) << what;
    EXPECT_EQ(r.out.find("FAIL"), std::string::npos);
}

TEST(Doctor, SaysWhatIsNotWell) {
    const Outcome r = run("doctor --store /nonexistent/store.db --forms /nonexistent");
    EXPECT_EQ(r.status, 1);
    EXPECT_NE(r.out.find("FAIL  forms"), std::string::npos) << r.out;
    EXPECT_NE(r.out.find("FAIL  store"), std::string::npos) << r.out;
}

}  // namespace
}  // namespace avtalskoll
