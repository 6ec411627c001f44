// The drawing process's facts of pages as people make them: where their ink comes from, which parts
// are lost, pictures of all kinds.
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <fstream>
#include <opencv2/imgproc.hpp>

#include "models/error.h"
#include "ocr/document/rasterizer.h"
#include "ocr/picture/picture.h"
#include "tests/support/pdf_builder.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::ocr {
namespace {

namespace fs = std::filesystem;

constexpr const char* kWholePage = "q 595 0 0 842 0 0 cm";

// Lines of black bars, as print looks from afar.
cv::Mat printed_sheet() {
    cv::Mat sheet(1754, 1240, CV_8U, cv::Scalar(255));
    for (int y = 120; y < 1600; y += 40)
        for (int x = 100 + y % 37; x < 1100; x += 70)
            cv::rectangle(sheet, {x, y, 50, 16}, 0, cv::FILLED);
    return sheet;
}

// Two strokes of a pen on white.
cv::Mat scribble() {
    cv::Mat ink(200, 400, CV_8U, cv::Scalar(255));
    cv::line(ink, {20, 150}, {380, 40}, 0, 6);
    cv::line(ink, {60, 40}, {330, 170}, 0, 6);
    return ink;
}

std::string printed_lines() {
    std::string content = "BT /F 11 Tf 14 TL 70 780 Td\n";
    for (int line = 0; line < 45; ++line)
        content +=
            fmt::format("(Rad {} av ett avtal som ritades och aldrig skrevs ut) Tj T*\n", line);
    return content + "ET";
}

class DrawnPage : public testing::Test {
protected:
    fs::path write(const std::string& bytes, const std::string& name = "f.pdf") const {
        std::ofstream(folder_.path() / name, std::ios::binary) << bytes;
        return folder_.path() / name;
    }
    RasterPage draw(const fs::path& file) const {
        Rasterizer rasterizer(file, {});
        auto page = rasterizer.next();
        EXPECT_TRUE(page.has_value());
        return page ? *page : RasterPage{};
    }
    PageText told(PdfBuilder& pdf) const { return draw(write(pdf.bytes())).image.text; }

