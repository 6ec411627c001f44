#include "ocr/reading/traineddata.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace avtalskoll::ocr {
namespace {

// A model file of 24 components, of which some are there.
std::string model_file(const std::vector<std::pair<std::size_t, std::string>>& components) {
    std::int32_t count = 24;
    std::vector<std::int64_t> begins(24, -1);
    std::string body;
    const std::size_t head = sizeof count + begins.size() * sizeof(std::int64_t);
    for (const auto& [index, content] : components) {
        begins[index] = static_cast<std::int64_t>(head + body.size());
        body += content;
    }
    std::string file(head, '\0');
    std::memcpy(file.data(), &count, sizeof count);
    std::memcpy(file.data() + sizeof count, begins.data(), head - sizeof count);
    return file + body;
}

std::filesystem::path written(const TemporaryFolder& folder, const std::string& content) {
    auto path = folder.path() / "some.traineddata";
    std::ofstream(path, std::ios::binary) << content;
    return path;
}

TEST(Traineddata, LeavesOutTheWordListAndNothingElse) {
    const TemporaryFolder folder;
    std::vector<char> read;
    ASSERT_TRUE(read_without_word_list(
        written(
            folder,
            model_file({{17, "network"}, {19, std::string(1000, 'w')}, {21, "letters"}, {23, "5"}}))
            .c_str(),
        &read));
    EXPECT_EQ(std::string(read.begin(), read.end()),
              model_file({{17, "network"}, {21, "letters"}, {23, "5"}}));
}

TEST(Traineddata, RefusesWhatIsNoModel) {
    const TemporaryFolder folder;
    std::vector<char> read;
    EXPECT_FALSE(read_without_word_list((folder.path() / "nothing").c_str(), &read));
    EXPECT_FALSE(read_without_word_list(written(folder, "").c_str(), &read));
    EXPECT_FALSE(
        read_without_word_list(written(folder, "some text that is no model").c_str(), &read));
    EXPECT_FALSE(read_without_word_list(
        written(folder, model_file({{17, "network"}}).substr(0, 100)).c_str(), &read));
}

}  // namespace
}  // namespace avtalskoll::ocr
