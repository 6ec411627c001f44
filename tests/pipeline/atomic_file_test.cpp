#include "pipeline/files/atomic_file.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/run_program.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

std::ptrdiff_t entries_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), {});
}

std::string refusal(const fs::path& path, std::string_view content) {
    try {
        write_whole(path, content);
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Io);
        return e.what();
    }
    ADD_FAILURE() << "written";
    return {};
}

// Files of this process may have so many bytes while it lives: a disk that becomes full.
class SmallDisk {
public:
    explicit SmallDisk(rlim_t bytes) {
        before_ = ::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit small{bytes, limit_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallDisk() {
        ::setrlimit(RLIMIT_FSIZE, &limit_);
        ::signal(SIGXFSZ, before_);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

private:
    rlimit limit_{};
    void (*before_)(int) = nullptr;
};

TEST(WriteWhole, ReplacesAndLeavesNoPart) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "deep" / "r.json";
    write_whole(path, "one");
    write_whole(path, "two");
    EXPECT_EQ(slurp(path), "two");
    EXPECT_EQ(entries_in(path.parent_path()), 1);
}

TEST(WriteWhole, SaysWhichFileCannotBeWritten) {
    EXPECT_NE(refusal("/proc/nope/r.json", "x").find("/proc/nope/r.json"), std::string::npos);
}

TEST(WriteWhole, IsItsOwnersAlone) {
    const TemporaryFolder folder;
    write_whole(folder.path() / "r", "x");
    EXPECT_EQ(fs::status(folder.path() / "r").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
}

TEST(WriteWhole, EveryByteIsThere) {
    const TemporaryFolder folder;
    std::string content("\0\r\n\xff", 4);
    for (int i = 0; i < 3'000'000; ++i) content += static_cast<char>(i * 7);
    write_whole(folder.path() / "r", content);
    EXPECT_EQ(slurp(folder.path() / "r"), content);
    write_whole(folder.path() / "r", "");
    EXPECT_EQ(fs::file_size(folder.path() / "r"), 0U);
}

TEST(WriteWhole, WhatAKilledRunLeftIsWrittenOver) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "r.part") << "half of something longer than the rest";
    write_whole(folder.path() / "r", "whole");
    EXPECT_EQ(slurp(folder.path() / "r"), "whole");
    EXPECT_EQ(entries_in(folder.path()), 1);
}

TEST(WriteWhole, AFullDiskLeavesWhatWasThere) {
    const TemporaryFolder folder;
    write_whole(folder.path() / "r", "before");
    {
        const SmallDisk disk(1000);
        refusal(folder.path() / "r", std::string(5000, 'x'));
    }
    EXPECT_EQ(slurp(folder.path() / "r"), "before");
    EXPECT_EQ(entries_in(folder.path()), 1) << "no part is left";
}

TEST(WriteWhole, AFolderOfThatNameStays) {
    const TemporaryFolder folder;
    fs::create_directories(folder.path() / "r" / "inside");
    refusal(folder.path() / "r", "x");
    EXPECT_TRUE(fs::is_directory(folder.path() / "r" / "inside"));
    EXPECT_EQ(entries_in(folder.path()), 1);
}

}  // namespace
}  // namespace avtalskoll::pipeline
