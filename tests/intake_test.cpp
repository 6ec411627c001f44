#include "pipeline/intake.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

class Intake : public testing::Test {
protected:
    void put(const fs::path& name, const std::string& content = "%PDF-1.4") {
        fs::create_directories((root() / name).parent_path());
        std::ofstream(root() / name) << content;
    }
    fs::path root() const { return folder_.path() / "in"; }
    std::vector<Submission> find(const IntakeOptions& options = {}) { return find_submissions({root()}, options); }
    TemporaryFolder folder_;
};

TEST_F(Intake, FolderWithPdfsIsOneSubmission) {
    put("b.PDF"), put("a å.pdf"), put(".hidden.pdf"), put("Thumbs.db"), put("notes.txt", "x"), put("scan.JPG", "x");
    const auto found = find();
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].id, "in");
    ASSERT_EQ(found[0].files.size(), 3U);
    EXPECT_EQ(found[0].files[0].name, "a å.pdf");
    EXPECT_EQ(found[0].ignored, (std::vector<IgnoredEntry>{{"notes.txt", FileKind::Text, false}}));
    EXPECT_FALSE(found[0].personal_data);
}

TEST_F(Intake, FolderOfFoldersIsABatch) {
    put("s2/x.pdf"), put("s1/x.pdf");
    fs::create_directories(root() / "s3");
    const auto found = find();
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].id, "s1");
    EXPECT_TRUE(found[2].files.empty());
}

TEST_F(Intake, PdfIsKnownByItsContentToo) {
    put("document", "junk\n%PDF-1.7");
    EXPECT_EQ(find().at(0).files.size(), 1U);
}

TEST_F(Intake, SingleFileIsASubmissionNamedWithoutEnding) {
    put("avtal 1.pdf");
    EXPECT_EQ(find_submissions({root() / "avtal 1.pdf"}, {}).at(0).id, "avtal 1");
}

TEST_F(Intake, EachFileTakesEveryPdfApart) {
    put("a.pdf"), put("deep/er/b.pdf");
    EXPECT_EQ(find({true, std::nullopt}).size(), 2U);
}

TEST_F(Intake, AccountIsRead) {
    put("x.pdf"), put("submission.json", R"({"id": "Å 1", "personal_data": false, "organisation_number": "212000-0142", "more": 1})");
    const Submission s = find({false, true}).at(0);
    EXPECT_EQ(s.id, "Å 1");
    EXPECT_EQ(s.personal_data, false);  // the file wins over the option
    EXPECT_EQ(s.organisation_number, "212000-0142");
    EXPECT_TRUE(s.broken.empty());
}

TEST_F(Intake, OptionStandsInWhereTheFileSaysNothing) {
    put("x.pdf"), put("submission.json", "{}");
    EXPECT_EQ(find({false, true}).at(0).personal_data, true);
}

TEST_F(Intake, BrokenAccountIsToldAndKeepsTheFoldersName) {
    for (const char* json : {"{", "[]", R"({"personal_data": "yes"})", R"({"organisation_number": 1})", R"({"id": "../x"})", R"({"id": ".x"})", R"({"id": 7})"}) {
        put("x.pdf"), put("submission.json", json);
        const Submission s = find().at(0);
        EXPECT_FALSE(s.broken.empty()) << json;
        EXPECT_EQ(s.id, "in");
    }
}

TEST_F(Intake, OneIdTwiceIsRefused) {
    put("a/x.pdf"), put("b/x.pdf"), put("a/submission.json", R"({"id": "same"})"), put("b/submission.json", R"({"id": "same"})");
    EXPECT_THROW(find(), Error);
}

TEST_F(Intake, AbsentPathIsRefused) { EXPECT_THROW(find(), Error); }

TEST(ValidId, LettersDigitsAndAFewSignsOnly) {
    for (const char* good : {"s0001", "Å ä-ö_1.2", "7"}) EXPECT_TRUE(is_valid_id(good)) << good;
    for (const char* bad : {"", ".a", "a/b", "a\\b", "a\nb", "a:b", "<b>"}) EXPECT_FALSE(is_valid_id(bad)) << bad;
    EXPECT_TRUE(is_valid_id(std::string(100, 'a')));
    EXPECT_FALSE(is_valid_id(std::string(101, 'a')));
}

}  // namespace
}  // namespace avtalskoll::pipeline
