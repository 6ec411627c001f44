#include "ocr/sandboxed/embedded_scan.h"

#include <gtest/gtest.h>

#include <functional>
#include <opencv2/core.hpp>

#include "tests/support/pdf_builder.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kMostPixels = 40e6;
constexpr const char* kOnWholePage = "595 0 0 842 0 0 cm";

// A picture in which every pixel tells its place: 150 dpi on A4.
cv::Mat numbered_sheet() {
    cv::Mat sheet(1754, 1240, CV_8U);
    for (int y = 0; y < sheet.rows; ++y)
        for (int x = 0; x < sheet.cols; ++x)
            sheet.at<unsigned char>(y, x) = static_cast<unsigned char>((x * 7 + y * 13) % 251);
    return sheet;
}

int grey_at(const GreyPicture& picture, int x, int y) {
    return picture.grey.at(static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width) +
                           static_cast<std::size_t>(x));
}

// The drawing process reads a file through this.
class Seen {
public:
    explicit Seen(const std::string& pdf)
        : bytes_(pdf.begin(), pdf.end()), structure_(bytes_), scans_(structure_) {}
    int pages() const { return scans_.page_count(); }
    bool is_picture() const { return scans_.is_picture(0); }
    std::optional<EmbeddedScans::Page> page(int index = 0, double most_pixels = kMostPixels) const {
        return scans_.page(index, 200, most_pixels);
    }

private:
    std::vector<char> bytes_;
    PdfStructure structure_;
    EmbeddedScans scans_;
};

// A page that is one scan, and what else `more` puts on it.
std::string scan_with(const std::function<void(PdfBuilder&)>& more) {
    PdfBuilder pdf;
    pdf.name_picture("Scan", pdf.add_picture(numbered_sheet()));
    pdf.show(std::string("q ") + kOnWholePage + " /Scan Do Q");
    more(pdf);
    return pdf.bytes();
}

// A page whose whole content is this.
std::string page_of(const std::string& content, const std::string& page_entries = "") {
    PdfBuilder pdf;
    pdf.name_picture("Scan", pdf.add_picture(numbered_sheet()));
    pdf.show(content);
    pdf.on_page(page_entries);
    return pdf.bytes();
}

TEST(EmbeddedScan, IsTakenAsItIsStored) {
    const Seen seen(scan_with([](PdfBuilder&) {}));
    EXPECT_EQ(seen.pages(), 1);
    EXPECT_TRUE(seen.is_picture());
    const auto page = seen.page();
    ASSERT_TRUE(page);
    EXPECT_NEAR(page->dpi, 150, 0.1);
    EXPECT_DOUBLE_EQ(page->width_pt, 595);
    EXPECT_DOUBLE_EQ(page->height_pt, 842);
    const cv::Mat stored = numbered_sheet();
    ASSERT_EQ(page->picture.width, stored.cols);
    ASSERT_EQ(page->picture.height, stored.rows);
    EXPECT_TRUE(std::equal(stored.datastart, stored.dataend, page->picture.grey.begin()));
}

TEST(EmbeddedScan, IsTurnedAsThePageIsShown) {
    const auto page = Seen(scan_with([](PdfBuilder& pdf) { pdf.on_page("/Rotate 90"); })).page();
    ASSERT_TRUE(page);
    EXPECT_EQ(page->picture.width, 1754);
    EXPECT_EQ(page->picture.height, 1240);
    EXPECT_DOUBLE_EQ(page->width_pt, 842);
    EXPECT_DOUBLE_EQ(page->height_pt, 595);
    const cv::Mat stored = numbered_sheet();  // clockwise: its left column is the top row
    EXPECT_EQ(grey_at(page->picture, 1753, 0), stored.at<unsigned char>(0, 0));
    EXPECT_EQ(grey_at(page->picture, 0, 0), stored.at<unsigned char>(1753, 0));
    EXPECT_TRUE(Seen(scan_with([](PdfBuilder& pdf) { pdf.on_page("/Rotate -270"); })).page());
    EXPECT_FALSE(Seen(scan_with([](PdfBuilder& pdf) { pdf.on_page("/Rotate 45"); })).page());
}

