#include "pipeline/intake.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/texts.h"

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
    std::vector<Submission> find(const IntakeOptions& options = {}) {
        return find_submissions({root()}, options);
    }
    TemporaryFolder folder_;
};

TEST_F(Intake, FolderWithPdfsIsOneSubmission) {
    put("b.PDF"), put("a å.pdf"), put(".hidden.pdf"), put("Thumbs.db"), put("notes.txt", "x"),
        put("scan.JPG", "x");
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
    put("x.pdf"), put("submission.json",
                      R"({"id": "Å 1", "personal_data": false, "organisation_number": "212000-0142",
                "more": 1})");
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
    for (const char* json :
         {"{", "[]", R"({"personal_data": "yes"})", R"({"organisation_number": 1})",
          R"({"id": "../x"})", R"({"id": ".x"})", R"({"id": 7})"}) {
        put("x.pdf"), put("submission.json", json);
        const Submission s = find().at(0);
        EXPECT_FALSE(s.broken.empty()) << json;
        EXPECT_EQ(s.id, "in");
    }
}

TEST_F(Intake, OneIdTwiceIsRefused) {
    put("a/x.pdf"), put("b/x.pdf"), put("a/submission.json", R"({"id": "same"})"),
        put("b/submission.json", R"({"id": "same"})");
    EXPECT_THROW(find(), Error);
}

TEST_F(Intake, AbsentPathIsRefused) { EXPECT_THROW(find(), Error); }

TEST_F(Intake, AccountWithAKeyTwiceIsBroken) {
    for (const char* json : {R"({"personal_data": true, "personal_data": false})",
                             R"({"id": "a", "\u0069d": "b"})", R"({"more": {"x": 1, "x": 2}})"}) {
        Submission s;
        read_account(json, s);
        EXPECT_EQ(s.broken.key(), "account.given_twice") << json;
        EXPECT_NE(said(s.broken).find("två gånger"), std::string::npos) << json;
    }
    Submission s;
    read_account(R"({"more": {"x": 1}, "x": [{"x": 2}, {"x": 3}]})", s);
    EXPECT_TRUE(s.broken.empty());
}

TEST_F(Intake, AccountIsReadAsOtherSystemsWriteIt) {
    using namespace std::string_literals;
    for (const std::string& json :
         {"\xEF\xBB\xBF{\"personal_data\": true}"s, "{\"personal_data\": true}\r\n\0"s,
          "\xFE\xFF"s + "\0{\0\"\0p\0e\0r\0s\0o\0n\0a\0l\0_\0d\0a\0t\0a\0\"\0:\0t\0r\0u\0e\0}"s}) {
        Submission s;
        read_account(json, s);
        EXPECT_TRUE(s.broken.empty());
        EXPECT_EQ(s.personal_data, true);
    }
    Submission s;
    read_account("{}\0{\"personal_data\": false}"s, s);
    EXPECT_FALSE(s.broken.empty()) << "what follows a zero byte is not dropped";
}

TEST_F(Intake, MistypedKeyIsTold) {
    Submission s;
    read_account(R"({"Personal_Data": false, "ID": "x", "note": 1})", s);
    EXPECT_EQ(s.unused_keys, (std::vector<std::string>{"ID", "Personal_Data"}));
    EXPECT_FALSE(s.personal_data);
}

TEST_F(Intake, AccountInCapitalsCounts) {
    put("x.pdf"), put("Submission.JSON", R"({"personal_data": false})");
    EXPECT_EQ(find().at(0).personal_data, false);
    put("submission.json", "{}");
    EXPECT_FALSE(find().at(0).broken.empty()) << "which of them?";
}

TEST_F(Intake, FoldersBesideDocumentsAreTold) {
    put("loose.pdf"), put("s1/deep/x.pdf"), put("s2/notes.txt", "x");
    const Submission s = find().at(0);
    EXPECT_EQ(s.ignored, (std::vector<IgnoredEntry>{{"s1", FileKind::FolderWithDocuments, true},
                                                    {"s2", FileKind::Folder, false}}));
}

