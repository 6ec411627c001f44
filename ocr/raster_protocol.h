// What the drawing process writes to its standard output, record by record. The reader believes none of it beyond
// the limits that it set itself.
//
// A record is a RasterRecord, then `text_bytes` of UTF-8 (a reason), then `width * height` grey bytes (Page only).
// `scale`: drawn pixels for one pixel of the file, where the file is a picture.
// Order: one Document or DocumentFailed; after Document, one Page or PageFailed for each page, in page order; End.
#pragma once
#include <cstdint>

namespace avtalskoll::ocr {

inline constexpr std::uint32_t kRasterMagic = 0x41764b31;  // "AvK1"
inline constexpr std::uint32_t kMaxReasonBytes = 400;

enum class RasterKind : std::uint32_t { Document = 1, DocumentFailed, Page, PageFailed, End };
enum class RasterFailure : std::uint32_t { None = 0, Damaged, Encrypted, OverLimit, NotADocument };

struct RasterRecord {
    std::uint32_t magic = kRasterMagic;
    RasterKind kind = RasterKind::End;
    RasterFailure failure = RasterFailure::None;
    std::uint32_t pages = 0;  // Document only
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    double dpi = 0;
    double scale = 1;
    std::uint32_t text_bytes = 0;
    std::uint32_t reserved = 0;
};
static_assert(sizeof(RasterRecord) == 48);

}  // namespace avtalskoll::ocr
