#include "pipeline/files/file_kind.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temporary_folder.h"
#include "tests/support/texts.h"

namespace avtalskoll::pipeline {
namespace {

using namespace std::string_literals;

TEST(FileKind, IsKnownByTheFirstBytesWhateverTheName) {
    const std::vector<std::pair<std::string, FileKind>> kinds{
        {"%PDF-1.7", FileKind::Pdf},
        {"junk\n%PDF-1.7", FileKind::Pdf},
        {"\xFF\xD8\xFF\xE0", FileKind::Jpeg},
        {"\x89PNG\r\n\x1A\n", FileKind::Png},
        {"II*\0rest"s, FileKind::Tiff},
        {"MM\0+rest"s, FileKind::Tiff},
        {"GIF89a", FileKind::Gif},
        {"RIFF\1\2\3\4WEBPVP8 ", FileKind::WebP},
        {"BM\1\2\3\4\0\0\0\0\x36\0\0\0\x28\0\0\0"s, FileKind::Bmp},
        {"\0\0\0\x18"
         "ftypheic"s,
         FileKind::Heif},
        {"\0\0\0\x18"
         "ftypmif1\0\0\0\0avif"s,
         FileKind::Heif},
        {"PK\3\4rest", FileKind::Zip},
        {"PK\3\4....word/document.xml", FileKind::Word},
        {"PK\3\4....mimetypeapplication/vnd.etsi.asic-e+zip", FileKind::SignedContainer},
        {"7z\xBC\xAF\x27\x1C", FileKind::Archive},
        {"Rar!\x1A\7\1", FileKind::Archive},
        {"\x1F\x8B\x08", FileKind::Archive},
        {std::string(257, 'x') + "ustar", FileKind::Archive},
        {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::Office},
        {"{\\rtf1", FileKind::Word},
        {"\xEF\xBB\xBF \n<!DOCTYPE HTML><p>", FileKind::WebPage},
        {"Received: from x by y", FileKind::Mail},
        {"\x30\x82\1\2\6\x09\x2A\x86\x48\x86\xF7\x0D\1\7\2", FileKind::SignedContainer},
        {"Hej, här är avtalet.\r\n", FileKind::Text},
        {"a\0b"s, FileKind::Unknown},
        {"", FileKind::Empty},
    };
    for (const auto& [bytes, kind] : kinds)
        EXPECT_EQ(kind_of_bytes(bytes, "fil"), kind) << to_string(kind) << " " << bytes;
}

TEST(FileKind, NameDecidesWhereTheBytesDoNot) {
    EXPECT_EQ(kind_of_bytes("x", "a.PDF"), FileKind::Pdf);
    EXPECT_EQ(kind_of_bytes("", "a.pdf"), FileKind::Pdf) << "an upload that failed";
    EXPECT_EQ(kind_of_bytes("\xFF\xD8\xFF", "a.pdf"), FileKind::Jpeg);
    EXPECT_EQ(kind_of_bytes("PK\3\4", "a.xlsx"), FileKind::Office);
    EXPECT_EQ(kind_of_bytes("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "a.msg"), FileKind::Mail);
    EXPECT_EQ(kind_of_bytes("\x30\x82\1\2\6\x09\x2A\x86\x48\x86\xF7\x0D\1\7\2", "a.p7s"),
              FileKind::DetachedSignature);
    EXPECT_EQ(kind_of_bytes("a\0b"s, "a.txt"), FileKind::Unknown) << "no text";
}

TEST(FileKind, AContainerIsNoPdfWhateverIsInIt) {
    EXPECT_EQ(kind_of_bytes("PK\3\4....a.pdf%PDF-1.7", "a.zip"), FileKind::Zip);
    EXPECT_EQ(kind_of_bytes("PK\3\4....%PDF-1.7", "a.pdf"), FileKind::Zip);
    EXPECT_TRUE(is_misnamed(kind_of_bytes("PK\3\4....%PDF-1.7", "a.pdf")));
    EXPECT_FALSE(is_misnamed(kind_of_bytes("no pdf at all", "a.pdf"))) << "for the drawing to tell";
}

TEST(FileKind, PdfThatBeginsLateIsFound) {
    const TemporaryFolder folder;
    const auto kind_of = [&](const std::string& bytes) {
        std::ofstream(folder.path() / "f") << bytes;
        return kind_of_file(folder.path() / "f", "f");
    };
    EXPECT_EQ(kind_of(std::string(9000, '\1') + "%PDF-1.4"), FileKind::Pdf);
    EXPECT_EQ(kind_of(std::string(9000, '-') + "\n%PDF-1.4"), FileKind::Pdf);
    EXPECT_EQ(kind_of(std::string(9000, '-') + "a text on %PDF-1.4"), FileKind::Text);
    EXPECT_EQ(kind_of("PK\3\4" + std::string(9000, '\1') + "%PDF-1.4"), FileKind::Zip);
}

TEST(FileKind, EveryKindHasItsWordsAndComesBackByThem) {
    for (int k = 0; k <= static_cast<int>(FileKind::Unknown); ++k) {
        const auto kind = static_cast<FileKind>(k);
        EXPECT_EQ(parse_file_kind(to_string(kind)), kind);
        EXPECT_NE(said(message_for(kind)), "");
        EXPECT_NO_THROW(said(advice_for(kind)));
    }
    EXPECT_FALSE(parse_file_kind("no kind"));
}

TEST(FileKind, OnlyWhatHoldsNoPageIsNoDoubt) {
    for (const auto kind : {FileKind::Text, FileKind::DetachedSignature, FileKind::Empty})
        EXPECT_FALSE(may_hold_pages(kind)) << to_string(kind);
    for (const auto kind : {FileKind::Zip, FileKind::Word, FileKind::Mail, FileKind::Unknown})
        EXPECT_TRUE(may_hold_pages(kind)) << to_string(kind);
}

}  // namespace
}  // namespace avtalskoll::pipeline