TEST(EmbeddedScan, AReadingBehindThePictureAndAClipAroundThePageChangeNothing) {
    for (const char* content :
         {"BT /F 11 Tf 3 Tr 70 700 Td (Avtal) Tj ET q 595 0 0 842 0 0 cm /Scan Do Q",
          "q 0 0 595 842 re W n 595 0 0 842 0 0 cm /Scan Do Q",
          "q 0.5 g 1 0 0 RG 2 w Q q 595 0 0 842 0 0 cm /Scan Do Q",
          "/Artifact <</Type /Pagination>> BDC q 595 0 0 842 0 0 cm /Scan Do Q EMC",
          "2 0 0 2 0 0 cm q 297.5 0 0 421 0 0 cm /Scan Do Q"})
        EXPECT_TRUE(Seen(page_of(content)).page()) << content;
}

// Whoever lays something over a scan must not get past with the scan alone.
TEST(EmbeddedScan, AnythingElseThatIsShownLeavesThePageToThePdfLibrary) {
    const std::string scan = "q 595 0 0 842 0 0 cm /Scan Do Q ";
    for (const char* more :
         {"BT /F 11 Tf 70 700 Td (Signerat) Tj ET", "BT /F 11 Tf 7 Tr 70 700 Td (Klipp) Tj ET",
          "BT /F 11 Tf q 3 Tr Q 70 700 Td (Synligt) Tj ET", "100 100 200 50 re f",
          "100 100 m 300 300 l S", "q 100 0 0 50 70 70 cm /Scan Do Q", "/Sh sh",
          "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", "/Annat Do", "Do", "unknown", "Q",
          "/OC /Lager BDC EMC", "/Borta gs"}) {
        const Seen seen(page_of(scan + more));
        EXPECT_FALSE(seen.is_picture()) << more;
        EXPECT_FALSE(seen.page()) << more;
    }
}

TEST(EmbeddedScan, APictureThatDoesNotLieThereUprightAndWholeIsNotTaken) {
    for (const char* content :
         {"q 0 842 -595 0 595 0 cm /Scan Do Q", "q 595 0 0 -842 0 842 cm /Scan Do Q",
          "q 595 3 0 842 0 0 cm /Scan Do Q", "q 595 0 0 400 0 0 cm /Scan Do Q",
          "q 297 0 0 420 0 0 cm /Scan Do Q", "q 0 0 0 0 0 0 cm /Scan Do Q",
          "q 595 0 0 842 0 cm /Scan Do Q", "q 100 100 200 200 re W n 595 0 0 842 0 0 cm /Scan Do Q",
          "q 595 0 0 842 0 0 cm W n /Scan Do Q"})
        EXPECT_FALSE(Seen(page_of(content)).page()) << content;
}

TEST(EmbeddedScan, IsCutToThePageAndWhiteBesideThePicture) {
    // The page's left half alone is visible; the picture begins 59.5 pt further to the right.
    const auto page =
        Seen(page_of("q 595 0 0 842 59.5 0 cm /Scan Do Q", "/CropBox [0 0 297.5 842]")).page();
    ASSERT_TRUE(page);
    EXPECT_NEAR(page->picture.width, 620, 1);
    EXPECT_EQ(page->picture.height, 1754);
    EXPECT_DOUBLE_EQ(page->width_pt, 297.5);
    EXPECT_EQ(grey_at(page->picture, 0, 900), 255);
    EXPECT_EQ(grey_at(page->picture, 123, 900), 255);
    EXPECT_EQ(grey_at(page->picture, 124, 900), numbered_sheet().at<unsigned char>(900, 0));
}

TEST(EmbeddedScan, WhatIsLaidOverThePageOrHiddenIsNotTaken) {
    const auto annotated = scan_with([](PdfBuilder& pdf) {
        const int note = pdf.add("<< /Type /Annot /Subtype /Square /Rect [10 10 90 90] >>");
        pdf.on_page(fmt::format("/Annots [{} 0 R]", note));
    });
    EXPECT_TRUE(Seen(annotated).is_picture());
    EXPECT_FALSE(Seen(annotated).page());
    EXPECT_FALSE(Seen(scan_with([](PdfBuilder& pdf) { pdf.on_page("/UserUnit 2"); })).page());
    for (const char* entry : {"/Mask [0 0]", "/OC << /Type /OCG /Name (x) >>", "/SMaskInData 1"}) {
        PdfBuilder pdf;
        pdf.name_picture("Scan", pdf.add_picture(numbered_sheet(), entry));
        pdf.show(std::string("q ") + kOnWholePage + " /Scan Do Q");
        EXPECT_FALSE(Seen(pdf.bytes()).page()) << entry;
    }
}

