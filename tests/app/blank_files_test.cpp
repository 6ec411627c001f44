#include "app/service/blank_files.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

class BlankFilesTest : public testing::Test {
protected:
    BlankFilesTest() { write(blank(), "a blank"); }
    static void write(const fs::path& file, const std::string& bytes) {
        std::ofstream(file, std::ios::binary) << bytes;
    }
    fs::path blank() const { return folder_.path() / "blank.pdf"; }
    fs::path cache() const { return folder_.path() / "cache"; }
    fs::path only_file() const {
        const fs::directory_iterator files(cache());
        EXPECT_EQ(std::distance(files, fs::directory_iterator()), 1);
        return fs::directory_iterator(cache())->path();
    }

private:
    TemporaryFolder folder_;
};

TEST_F(BlankFilesTest, WhatWasKeptIsFoundByTheBlanksContent) {
    const BlankFiles files(cache());
    EXPECT_FALSE(files.find({blank()}));
    files.keep({blank()}, std::string("pages\0of it", 11));
    EXPECT_EQ(BlankFiles(cache()).find({blank()}), std::string("pages\0of it", 11));
    write(blank(), "another blank");
    EXPECT_FALSE(files.find({blank()}));
}

TEST_F(BlankFilesTest, SeveralBlanksAreKnownByTheirOrder) {
    const fs::path other = blank().parent_path() / "other.pdf";
    write(other, "another blank");
    const BlankFiles files(cache());
    files.keep({blank(), other}, "compared");
    EXPECT_EQ(files.find({blank(), other}), "compared");
    EXPECT_FALSE(files.find({other, blank()}));
    EXPECT_FALSE(files.find({blank()}));
}

TEST_F(BlankFilesTest, ADamagedFileIsNotTaken) {
    const BlankFiles files(cache());
    files.keep({blank()}, "pages");
    std::ifstream in(only_file(), std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    bytes.back() ^= 1;
    write(only_file(), bytes);
    EXPECT_FALSE(files.find({blank()}));
    write(only_file(), "short");
    EXPECT_FALSE(files.find({blank()}));
}

TEST_F(BlankFilesTest, OtherBuildsFilesOfTheBlankGo) {
    const BlankFiles files(cache());
    files.keep({blank()}, "pages");
    const fs::path own = only_file();
    const std::string content = own.filename().string().substr(0, 65);
    write(cache() / (content + "0123456789.blank"), "of another build");
    files.keep({blank()}, "pages");
    EXPECT_EQ(only_file(), own);
}

TEST_F(BlankFilesTest, WithoutAUsableFolderNothingIsKept) {
    for (const fs::path& folder : {fs::path(), fs::path("/proc/none"), blank()}) {
        const BlankFiles files(folder);
        files.keep({blank()}, "pages");
        EXPECT_FALSE(files.find({blank()})) << folder;
    }
}

TEST_F(BlankFilesTest, TheUsualFolderFollowsTheEnvironment) {
    setenv("XDG_CACHE_HOME", "/x", 1);
    unsetenv("CACHE_DIRECTORY");
    unsetenv("AVTALSKOLL_CACHE");
    EXPECT_EQ(BlankFiles::usual_folder(), "/x/avtalskoll");
    setenv("CACHE_DIRECTORY", "/c", 1);
    EXPECT_EQ(BlankFiles::usual_folder(), "/c/");
    setenv("AVTALSKOLL_CACHE", "", 1);
    EXPECT_EQ(BlankFiles::usual_folder(), "");
}

}  // namespace
}  // namespace avtalskoll::app
