// Documents that are sent in instead of the right form: each is recognised for what it is. The real
// program on drawn and scanned pages.
#include <gtest/gtest.h>

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "models/print_segments.h"
#include "ocr/document/rasterizer.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/pdf_writer.h"
#include "tests/support/report_schema.h"
#include "tests/support/run_program.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using simulator::Random;

const fs::path kOwnBlank = kSource / "data/forms/producentavtal-2.1/blank.pdf";
const fs::path kOtherBlank = kSource / "tests/forms/forvaltningsavtal-3/blank.pdf";

struct Line {
    std::string text;
    double x_pt = 70;
};

// A sheet with lines of text, none of them where any form has it.
cv::Mat typed_sheet(const std::vector<Line>& lines) {
    constexpr double kSize_pt = 9.5, kStep_pt = 13;
    Random random = Random::stream(5, 1);
    cv::Mat sheet(static_cast<int>(842 * simulator::kSheetPxPerPt),
                  static_cast<int>(595 * simulator::kSheetPxPerPt), CV_8U, cv::Scalar(255));
    double y_pt = 50;
    for (const Line& line : lines) {
        const cv::Mat ink = simulator::draw_text(random, line.text, "Liberation Sans", kSize_pt,
                                                 false, false, false);
        simulator::lay_ink(sheet, ink,
                           {static_cast<int>(line.x_pt * simulator::kSheetPxPerPt),
                            static_cast<int>(y_pt * simulator::kSheetPxPerPt)});
        y_pt += kStep_pt;
    }
    return sheet;
}

// The text of the blank's page, line after line in another layout, with a value beside each label.
std::vector<Line> retyped(int page, const std::map<std::string, std::string>& values) {
    ocr::Rasterizer blank(kOwnBlank, {});
    std::vector<Line> lines;
    for (int p = 1; auto drawn = blank.next(); ++p)
        if (p == page)
            for (const Segment& s : segments_of(drawn->image.text.words, p)) {
                const auto value = values.find(s.text);
                lines.push_back({value == values.end() ? s.text : s.text + ": " + value->second});
            }
    return lines;
}

class StrangeDocument : public testing::Test {
protected:
    void submit(const std::vector<cv::Mat>& sheets) {
        std::vector<simulator::Scan> scans;
        for (const cv::Mat& sheet : sheets)
            scans.push_back({.picture = sheet, .dpi = simulator::kSheetDpi, .jpeg_quality = 80});
        fs::create_directories(folder_.path() / "s1");
        simulator::write_pdf(folder_.path() / "s1" / "avtal.pdf", scans);
    }
    json check(const std::string& options = "--personal-data no") {
        const Outcome r =
            run(fmt::format("check '{}' {} --out '{}'", (folder_.path() / "s1").string(), options,
                            (folder_.path() / "out").string()));
        EXPECT_NE(r.status, 2) << r.err;
        const std::string text = slurp(folder_.path() / "out" / "s1" / "report.json");
        EXPECT_EQ(schema_faults(text), "");
        return json::parse(text, nullptr, false);
    }
    // The message of the first finding of a code; empty: there is none.
    static std::string message_of(const json& report, const std::string& code) {
        for (const json& f : report["findings"])
            if (f["code"] == code) return f["message"];
        return {};
    }
    const TemporaryFolder folder_;
};

TEST_F(StrangeDocument, LetterInsteadOfTheAgreement) {
    submit({typed_sheet(
        {{"Hej,"},
         {"Här kommer vårt svar på er fråga om anslutningen till plattformen."},
         {"Vi skickar de undertecknade handlingarna när nämnden har sammanträtt i början av mars."},
         {"Hör gärna av er om något är oklart, så återkommer vi under veckan."},
         {"Med vänlig hälsning"},
         {"Provperson Ett, registrator"}})});
    const json report = check();
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_NE(message_of(report, "wrong_document").find("ett brev"), std::string::npos)
        << report["findings"];
    EXPECT_NE(message_of(report, "agreement_missing"), "");
}

TEST_F(StrangeDocument, OtherAgreementInsteadOfTheForm) {
    submit(simulator::draw_pages(kOtherBlank));
    const json report = check();
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_NE(message_of(report, "wrong_document").find("ett annat avtal"), std::string::npos)
        << report["findings"];
}

TEST_F(StrangeDocument, FormInAnUnknownLayoutIsReadByHeadingsAndLabelsForAPerson) {
    cv::Mat first = typed_sheet(retyped(
        1, {{"Organisation", "Provköpings kommun"}, {"Organisationsnummer", "212000-0142"}}));
    cv::rotate(first, first, cv::ROTATE_90_CLOCKWISE);
    submit({first, typed_sheet(retyped(3, {}))});
    const json report = check();
    EXPECT_EQ(report["verdict"], "review") << report["findings"];
    EXPECT_EQ(message_of(report, "agreement_missing"), "");
    EXPECT_NE(message_of(report, "page_unknown").find("Producentavtal"), std::string::npos)
        << report["findings"];
    const json parties = report["agreements"][0]["points"][0]["fields"];
    EXPECT_EQ(parties[0]["value"], "Provköpings kommun");
    EXPECT_EQ(parties[1]["value"], "212000-0142");
    for (const json& field : parties) {
        EXPECT_EQ(field["verdict"], "unclear");
        EXPECT_EQ(field["reason"], "found_by_label");
        EXPECT_GT(field["evidence"]["box"][3], field["evidence"]["box"][2])
            << "the page lies on its side";
    }
}

TEST_F(StrangeDocument, BlankFormSentBack) {
    submit(simulator::draw_pages(kOwnBlank));
    const json report = check();
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_NE(message_of(report, "form_not_filled_in"), "") << report["findings"];
}

TEST_F(StrangeDocument, SamePageTwiceWithDifferentContentAndPagesMissing) {
    cv::Mat filled = simulator::draw_pages(kOwnBlank).front();
    const cv::Mat empty = filled.clone();
    Random random = Random::stream(5, 2);
    const cv::Mat value = simulator::draw_text(random, "Provköpings kommun", "Liberation Sans", 10,
                                               false, false, false);
    simulator::lay_ink(filled, value,
                       {static_cast<int>(70 * simulator::kSheetPxPerPt),
                        static_cast<int>(180 * simulator::kSheetPxPerPt)});
    submit({filled, empty});
    const json report = check();
    EXPECT_EQ(report["verdict"], "incomplete");
    EXPECT_NE(message_of(report, "page_missing"), "");
    EXPECT_NE(message_of(report, "page_doubled"), "");
}

}  // namespace
}  // namespace avtalskoll