TEST(EmbeddedScan, AStateThatMakesPaintSeeThroughIsNotTaken) {
    const auto with_state = [](const std::string& state) {
        PdfBuilder pdf;
        pdf.name_picture("Scan", pdf.add_picture(numbered_sheet()));
        pdf.show(std::string("q /S gs ") + kOnWholePage + " /Scan Do Q");
        const int resources = pdf.add(
            fmt::format("<< /XObject << /Scan 4 0 R >> /ExtGState << /S << {} >> >> >>", state));
        pdf.on_page(fmt::format("/Resources {} 0 R", resources));
        return Seen(pdf.bytes()).page().has_value();
    };
    EXPECT_TRUE(with_state("/ca 1 /CA 1.0 /BM /Normal /SMask /None"));
    for (const char* state : {"/ca 0.5", "/CA 0", "/BM /Multiply", "/TR /Identity", "/ca (1)",
                              "/SMask << /S /Alpha >>"})
        EXPECT_FALSE(with_state(state)) << state;
}

TEST(EmbeddedScan, SizesThatLieAreNotBelieved) {
    const auto with_size = [](int width, int height) {
        PdfBuilder pdf;
        const std::string data(1000, '\x80');
        pdf.name_picture("Scan", pdf.add_stream(fmt::format("/Type /XObject /Subtype /Image /Width "
                                                            "{} /Height {} /BitsPerComponent 8 "
                                                            "/ColorSpace /DeviceGray",
                                                            width, height),
                                                data));
        pdf.show(std::string("q ") + kOnWholePage + " /Scan Do Q");
        return Seen(pdf.bytes()).page().has_value();
    };
    EXPECT_FALSE(with_size(1240, 1754)) << "the data end early";
    EXPECT_FALSE(with_size(0, 0));
    EXPECT_FALSE(with_size(-1240, -1754));
    EXPECT_FALSE(with_size(2'000'000'000, 2'000'000'000));
}

TEST(EmbeddedScan, NoMorePixelsThanAllowedAreTaken) {
    const Seen seen(scan_with([](PdfBuilder&) {}));
    EXPECT_TRUE(seen.page(0, 1240.0 * 1754 + 2000));
    EXPECT_FALSE(seen.page(0, 1240.0 * 1754 - 1));
}

TEST(EmbeddedScan, PagesThatAreNotThereGiveNothing) {
    const Seen seen(scan_with([](PdfBuilder&) {}));
    for (const int index : {-1, 1, 1'000'000}) EXPECT_FALSE(seen.page(index)) << index;
}

// The caller then leaves every page to the PDF library, which sees the file as a viewer would.
TEST(EmbeddedScan, AFileThatNeedsRepairsHasNoPagesHere) {
    const std::string whole = scan_with([](PdfBuilder&) {});
    for (const std::string& broken :
         {std::string(), std::string("%PDF-1.7\n"), whole.substr(0, whole.size() / 2),
          whole.substr(0, whole.rfind("xref"))})
        EXPECT_EQ(Seen(broken).pages(), 0) << broken.size();
}

// An endless depth of saved states would cost memory without end.
TEST(EmbeddedScan, StatesWithinStatesHaveAnEnd) {
    const std::string show = std::string(kOnWholePage) + " /Scan Do ";
    std::string shallow, deep;
    for (int i = 0; i < 60; ++i) shallow += "q ";
    for (int i = 0; i < 100'000; ++i) deep += "q ";
    EXPECT_TRUE(Seen(page_of(shallow + show)).page());
    EXPECT_FALSE(Seen(page_of(deep + show)).page());
}

}  // namespace
}  // namespace avtalskoll::ocr