TEST_F(Intake, OwnReportsAreNoSubmissions) {
    put("s1/x.pdf"), put("out/s1/report.json", "{\n \"schema\": \"avtalskoll/report/1\"}"),
        put("out/s1/report.html", "<!DOCTYPE html>");
    EXPECT_EQ(find().size(), 1U);
    put("s1/report.json", "{\n \"schema\": \"avtalskoll/report/1\"}"),
        put("s1/report.html", "<!DOCTYPE html>");
    EXPECT_EQ(find().at(0).files.size(), 1U) << "reports beside documents hide none";
    EXPECT_TRUE(find().at(0).ignored.empty());
}

TEST_F(Intake, WhatSystemsLeaveBehindIsPassedOver) {
    put("a.pdf"), put("~$brev.docx", "x"), put("Desktop.ini", "x"), put("__MACOSX/._a.pdf", "x"),
        put("._a.pdf", "x");
    EXPECT_TRUE(find().at(0).ignored.empty());
}

TEST_F(Intake, EachFileIsToldApartByItsFolder) {
    put("m1/scan.pdf"), put("m2/scan.pdf"), put("m2/other.pdf");
    std::vector<std::string> ids;
    for (const Submission& s : find({true, std::nullopt})) ids.push_back(s.id);
    EXPECT_EQ(ids, (std::vector<std::string>{"m1_scan", "other", "m2_scan"}));
}

TEST_F(Intake, NamesThatMakeNoFolderGiveAValidId) {
    for (const char* name : {"..pdf", "...pdf", "a\nb.pdf", "p\xE5.pdf"}) {
        put(name);
        const std::string id = find_submissions({root() / name}, {}).at(0).id;
        EXPECT_TRUE(is_valid_id(id)) << id;
    }
    EXPECT_NE(id_from("a\nb"), id_from("a\tb"));
    EXPECT_EQ(id_from("Å & <b>"), "Å & <b>");
}

TEST_F(Intake, OnePathTwiceAndLinksInCirclesAreTakenOnce) {
    put("s1/x.pdf"), put("s2/x.pdf");
    fs::create_directory_symlink(root(), root() / "s3");
    EXPECT_EQ(find_submissions({root(), root() / "s1", root()}, {}).size(), 2U);
}

TEST_F(Intake, NothingAtAllIsSaid) {
    fs::create_directories(root() / "empty");
    IntakeNotes notes;
    find_submissions({root()}, {}, &notes);
    EXPECT_FALSE(notes.holds_something);
    put("empty/submission.json", "{}");
    find_submissions({root()}, {}, &notes);
    EXPECT_TRUE(notes.holds_something);
}

TEST_F(Intake, LooseFileThatMayHoldPagesIsNoted) {
    put("s1/x.pdf"), put("avtal.zip", "PK\3\4"), put("notes.txt", "x");
    IntakeNotes notes;
    EXPECT_EQ(find_submissions({root()}, {}, &notes).size(), 1U);
    ASSERT_EQ(notes.passed_by.size(), 1U);
    EXPECT_EQ(notes.passed_by[0].filename(), "avtal.zip");
}

TEST(ValidId, LettersDigitsAndAFewSignsOnly) {
    for (const char* good : {"s0001", "Å ä-ö_1.2", "7"}) EXPECT_TRUE(is_valid_id(good)) << good;
    for (const char* bad : {"", ".a", "a/b", "a\\b", "a\nb", "a:b", "<b>"})
        EXPECT_FALSE(is_valid_id(bad)) << bad;
    EXPECT_TRUE(is_valid_id(std::string(100, 'a')));
    EXPECT_FALSE(is_valid_id(std::string(101, 'a')));
}

}  // namespace
}  // namespace avtalskoll::pipeline
