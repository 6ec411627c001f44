// The faults of documents and pages that a drawing child tells the program, each with its numbers.
//
// As a text of raster_protocol.h a fault is its name, and then its numbers in the order of the
// table, parted by spaces: "picture_cut 53.5". The name after "drawing." is the key of the text
// that people read (data/texts); the numbers' names are that text's placeholders.
#pragma once
#include <array>
#include <cstddef>
#include <vector>

namespace avtalskoll::ocr {

enum class RasterFault {
    // Of a document.
    FileNotRead,
    FileOverLimit,
    FileEmpty,
    NoDocument,
    Encrypted,
    PdfNotOpened,
    PdfWithoutPages,
    PdfTooManyPages,
    PictureTooManyPages,
    DocumentOverMemory,
    // Of a page that could not be drawn.
    PageNotOpened,
    PageNotDrawn,
    PageOfDamagedFile,
    PageWithoutArea,
    PageTooLarge,
    PageOverPixels,
    PageOverMemory,
    PageContentDamaged,
    TypefaceLost,
    TiffCut,
    TiffPageNotRead,
    PictureWithoutArea,
    PictureTooLarge,
    PictureNotOpened,
    PictureNotRead,
    PictureNotKnown,
    // Of a page that was drawn and lacks a part.
    ContentBroken,
    PictureBroken,
    PicturePartLost,
    PictureCut,
};

struct RasterFaultFacts {
    RasterFault fault = RasterFault::FileNotRead;
    const char* name = "";
    std::array<const char*, 5> numbers = {};  // their names; null: no more
};

inline constexpr std::array<RasterFaultFacts, 30> kRasterFaults{{
    {RasterFault::FileNotRead, "file_not_read", {"why"}},  // errno, told as the system's words
    {RasterFault::FileOverLimit, "file_over_limit", {"limit_mb"}},
    {RasterFault::FileEmpty, "file_empty"},
    {RasterFault::NoDocument, "no_document"},
    {RasterFault::Encrypted, "encrypted"},
    {RasterFault::PdfNotOpened, "pdf_not_opened"},
    {RasterFault::PdfWithoutPages, "pdf_without_pages"},
    {RasterFault::PdfTooManyPages, "pdf_too_many_pages", {"pages", "limit"}},
    {RasterFault::PictureTooManyPages, "picture_too_many_pages", {"pages", "limit"}},
    {RasterFault::DocumentOverMemory, "document_over_memory"},
    {RasterFault::PageNotOpened, "page_not_opened"},
    {RasterFault::PageNotDrawn, "page_not_drawn"},
    {RasterFault::PageOfDamagedFile, "page_of_damaged_file"},
    {RasterFault::PageWithoutArea, "page_without_area"},
    {RasterFault::PageTooLarge,
     "page_too_large",
     {"width_pt", "height_pt", "megapixels", "dpi", "limit_megapixels"}},
    {RasterFault::PageOverPixels, "page_over_pixels"},
    {RasterFault::PageOverMemory, "page_over_memory"},
    {RasterFault::PageContentDamaged, "page_content_damaged"},
    {RasterFault::TypefaceLost, "typeface_lost"},
    {RasterFault::TiffCut, "tiff_cut"},
    {RasterFault::TiffPageNotRead, "tiff_page_not_read"},
    {RasterFault::PictureWithoutArea, "picture_without_area"},
    {RasterFault::PictureTooLarge,
     "picture_too_large",
     {"width_px", "height_px", "limit_megapixels"}},
    {RasterFault::PictureNotOpened, "picture_not_opened"},
    {RasterFault::PictureNotRead, "picture_not_read"},
    {RasterFault::PictureNotKnown, "picture_not_known"},
    {RasterFault::ContentBroken, "content_broken"},
    {RasterFault::PictureBroken, "picture_broken"},
    {RasterFault::PicturePartLost, "picture_part_lost"},
    {RasterFault::PictureCut, "picture_cut", {"percent"}},
}};

// A fault as it happened. `numbers`: as many as the table names.
struct RasterTrouble {
    RasterFault fault = RasterFault::FileNotRead;
    std::vector<double> numbers = {};
};

}  // namespace avtalskoll::ocr