    // A page that is one scanned picture.
    static PdfBuilder scan() {
        PdfBuilder pdf;
        pdf.name_picture("Scan", pdf.add_picture(printed_sheet()));
        pdf.show(std::string(kWholePage) + " /Scan Do Q");
        return pdf;
    }
    // A page whose print is a layer of its own over pale paper, as scanners pack pages small.
    static PdfBuilder layered_scan() {
        PdfBuilder pdf;
        pdf.name_picture("Back", pdf.add_picture(cv::Mat(438, 310, CV_8U, cv::Scalar(240))));
        const int letters = pdf.add_picture(255 - printed_sheet());
        pdf.name_picture("Front", pdf.add_picture(cv::Mat(438, 310, CV_8U, cv::Scalar(20)),
                                                  fmt::format("/SMask {} 0 R", letters)));
        pdf.show(std::string(kWholePage) + " /Back Do /Front Do Q");
        return pdf;
    }
    // A picture of a signature, see-through as programs make it.
    static void paste_scribble(PdfBuilder& pdf) {
        const int mask = pdf.add_picture(255 - scribble());
        pdf.name_picture("Pasted", pdf.add_picture(cv::Mat(200, 400, CV_8U, cv::Scalar(0)),
                                                   fmt::format("/SMask {} 0 R", mask)));
        pdf.show("q 120 0 0 60 100 20 cm /Pasted Do Q");
    }
    const TemporaryFolder folder_;
};

using ScreenInkOf = DrawnPage;

TEST_F(ScreenInkOf, AScanIsPaper) {
    PdfBuilder pdf = scan();
    const PageText text = told(pdf);
    EXPECT_FALSE(text.is_born_digital());
    EXPECT_TRUE(text.screen_ink.empty());
}

TEST_F(ScreenInkOf, ADrawnPageIsNoPaperAndHasItsWords) {
    PdfBuilder pdf;
    pdf.show(printed_lines());
    const PageText text = told(pdf);
    EXPECT_TRUE(text.is_born_digital());
    EXPECT_GT(text.words.size(), 300U);
}

TEST_F(ScreenInkOf, ATransparentPictureAsLargeAsThePageMakesNoScan) {
    PdfBuilder pdf;
    pdf.show(printed_lines());
    cv::Mat alpha(1754, 1240, CV_8U, cv::Scalar(0));
    cv::Mat pasted = alpha(cv::Rect(200, 1400, 400, 200));
    cv::Mat(255 - scribble()).copyTo(pasted);
    const int mask = pdf.add_picture(alpha);
    pdf.name_picture("Ink", pdf.add_picture(cv::Mat(1754, 1240, CV_8U, cv::Scalar(0)),
                                            fmt::format("/SMask {} 0 R", mask)));
    pdf.show(std::string(kWholePage) + " /Ink Do Q");
    EXPECT_TRUE(told(pdf).is_born_digital());
}

TEST_F(ScreenInkOf, APaleBackgroundMakesNoScan) {
    PdfBuilder pdf;
    cv::Mat pale(1754, 1240, CV_8U, cv::Scalar(245));
    cv::circle(pale, {600, 800}, 300, 225, 40);
    pdf.name_picture("Back", pdf.add_picture(pale));
    pdf.show(std::string(kWholePage) + " /Back Do Q");
    pdf.show(printed_lines());
    EXPECT_TRUE(told(pdf).is_born_digital());
}

TEST_F(ScreenInkOf, AStampAnnotationOverAScanIsTold) {
    PdfBuilder pdf = scan();
    const int look = pdf.add_stream("/Type /XObject /Subtype /Form /BBox [0 0 120 40]",
                                    "3 w 5 5 m 60 60 80 -20 115 35 c S");
    const int stamp = pdf.add(fmt::format(
        "<< /Type /Annot /Subtype /Stamp /F 4 /Rect [100 30 220 70] /AP << /N {} 0 R >> >>", look));
    pdf.on_page(fmt::format("/Annots [{} 0 R]", stamp));
    const PageText text = told(pdf);
    EXPECT_FALSE(text.is_born_digital());
    ASSERT_EQ(text.screen_ink.size(), 1U);
    EXPECT_TRUE(text.screen_ink[0].annotation);
    EXPECT_GT(text.screen_ink[0].ink_mm2, 20);
    EXPECT_NEAR(text.screen_ink[0].box.x, 104, 8);
    EXPECT_NEAR(text.screen_ink[0].box.bottom(), 842 - 36, 10);
}

TEST_F(ScreenInkOf, APictureLaidOverAScanIsTold) {
    PdfBuilder pdf = scan();
    pdf.name_picture("Pasted", pdf.add_picture(scribble()));
    pdf.show("q 120 0 0 60 100 20 cm /Pasted Do Q");
    const PageText text = told(pdf);
    EXPECT_FALSE(text.is_born_digital());
    ASSERT_FALSE(text.screen_ink.empty());
    EXPECT_FALSE(text.screen_ink[0].annotation);
}

TEST_F(ScreenInkOf, StrokesDrawnOverAScanAreTold) {
    PdfBuilder pdf = scan();
    pdf.show("3 w 105 35 m 160 90 180 10 215 65 c S");
    EXPECT_EQ(told(pdf).screen_ink.size(), 1U);
}

TEST_F(ScreenInkOf, AScanInLayersAndPiecesIsPaperAllTheSame) {
    const cv::Mat sheet = printed_sheet();
    PdfBuilder pieces;
    for (int strip = 0; strip < 7; ++strip) {
        const cv::Mat rows =
            sheet.rowRange(strip * 250, std::min(sheet.rows, strip * 250 + 250)).clone();
        const std::string name = fmt::format("S{}", strip);
        pieces.name_picture(name, pieces.add_picture(rows));
        const double scale = 842.0 / sheet.rows;
        pieces.show(fmt::format("q 595 0 0 {:.3f} 0 {:.3f} cm /{} Do Q", rows.rows * scale,
                                842 - (strip * 250 + rows.rows) * scale, name));
    }
    PdfBuilder layers = layered_scan();
    for (PdfBuilder* pdf : {&pieces, &layers}) {
        const PageText text = told(*pdf);
        EXPECT_FALSE(text.is_born_digital());
        EXPECT_TRUE(text.screen_ink.empty());
    }
}

TEST_F(ScreenInkOf, APictureLaidOverAScanInLayersIsToldToo) {
    PdfBuilder pdf = layered_scan();
    paste_scribble(pdf);
    const PageText text = told(pdf);
    EXPECT_FALSE(text.is_born_digital());
    ASSERT_FALSE(text.screen_ink.empty());
    EXPECT_NEAR(text.screen_ink[0].box.bottom(), 842 - 30, 20);
}

TEST_F(ScreenInkOf, WordsThatNobodySeesAreNobodys) {
    PdfBuilder behind = scan();
    behind.show("BT 3 Tr /F 11 Tf 70 700 Td (Hittepå) Tj ET");
    EXPECT_TRUE(told(behind).words.empty()) << "behind a scan";
    PdfBuilder white;
    white.show(printed_lines());
    white.show("BT 1 g /F 11 Tf 70 60 Td (Osynligt) Tj ET");
    for (const PrintedWord& word : told(white).words) EXPECT_NE(word.text, "Osynligt");
}

using Damage = DrawnPage;

TEST_F(Damage, APictureThatBreaksOffInsideAWholePdfIsTold) {
    const cv::Mat sheet = printed_sheet();
    const std::string raw(sheet.datastart, sheet.dataend);
    const std::vector<std::uint8_t> packed = to_jpeg(sheet, 80);
    const std::string jpeg(packed.begin(), packed.end());
    const std::string size =
        "/Type /XObject /Subtype /Image /Width 1240 /Height 1754 /BitsPerComponent 8 /ColorSpace "
        "/DeviceGray";
    for (const bool cut : {false, true})
        for (const bool as_jpeg : {false, true}) {
            const std::string& whole = as_jpeg ? jpeg : raw;
            PdfBuilder pdf;
            const int picture =
                pdf.add_stream(size + (as_jpeg ? " /Filter /DCTDecode" : ""),
                               whole.substr(0, cut ? whole.size() / 2 : whole.size()));
            pdf.name_picture("Scan", picture);
            pdf.show(std::string(kWholePage) + " /Scan Do Q");
            EXPECT_EQ(draw(write(pdf.bytes())).image.damage.empty(), !cut)
                << "jpeg " << as_jpeg << ", cut " << cut;
        }
}

TEST_F(Damage, AFileInsideAPdfIsCounted) {
    PdfBuilder pdf = scan();
    const int file = pdf.add_stream("/Type /EmbeddedFile", "%PDF-1.4");
    const int spec = pdf.add(fmt::format(
        "<< /Type /Filespec /F (bilaga.pdf) /UF (bilaga.pdf) /EF << /F {} 0 R >> >>", file));
    const int note = pdf.add(fmt::format(
        "<< /Type /Filespec /F (faktura.xml) /UF (faktura.xml) /EF << /F {} 0 R >> >>", file));
    pdf.on_catalog(fmt::format(
        "/Names << /EmbeddedFiles << /Names [(bilaga.pdf) {} 0 R (faktura.xml) {} 0 R] >> >>", spec,
        note));
    EXPECT_EQ(Rasterizer(write(pdf.bytes()), {}).attachments(), 1);
}

// How much two pictures of one sheet differ: mean over pixels.
double difference(const cv::Mat& sheet, const PageImage& drawn) {
    const cv::Mat seen(drawn.height, drawn.width, CV_8U,
                       const_cast<std::uint8_t*>(drawn.grey.data()));
    cv::Mat sized;
    cv::resize(seen, sized, sheet.size(), 0, 0, cv::INTER_AREA);
    return cv::norm(sheet, sized, cv::NORM_L1) / static_cast<double>(sheet.total());
}
constexpr double kSame = 6, kOther = 25;

class PictureFileOf : public DrawnPage {
protected:
    // One page of a TIFF; `set` sets its tags.
    template <class Set>
    static void add_page(TIFF* tiff, const cv::Mat& grey, Set set) {
        TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, grey.cols);
        TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, grey.rows);
        TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
        TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
        TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
        TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 64);
        set(tiff);
    }
    static void write_rows(TIFF* tiff, const cv::Mat& grey) {
        for (int y = 0; y < grey.rows; ++y)
            TIFFWriteScanline(tiff, const_cast<std::uint8_t*>(grey.ptr(y)),
                              static_cast<std::uint32_t>(y), 0);
        TIFFWriteDirectory(tiff);
    }
    const fs::path tiff_ = folder_.path() / "scan.tif";
    const cv::Mat sheet_ = printed_sheet();
};

