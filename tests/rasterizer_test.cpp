#include "ocr/rasterizer.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/temporary_folder.h"

namespace avtalskoll::ocr {
namespace {

const std::filesystem::path kBlank = AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1/blank.pdf";

ErrorKind refused(const std::filesystem::path& file, const RasterLimits& limits = {}) {
    try {
        Rasterizer rasterizer(file, limits);
    } catch (const Error& e) {
        return e.kind();
    }
    ADD_FAILURE() << "not refused";
    return ErrorKind::Internal;
}

std::filesystem::path write_file(const TemporaryFolder& folder, const std::string& content) {
    std::ofstream(folder.path() / "f.pdf", std::ios::binary) << content;
    return folder.path() / "f.pdf";
}

TEST(Rasterizer, DrawsEveryPageAtTheAskedResolution) {
    Rasterizer rasterizer(kBlank, {});
    EXPECT_EQ(rasterizer.page_count(), 3);
    for (int i = 0; i < 3; ++i) {
        const auto page = rasterizer.next();
        ASSERT_TRUE(page && page->trouble.empty());
        EXPECT_NEAR(page->image.width, 1654, 1);
        EXPECT_NEAR(page->image.height, 2339, 1);
        EXPECT_EQ(page->image.grey.size(), static_cast<std::size_t>(page->image.width) * static_cast<std::size_t>(page->image.height));
    }
    EXPECT_FALSE(rasterizer.next());
}

TEST(Rasterizer, RefusesWhatIsNoDocument) {
    const TemporaryFolder folder;
    EXPECT_EQ(refused(write_file(folder, "not a document at all")), ErrorKind::Unreadable);
    EXPECT_EQ(refused(write_file(folder, "")), ErrorKind::Unreadable);
    EXPECT_EQ(refused(write_file(folder, "%PDF-1.4\nbroken")), ErrorKind::Unreadable);
}

TEST(Rasterizer, TruncatedPdfIsRefusedOrItsPagesAreTrouble) {
    const TemporaryFolder folder;
    std::ifstream in(kBlank, std::ios::binary);
    std::string content((std::istreambuf_iterator<char>(in)), {});
    try {
        Rasterizer rasterizer(write_file(folder, content.substr(0, content.size() / 3)), {});
        while (auto page = rasterizer.next()) EXPECT_TRUE(!page->trouble.empty() || !page->image.grey.empty());
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::Unreadable);
    }
}

TEST(Rasterizer, LimitsAreNamedWithTheirNumbers) {
    RasterLimits few_pages;
    few_pages.max_pages = 2;
    EXPECT_EQ(refused(kBlank, few_pages), ErrorKind::OverLimit);
    RasterLimits small_file;
    small_file.max_file_bytes = 1000;
    EXPECT_EQ(refused(kBlank, small_file), ErrorKind::OverLimit);
    RasterLimits small_page;
    small_page.max_page_pixels = 1'000'000;
    Rasterizer rasterizer(kBlank, small_page);
    const auto page = rasterizer.next();
    ASSERT_TRUE(page);
    EXPECT_NE(page->trouble.find("1 Mpx"), std::string::npos) << page->trouble;
}

TEST(Rasterizer, EncryptedPdfIsToldAsSuch) {
    const TemporaryFolder folder;
    const std::string out = (folder.path() / "locked.pdf").string();
    ASSERT_EQ(std::system(("qpdf --encrypt user owner 256 -- " + kBlank.string() + " " + out).c_str()), 0);
    EXPECT_EQ(refused(out), ErrorKind::Encrypted);
}

TEST(Rasterizer, AbsentFileIsAnError) { EXPECT_EQ(refused("/nonexistent/x.pdf"), ErrorKind::Io); }

}  // namespace
}  // namespace avtalskoll::ocr
