#include "app/store/originals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <thread>

#include "models/error.h"
#include "tests/support/run_program.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

// FIPS 180-4, appendix B.1, and of nothing.
constexpr const char* kShaOfAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kShaOfNothing =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

class OriginalsTest : public testing::Test {
protected:
    fs::path submitted(const std::string& content, const std::string& name = "a.pdf") const {
        std::ofstream(folder_.path() / name, std::ios::binary) << content;
        return folder_.path() / name;
    }
    fs::path store() const { return folder_.path() / "store.db.files"; }

    std::vector<fs::path> kept() const {
        std::vector<fs::path> files;
        for (const auto& entry : fs::recursive_directory_iterator(store()))
            if (entry.is_regular_file()) files.push_back(entry.path());
        return files;
    }

    const TemporaryFolder folder_;
};

TEST_F(OriginalsTest, ACopyIsNamedByItsContentAndIsItsOwnersAlone) {
    const Originals originals(store());
    EXPECT_EQ(originals.keep(submitted("abc")), kShaOfAbc);
    const fs::path copy = originals.path_of(kShaOfAbc);
    EXPECT_EQ(slurp(copy), "abc");
    EXPECT_EQ(fs::status(copy).permissions(), fs::perms::owner_read);
    EXPECT_EQ(fs::status(store()).permissions(), fs::perms::owner_all);
    EXPECT_EQ(originals.keep(submitted("")), kShaOfNothing);
}

TEST_F(OriginalsTest, TheCopyStaysWhateverBecomesOfTheFile) {
    const Originals originals(store());
    const fs::path file = submitted("abc");
    originals.keep(file);
    submitted("something else");
    EXPECT_EQ(slurp(originals.path_of(kShaOfAbc)), "abc");
    fs::remove(file);
    EXPECT_EQ(slurp(originals.path_of(kShaOfAbc)), "abc");
}

TEST_F(OriginalsTest, OneContentIsKeptOnceUnderAnyName) {
    const Originals originals(store());
    originals.keep(submitted("abc"));
    EXPECT_EQ(originals.keep(submitted("abc", "b\n; $(x).pdf")), kShaOfAbc);
    fs::create_symlink(submitted("abc"), folder_.path() / "link.pdf");
    EXPECT_EQ(originals.keep(folder_.path() / "link.pdf"), kShaOfAbc);
    EXPECT_EQ(kept(), std::vector<fs::path>{originals.path_of(kShaOfAbc)});
    EXPECT_FALSE(fs::is_symlink(originals.path_of(kShaOfAbc)));
}

TEST_F(OriginalsTest, ManyAtOnceGetInEachOthersWayNowhere) {
    const Originals originals(store());
    const fs::path one = submitted(std::string(300'000, 'x')), two = submitted("abc", "b.pdf");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) originals.keep(i % 2 == 0 ? one : two);
        });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(kept().size(), 2U);
    EXPECT_EQ(slurp(originals.path_of(kShaOfAbc)), "abc");
}

TEST_F(OriginalsTest, AFileThatIsNotThereHasNoCopy) {
    const Originals originals(store());
    EXPECT_EQ(originals.keep(folder_.path() / "absent.pdf"), "");
    EXPECT_TRUE(kept().empty());
    EXPECT_FALSE(fs::exists(originals.path_of("")));
}

TEST_F(OriginalsTest, WhatCannotBeWrittenIsAnErrorAndLeavesNothingHalf) {
    submitted("in the way", "store.db.files");
    EXPECT_THROW(Originals{store()}, Error);
    fs::remove(store());
    const Originals originals(store());
    submitted("in the way", "store.db.files/ba");
    try {
        originals.keep(submitted("abc"));
        FAIL();
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Io);
        EXPECT_NE(std::string(e.what()).find(store().string()), std::string::npos);
        EXPECT_EQ(std::string(e.what()).find("a.pdf"), std::string::npos) << "a sender's name";
    }
    EXPECT_EQ(kept(), std::vector<fs::path>{store() / "ba"});
}

TEST_F(OriginalsTest, OnlyWhatNobodyNeedsIsRemoved) {
    const Originals originals(store());
    originals.keep(submitted("abc"));
    originals.keep(submitted("old", "b.pdf"));
    submitted("x", "store.db.files/1-1.part");
    submitted("x", "store.db.files/2-1.part");
    fs::last_write_time(store() / "1-1.part",
                        fs::file_time_type::clock::now() - std::chrono::hours(25));
    EXPECT_EQ(originals.remove_unneeded([](const std::string& sha) { return sha == kShaOfAbc; }),
              1);
    auto left = kept();
    std::sort(left.begin(), left.end());
    EXPECT_EQ(left, (std::vector<fs::path>{store() / "2-1.part", originals.path_of(kShaOfAbc)}))
        << "a copy that is being made stays";
    EXPECT_EQ(originals.remove_unneeded([](const std::string&) { return true; }), 0);
}

}  // namespace
}  // namespace avtalskoll::app