TEST_F(PictureFileOf, TilesShowWhatStripsShow) {
    TIFF* tiff = TIFFOpen(tiff_.c_str(), "w");
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, sheet_.cols);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, sheet_.rows);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 8);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, 256);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, 256);
    cv::Mat padded;
    cv::copyMakeBorder(sheet_, padded, 0, 256, 0, 256, cv::BORDER_CONSTANT, 255);
    for (int y = 0; y < sheet_.rows; y += 256)
        for (int x = 0; x < sheet_.cols; x += 256) {
            cv::Mat tile = padded(cv::Rect(x, y, 256, 256)).clone();
            TIFFWriteTile(tiff, tile.data, static_cast<std::uint32_t>(x),
                          static_cast<std::uint32_t>(y), 0, 0);
        }
    TIFFClose(tiff);
    EXPECT_LT(difference(sheet_, draw(tiff_).image), kSame);
}

TEST_F(PictureFileOf, WhatIsSeeThroughLiesOnWhitePaper) {
    TIFF* tiff = TIFFOpen(tiff_.c_str(), "w");
    add_page(tiff, sheet_, [](TIFF* t) {
        const std::uint16_t extra = EXTRASAMPLE_UNASSALPHA;
        TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 2);
        TIFFSetField(t, TIFFTAG_EXTRASAMPLES, 1, &extra);
    });
    cv::Mat black(sheet_.size(), CV_8U, cv::Scalar(0)), both;
    cv::merge(std::vector<cv::Mat>{black, 255 - sheet_}, both);
    write_rows(tiff, both);
    TIFFClose(tiff);
    EXPECT_LT(difference(sheet_, draw(tiff_).image), kSame);

    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(sheet_.cols),
    image.height = static_cast<png_uint_32>(sheet_.rows);
    image.format = PNG_FORMAT_GA;
    const fs::path png = folder_.path() / "scan.png";
    ASSERT_NE(png_image_write_to_file(&image, png.c_str(), 0, both.data, 0, nullptr), 0);
    EXPECT_LT(difference(sheet_, draw(png).image), kSame);
}

