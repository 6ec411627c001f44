#include "app/service/crash_notes.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <thread>

#include "app/store/store.h"
#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

using Keys = std::multiset<std::int64_t>;

class CrashNotesTest : public testing::Test {
protected:
    std::filesystem::path file() const { return folder_.path() / "store.db.crashes"; }

    // Runs `work` in a process of its own that keeps notes; says which signal ended it.
    template <class Work>
    int end_of(const Work& work) const {
        const pid_t child = ::fork();
        if (child == 0) {
            const CrashNotes notes(file(), [](std::int64_t) {});
            work();
            ::_exit(0);
        }
        int status = 0;
        EXPECT_EQ(::waitpid(child, &status, 0), child);
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }

    // The keys that the next run is told; it removes the notes.
    Keys told() const {
        Keys keys;
        const CrashNotes notes(file(), [&](std::int64_t key) { keys.insert(key); });
        return keys;
    }

    const TemporaryFolder folder_;
};

TEST_F(CrashNotesTest, WhatWasAtWorkIsToldOnce) {
    const int signal = end_of([] {
        const CrashNotes::AtWork done(5);
        { const CrashNotes::AtWork finished(6); }
        const CrashNotes::AtWork other(-7);
        std::abort();
    });
    EXPECT_EQ(signal, SIGABRT) << "the crash is not hidden";
    EXPECT_EQ(told(), (Keys{5, -7}));
    EXPECT_EQ(told(), Keys{});
}

TEST_F(CrashNotesTest, EveryKindOfCrashInAnyThreadIsNoted) {
    for (const int kind : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
        struct sigaction before {};
        ::sigaction(kind, nullptr, &before);
        if (before.sa_handler != SIG_DFL) continue;  // a sanitizer's
        const int signal = end_of([&] {
            const CrashNotes::AtWork at_work(kind);
            std::thread([&] { ::raise(kind); }).join();
        });
        EXPECT_EQ(signal, kind);
        EXPECT_EQ(told(), Keys{kind});
    }
}

TEST_F(CrashNotesTest, AKillFromOutsideOrAnOrdinaryEndIsNoCrash) {
    EXPECT_EQ(end_of([] {
                  const CrashNotes::AtWork at_work(5);
                  ::kill(::getpid(), SIGKILL);
              }),
              SIGKILL);
    EXPECT_EQ(told(), Keys{});
    EXPECT_EQ(end_of([] { const CrashNotes::AtWork at_work(5); }), 0);
    EXPECT_EQ(told(), Keys{});
}

// More at work than there is room to remember: those above are checked all the same.
TEST_F(CrashNotesTest, ThereIsRoomFor256) {
    EXPECT_EQ(end_of([] {
                  std::vector<std::unique_ptr<CrashNotes::AtWork>> all;
                  for (int key = 1; key <= 300; ++key)
                      all.push_back(std::make_unique<CrashNotes::AtWork>(key));
                  std::abort();
              }),
              SIGABRT);
    const Keys keys = told();
    EXPECT_EQ(keys.size(), 256U);
    EXPECT_TRUE(keys.contains(1));
    EXPECT_FALSE(keys.contains(300));
}

TEST_F(CrashNotesTest, ANoteThatBrokeOffIsPassedOver) {
    const std::int64_t key = 9;
    std::ofstream(file(), std::ios::binary).write(reinterpret_cast<const char*>(&key), sizeof key)
        << "abc";
    EXPECT_EQ(told(), Keys{9});
}

TEST_F(CrashNotesTest, AFileThatCannotBeWrittenIsNamed) {
    try {
        const CrashNotes notes(folder_.path() / "absent" / "x.crashes", [](std::int64_t) {});
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Io);
        EXPECT_NE(std::string(e.what()).find("absent/x.crashes"), std::string::npos);
    }
}

TEST_F(CrashNotesTest, TheStoreCountsTheCrashesOfASubmission) {
    const auto path = folder_.path() / "store.db";
    const auto store = open_store(path, true);
    std::ofstream(folder_.path() / "a.pdf") << "content";
    Submission submission;
    submission.id = "a";
    submission.files.push_back({"a.pdf", folder_.path() / "a.pdf"});
    const std::int64_t key = store->receive(submission, "").stored.key;
    for (int run = 1; run <= 2; ++run) {
        EXPECT_EQ(end_of([&] {
                      const CrashNotes::AtWork at_work(key);
                      std::abort();
                  }),
                  SIGABRT);
        crash_notes_of(path, *store);
        EXPECT_EQ(store->find("a")->crash_count, run);
    }
}

}  // namespace
}  // namespace avtalskoll::app
