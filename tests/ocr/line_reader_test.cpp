// The trained line reader on lines of print, drawn and read as the product reads them.
#include "ocr/reading/line_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>

#include "models/error.h"
#include "ocr/matching/blank_page.h"
#include "tests/simulator/pen.h"
#include "tests/support/ocr_fixture.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::ocr {
namespace {

const std::filesystem::path kModels = AVTALSKOLL_SOURCE_DIR "/data/models";

const LineReader& reader() { return test_models().lines; }

// `text` in print at kReadDpi, 8-bit grey, dark on light.
cv::Mat printed(const std::string& text, const std::string& family = "Liberation Sans") {
    simulator::Random dice{3};
    const cv::Mat ink = simulator::draw_text(dice, text, family, 11, false, false, false);
    cv::Mat grey, small;
    cv::Mat(255 - 255 * ink).convertTo(grey, CV_8U);
    const double to_read = kReadDpi / simulator::kSheetDpi;
    cv::resize(grey, small, {}, to_read, to_read, cv::INTER_AREA);
    return small;
}

struct Case {
    const char* text;
    FieldKind kind;
};
class LineReaderReads : public testing::TestWithParam<Case> {};
TEST_P(LineReaderReads, WhatIsPrintedAndIsSure) {
    for (const char* family : {"Liberation Sans", "Liberation Serif", "Carlito"}) {
        const auto vote = reader().read(printed(GetParam().text, family), GetParam().kind);
        ASSERT_TRUE(vote) << family;
        EXPECT_EQ(vote->text, GetParam().text) << family;
        EXPECT_GT(vote->least, 0.7) << family << ": sure enough to be seconded";
        EXPECT_EQ(vote->model, kLineReaderModel);
    }
}
INSTANTIATE_TEST_SUITE_P(Table, LineReaderReads,
                         testing::Values(Case{"212000-0142", FieldKind::OrganisationNumber},
                                         Case{"+46 (0)8-123 456 78", FieldKind::Phone},
                                         Case{"kim.forsgren@exempel.se", FieldKind::Email},
                                         Case{"Åsa Öberg-Nyström", FieldKind::Person},
                                         Case{"fastighetsägare, sökande", FieldKind::FreeText}));

TEST(LineReader, PaperAroundTheLineSaysNothing) {
    cv::Mat wide;
    cv::copyMakeBorder(printed("08-123 45 67"), wide, 30, 12, 400, 700, cv::BORDER_CONSTANT, 255);
    const auto vote = reader().read(wide, FieldKind::Phone);
    ASSERT_TRUE(vote);
    EXPECT_EQ(vote->text, "08-123 45 67");
}

TEST(LineReader, PaperIsNoLine) {
    EXPECT_FALSE(reader().read(cv::Mat(40, 200, CV_8U, cv::Scalar(255)), FieldKind::Text));
}

// The only wrong texts that a reader without such an answer was sure of.
TEST(LineReader, LettersThatItDoesNotKnowEndInDoubt) {
    for (const char* text : {"ЖФЩ Дюб", "ΣΩΨ λφξ"}) {
        const auto vote = reader().read(printed(text, "DejaVu Sans"), FieldKind::Text);
        EXPECT_TRUE(!vote || vote->least < 0.7 || vote->text.find("\uFFFD") != std::string::npos)
            << text << " read as " << vote->text;
    }
}

TEST(LineReader, AnswersAreProbabilitiesWhateverTheWidth) {
    for (const int width : {20, 64, 65, 333}) {
        const cv::Mat answers = reader().answers(cv::Mat::zeros(32, width, CV_8U));
        EXPECT_EQ(answers.rows, (width + 1) / 2);
        for (int x = 0; x < answers.rows; ++x) {
            cv::Mat p;
            cv::exp(answers.row(x), p);
            EXPECT_NEAR(cv::sum(p)[0], 1, 1e-3);
        }
    }
}

TEST(LineReader, MissingOrForeignFilesAreNamed) {
    const TemporaryFolder folder;
    EXPECT_THROW(LineReader(folder.path() / "none.onnx", kModels / "line_reader.alphabet.txt"),
                 Error);
    std::ofstream(folder.path() / "short.txt") << "abc";
    EXPECT_THROW(LineReader(kModels / "line_reader.onnx", folder.path() / "short.txt"), Error);
    std::ofstream(folder.path() / "text.onnx") << "no network";
    EXPECT_THROW(LineReader(folder.path() / "text.onnx", kModels / "line_reader.alphabet.txt"),
                 Error);
}

}  // namespace
}  // namespace avtalskoll::ocr
