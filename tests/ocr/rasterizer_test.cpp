#include "ocr/document/rasterizer.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/texts.h"

namespace avtalskoll::ocr {
namespace {

const std::filesystem::path kBlank =
    AVTALSKOLL_SOURCE_DIR "/data/forms/producentavtal-2.1/blank.pdf";

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
        EXPECT_EQ(page->image.grey.size(), static_cast<std::size_t>(page->image.width) *
                                               static_cast<std::size_t>(page->image.height));
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
        while (auto page = rasterizer.next())
            EXPECT_TRUE(!page->trouble.empty() || !page->image.grey.empty());
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
    EXPECT_NE(said(page->trouble).find("gränsen är 1 Mpx"), std::string::npos)
        << said(page->trouble);
}

TEST(Rasterizer, EncryptedPdfIsToldAsSuch) {
    const TemporaryFolder folder;
    const std::string out = (folder.path() / "locked.pdf").string();
    ASSERT_EQ(
        std::system(("qpdf --encrypt user owner 256 -- " + kBlank.string() + " " + out).c_str()),
        0);
    EXPECT_EQ(refused(out), ErrorKind::Encrypted);
}

// A page of forms that draw forms, ten times each, seven deep; and one of nothing.
std::string slow_and_quick_pages(int slow) {
    std::string objects =
        "%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n2 0 obj <</Type /Pages /Count " +
        std::to_string(slow + 1) + " /Kids [";
    for (int i = 0; i < slow; ++i) objects += "3 0 R ";
    objects +=
        "4 0 R] >> endobj\n"
        "3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources "
        "<</XObject <</F 10 0 R>>>>>> endobj\n"
        "4 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj\n"
        "5 0 obj <</Length 5>> stream\n/F Do\nendstream endobj\n";
    for (int i = 10; i < 18; ++i) {
        const bool last = i == 17;
        const std::string content =
            last ? "0 0 500 500 re f"
                 : "/F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do /F Do";
        objects += std::to_string(i) +
                   " 0 obj <</Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources "
                   "<</XObject <</F " +
                   std::to_string(i + 1) + " 0 R>>>> /Length " + std::to_string(content.size()) +
                   ">> stream\n" + content + "\nendstream endobj\n";
    }
    return objects + "trailer <</Root 1 0 R>>\n";
}

TEST(Rasterizer, PageThatTakesTooLongIsTroubleAndTheNextIsDrawn) {
    const TemporaryFolder folder;
    RasterLimits limits;
    limits.max_page_seconds = 1;
    Rasterizer rasterizer(write_file(folder, slow_and_quick_pages(1)), limits);
    const auto slow = rasterizer.next(), quick = rasterizer.next();
    ASSERT_TRUE(slow && quick);
    EXPECT_EQ(slow->trouble, Message("drawing.slow_page", {{"limit_seconds", 1}}))
        << to_string(slow->trouble);
    EXPECT_TRUE(quick->trouble.empty());
    EXPECT_FALSE(rasterizer.next());
}

TEST(Rasterizer, DocumentThatEndsThreeProcessesIsSetAside) {
    const TemporaryFolder folder;
    RasterLimits limits;
    limits.max_page_seconds = 1;
    Rasterizer rasterizer(write_file(folder, slow_and_quick_pages(4)), limits);
    EXPECT_TRUE(rasterizer.next() && rasterizer.next());
    EXPECT_THROW(rasterizer.next(), Error);
}

TEST(Rasterizer, DocumentHasATimeOfItsOwn) {
    const TemporaryFolder folder;
    RasterLimits limits;
    limits.max_document_seconds = 1;
    try {
        Rasterizer(write_file(folder, slow_and_quick_pages(1)), limits).next();
        ADD_FAILURE() << "no limit";
    } catch (const Error& e) {
        EXPECT_EQ(e.kind(), ErrorKind::OverLimit);
        EXPECT_NE(said(e.reason()).find("--max-document-seconds"), std::string::npos) << e.what();
    }
}

TEST(Rasterizer, NothingWorksFromInsideTheSandbox) {
    const SandboxReport report = test_sandbox();
    EXPECT_TRUE(report.allowed.empty()) << report.allowed.front();
    EXPECT_GE(report.denied.size(), 14U);
}

TEST(Rasterizer, GoesOnWithANewServerWhenItsServerIsGone) {
    { const Rasterizer first(kBlank, {}); }
    end_drawing();
    Rasterizer second(kBlank, {});
    EXPECT_TRUE(second.next());
}

TEST(Rasterizer, AbsentFileIsAnError) {
    EXPECT_EQ(refused("/nonexistent/x.pdf"), ErrorKind::Unreadable);
}

}  // namespace
}  // namespace avtalskoll::ocr