TEST_F(PictureFileOf, PagesAreCountedAsTheFileSaysAndEachIsReadOrUnreadable) {
    TIFF* tiff = TIFFOpen(tiff_.c_str(), "w");
    for (int page = 0; page < 3; ++page) {
        add_page(tiff, sheet_, [&](TIFF* t) {
            TIFFSetField(t, TIFFTAG_SUBFILETYPE, page == 1 ? FILETYPE_REDUCEDIMAGE : FILETYPE_PAGE);
        });
        write_rows(tiff, sheet_);
    }
    TIFFClose(tiff);
    EXPECT_EQ(Rasterizer(tiff_, {}).page_count(), 2) << "a thumbnail is no page";
    fs::resize_file(tiff_, fs::file_size(tiff_) - 1000);  // the last page's directory is gone
    Rasterizer cut(tiff_, {});
    EXPECT_EQ(cut.page_count(), 2);
    EXPECT_TRUE(cut.next()->trouble.empty());
    EXPECT_FALSE(cut.next()->trouble.empty())
        << "a page that the file speaks of is unreadable, not absent";
}

TEST_F(PictureFileOf, IsTurnedAsItsCameraSays) {
    cv::Mat turned;
    cv::rotate(sheet_, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
    const std::vector<std::uint8_t> plain = to_jpeg(turned, 90);
    using namespace std::string_literals;
    const std::string exif =
        "\xFF\xE1\x00\x22"s
        "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;
    const std::string jpeg(plain.begin(), plain.end());
    EXPECT_LT(difference(sheet_,
                         draw(write(jpeg.substr(0, 2) + exif + jpeg.substr(2), "photo.jpg")).image),
              kSame);
    EXPECT_GT(difference(sheet_, draw(write(jpeg, "stored.jpg")).image), kOther);
}

TEST_F(PictureFileOf, AnUploadThatBrokeOffIsTold) {
    const std::vector<std::uint8_t> whole = to_jpeg(sheet_, 90);
    const RasterPage page = draw(write(
        std::string(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(whole.size() / 2)),
        "scan.jpg"));
    EXPECT_TRUE(page.trouble.empty());
    EXPECT_EQ(page.image.damage.key(), "drawing.picture_cut");
}

TEST_F(PictureFileOf, APackedFileIsNoDocumentThoughAPdfLiesInIt) {
    PdfBuilder pdf = scan();
    EXPECT_THROW(Rasterizer(write("PK\x03\x04 scan.pdf " + pdf.bytes(), "avtal.pdf"), {}), Error);
}

TEST_F(PictureFileOf, AnOddHeaderIsLeftToTheReaders) {
    PdfBuilder pdf = scan();
    const std::string bytes = pdf.bytes();
    EXPECT_EQ(Rasterizer(write("%PFD-1.7\n" + bytes.substr(9)), {}).page_count(), 1) << "misspelt";
    EXPECT_EQ(Rasterizer(write(std::string(3000, ' ') + bytes), {}).page_count(), 1) << "late";
}

}  // namespace
}  // namespace avtalskoll::ocr
