// The path of a submission whose file changes under it.
#include "pipeline/process_submission.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "models/error.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "rules/field_rule.h"
#include "tests/simulator/corpus.h"
#include "tests/support/pdf_builder.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;
using simulator::Defect;

const fs::path kSource = AVTALSKOLL_SOURCE_DIR;

const ocr::FormLibrary& library() {
    static const ocr::FormLibrary forms(load_forms(kSource / "data/forms"), {});
    return forms;
}

// Done once, when the first number is read: by then the document is open, and its pages are being
// drawn for the first time.
std::function<void()> g_meanwhile;

bool is_valid_after_a_change(FieldKind kind, const std::string& text) {
    if (g_meanwhile) std::exchange(g_meanwhile, {})();
    return rules::is_valid_value(kind, text);
}

// A submission in one PDF that lacks a page and begins with a letter.
class SecondDrawing : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<TemporaryFolder>();
        const simulator::CorpusMaker maker(
            library().forms(), kSource / "data/registers/organisations.csv", {.seed = 4});
        simulator::Recipe recipe;
        recipe.tier = simulator::Tier::Clean;
        recipe.defects = {Defect::DropPage};
        recipe.one_pdf = true;
        recipe.cover_letter = true;
        maker.make(folder_->path(), "made", 1, recipe);
    }
    static void TearDownTestSuite() { folder_.reset(); }

    SecondDrawing() {
        submission_.id = "s";
        submission_.personal_data = true;
        for (const auto& entry : fs::directory_iterator(folder_->path() / "made"))
            if (entry.path().extension() == ".pdf") fs::copy_file(entry.path(), file());
        submission_.files.push_back({"avtal.pdf", file()});
    }
    ~SecondDrawing() override { g_meanwhile = {}; }

    fs::path file() const { return own_.path() / "avtal.pdf"; }

    // Another file takes the name while the first is open.
    void replace(const std::string& bytes) const {
        std::ofstream(own_.path() / "other", std::ios::binary) << bytes;
        fs::rename(own_.path() / "other", file());
    }

    Report checked(std::function<void()> meanwhile) {
        g_meanwhile = std::move(meanwhile);
        static const ocr::ReadingModels models(kSource / "data/models");
        static const auto organisations =
            rules::Register::load(kSource / "data/registers/organisations.csv");
        static const auto words = load_page_words(kSource / "data/page_words.yaml");
        ToolsPool tools;
        const StopFlag stop{false};
        const Engine engine{{library(), models, is_valid_after_a_change},
                            {library().forms(), organisations, words, {}},
                            {},
                            tools,
                            stop};
        Report report = process_submission(submission_, engine);
        EXPECT_FALSE(g_meanwhile) << "the change came before the second drawing";
        return report;
    }

    static const Finding* finding(const Report& report, const std::string& code) {
        const auto at = std::find_if(report.findings.begin(), report.findings.end(),
                                     [&](const Finding& f) { return f.code == code; });
        return at == report.findings.end() ? nullptr : &*at;
    }

    // How many required fields are said to be missing because their page is, and how many are
    // unclear because a page may be theirs.
    static std::pair<int, int> fields_of_absent_pages(const Report& report) {
        int missing = 0, unclear = 0;
        for_each_field(report, [&](const auto&, const auto&, const FieldReport& field) {
            missing += field.required && field.reason == "page_missing" ? 1 : 0;
            unclear += field.required && field.reason == "page_unknown" ? 1 : 0;
            if (field.reason != "page_unknown") return;
            EXPECT_EQ(field.verdict, FieldVerdict::Unclear);
        });
        return {missing, unclear};
    }

    // The page that cannot be drawn again may be the one that lacks, so a person looks at it.
    static void expect_an_unknown_page(const Report& report) {
        const Finding* unknown = finding(report, "page_unknown");
        ASSERT_TRUE(unknown);
        EXPECT_EQ(unknown->severity, Severity::Review);
        EXPECT_EQ(unknown->file, "avtal.pdf");
        EXPECT_EQ(unknown->page, 1);
        const auto [missing, unclear] = fields_of_absent_pages(report);
        EXPECT_EQ(missing, 0);
        EXPECT_GT(unclear, 0);
        EXPECT_NE(report.verdict, SubmissionVerdict::Complete);
        EXPECT_TRUE(std::any_of(report.agreements.begin(), report.agreements.end(),
                                [](const AgreementReport& a) { return a.present; }))
            << "what was read counts";
    }
    static void expect_review_of_the_file(const Report& report, const std::string& code) {
        const Finding* about = finding(report, code);
        ASSERT_TRUE(about);
        EXPECT_EQ(about->severity, Severity::Review);
        EXPECT_EQ(about->file, "avtal.pdf");
    }

    static std::unique_ptr<TemporaryFolder> folder_;
    const TemporaryFolder own_;
    Submission submission_;
};
std::unique_ptr<TemporaryFolder> SecondDrawing::folder_;

TEST_F(SecondDrawing, OfAFileThatStaysTellsThatThePageIsALetter) {
    const Report report = checked([] {});
    const auto [missing, unclear] = fields_of_absent_pages(report);
    EXPECT_GT(missing, 0) << "the letter cannot be the page that lacks";
    EXPECT_EQ(unclear, 0);
    EXPECT_FALSE(finding(report, "file_unreadable"));
}

TEST_F(SecondDrawing, OfAFileThatIsGoneMakesThePageUnknown) {
    const Report report = checked([this] { fs::remove(file()); });
    expect_an_unknown_page(report);
    expect_review_of_the_file(report, "file_unreadable");
}

TEST_F(SecondDrawing, OfWhatIsNoDocumentAnyMoreMakesThePageUnknown) {
    const Report report = checked([this] { replace("no document at all"); });
    expect_an_unknown_page(report);
    expect_review_of_the_file(report, "file_unreadable");
}

TEST_F(SecondDrawing, OfAPageThatIsTooLargeNowMakesThePageUnknown) {
    const Report report = checked([this] {
        std::string huge = PdfBuilder().bytes();
        const std::string box = "[0 0 595 842]";
        replace(huge.replace(huge.find(box), box.size(), "[0 0 14400 14400]"));
    });
    expect_an_unknown_page(report);
    EXPECT_FALSE(finding(report, "file_over_limit")) << "the page alone";
}

}  // namespace
}  // namespace avtalskoll::pipeline
