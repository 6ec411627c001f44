// The path of a counter-signed copy: scans of one paper, before and after.
#include "pipeline/compare_countersigned.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "models/error.h"
#include "pipeline/forms/form_registry.h"
#include "pipeline/forms/word_lists.h"
#include "rules/field_rule.h"
#include "tests/simulator/paper.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;
using simulator::Tampering;

const fs::path kRoot = AVTALSKOLL_SOURCE_DIR;

class Countersigned : public testing::Test {
protected:
    static const ocr::FormLibrary& forms_drawn() {
        static const ocr::FormLibrary library(load_forms(kRoot / "data/forms"), {});
        return library;
    }
    static const simulator::PaperMaker& maker() {
        static const simulator::PaperMaker papers(forms_drawn().forms(),
                                                  kRoot / "data/registers/organisations.csv");
        return papers;
    }
    const Form& form() const { return forms_drawn().forms().forms.front(); }

    fs::path scanned(const std::string& name, const std::vector<cv::Mat>& sheets, int seed) const {
        simulator::Random random(static_cast<std::uint64_t>(seed));
        const simulator::Device device = simulator::make_device(random, simulator::Tier::Office);
        std::vector<simulator::Scan> scans;
        for (const cv::Mat& sheet : sheets)
            scans.push_back(simulator::scan_sheet(random, sheet, device, false));
        simulator::write_pdf(folder_.path() / name, scans);
        return folder_.path() / name;
    }

    ApprovedAgreement approved(const fs::path& file) const {
        ApprovedAgreement agreement{form().id, form().version, {}, {}};
        for (int p = 1; p <= static_cast<int>(form().pages.size()); ++p)
            agreement.pages.push_back({p, {"approved.pdf", file}, p});
        return agreement;
    }

    CountersignedResult compared(const ApprovedAgreement& agreement, const fs::path& copy) const {
        static const ocr::ReadingModels models(kRoot / "data/models");
        static const auto organisations =
            rules::Register::load(kRoot / "data/registers/organisations.csv");
        static const auto words = load_page_words(kRoot / "data/page_words.yaml");
        ToolsPool tools;
        const StopFlag stop{false};
        const Engine engine{{forms_drawn(), models, rules::is_valid_value},
                            {forms_drawn().forms(), organisations, words, {}},
                            {},
                            tools,
                            stop};
        Submission submission;
        submission.id = "copy";
        submission.files.push_back({"copy.pdf", copy});
        return compare_countersigned({agreement}, submission, engine);
    }

    CountersignedResult after(Tampering tampering) const {
        const simulator::Paper paper = maker().make(0, 5);
        simulator::Random random(12);
        simulator::Tampered done;
        const std::vector<cv::Mat> copy = maker().copy_of(random, paper, tampering, done);
        EXPECT_TRUE(done.possible);
        return compared(approved(scanned("approved.pdf", paper.sheets, 1)),
                        scanned("copy.pdf", copy, 2));
    }

    static bool has(const CountersignedResult& result, const std::string& code) {
        return std::any_of(result.findings.begin(), result.findings.end(),
                           [&](const Finding& finding) { return finding.code == code; });
    }

    TemporaryFolder folder_;
};

TEST_F(Countersigned, SamePaperAgrees) {
    const CountersignedResult result = after(Tampering::None);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Agrees);
    ASSERT_EQ(result.agreements.size(), 1U);
    const CountersignedAgreement& agreement = result.agreements.front();
    EXPECT_TRUE(agreement.sender_signed);
    EXPECT_TRUE(agreement.counterpart_signed);
    ASSERT_EQ(agreement.pages.size(), form().pages.size());
    for (const ComparedPage& page : agreement.pages) {
        EXPECT_EQ(page.verdict, PageVerdict::Same) << "page " << page.copy_page;
        for (const PageDifference& difference : page.differences)
            ADD_FAILURE() << to_string(difference.kind) << " " << difference.strength << " at "
                          << difference.on_copy.x << " " << difference.on_copy.y << " "
                          << to_string(difference.place);
        EXPECT_EQ(page.copy_page, page.approved.form_page);
        EXPECT_EQ(page.copy_file, "copy.pdf");
    }
}

TEST_F(Countersigned, ChangedDigitDiffersInItsField) {
    const CountersignedResult result = after(Tampering::Digit);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Differs);
    int in_fields = 0;
    for (const ComparedPage& page : result.agreements.front().pages)
        for (const PageDifference& difference : page.differences) {
            EXPECT_TRUE(difference.seen);
            EXPECT_FALSE(difference.message.empty());
            in_fields += difference.place.empty() ? 0 : 1;
        }
    EXPECT_EQ(in_fields, 1);
}

TEST_F(Countersigned, MissingPageIsNamed) {
    const CountersignedResult result = after(Tampering::PageMissing);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Differs);
    EXPECT_TRUE(has(result, "countersigned_page_missing"));
}

TEST_F(Countersigned, AddedSheetIsNamed) {
    const CountersignedResult result = after(Tampering::SheetAdded);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Differs);
    EXPECT_TRUE(has(result, "countersigned_page_added"));
}

TEST_F(Countersigned, LackingCounterSignatureIsNamed) {
    const CountersignedResult result = after(Tampering::NoCounterpart);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Differs);
    EXPECT_TRUE(has(result, "counter_signature_missing"));
    EXPECT_FALSE(result.agreements.front().counterpart_signed);
    EXPECT_TRUE(result.agreements.front().sender_signed);
}

TEST_F(Countersigned, AnotherSignatureOfTheSenderDiffersInItsPlace) {
    const CountersignedResult result = after(Tampering::SenderReplaced);
    EXPECT_EQ(result.verdict, CountersignedVerdict::Differs);
    bool in_place = false;
    for (const ComparedPage& page : result.agreements.front().pages)
        for (const PageDifference& difference : page.differences)
            in_place |= difference.place.field == "signature";
    EXPECT_TRUE(in_place);
}

TEST_F(Countersigned, VersionThatIsNotRegisteredIsRefused) {
    ApprovedAgreement unknown{form().id, "0.0", {}, {}};
    const simulator::Paper paper = maker().make(0, 8);
    EXPECT_THROW(compared(unknown, scanned("copy.pdf", paper.sheets, 1)), Error);
}

}  // namespace
}  // namespace avtalskoll::pipeline
