#include "pipeline/files/file_hash.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

std::string hash_of_file(const std::string& content) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "f", std::ios::binary) << content;
    return sha256_of(folder.path() / "f");
}

TEST(FileHash, IsSha256) {
    // FIPS 180-4, appendix B.1, and of nothing.
    EXPECT_EQ(hash_of_file("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hash_of_file(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(FileHash, OfAFileIsThatOfItsBytesWhateverItsSize) {
    for (const std::size_t size : {1U, 63U, 64U, 65'535U, 65'536U, 65'537U, 200'000U}) {
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31);
        EXPECT_EQ(hash_of_file(content), sha256_of_text(content)) << size;
    }
}

TEST(FileHash, OfWhatCannotBeReadIsEmpty) {
    const TemporaryFolder folder;
    EXPECT_EQ(sha256_of(folder.path() / "absent"), "");
    EXPECT_EQ(sha256_of(folder.path()), "") << "a folder";
    EXPECT_EQ(sha256_of(""), "");
}

}  // namespace
}  // namespace avtalskoll::pipeline
