// What the drawing process writes to its standard output, record by record. The reader believes none of it beyond
// the limits that it set itself.
//
// A record is a RasterRecord, then `text_bytes` of UTF-8, then `width * height` grey bytes (Page only). The text is a reason
// (DocumentFailed, PageFailed) or JSON (Document, Page), boxes in points from the top left of the page as shown:
//   Document: {"signatures": [{"signer", "time", "validity": "unchanged|changed|unchecked"}]}
//   Page:     {"words": [{"box": [x, y, w, h], "text", "size", "bold"}], "fields": [{"box", "value"}],
//              "picture_share", "size": [w, h]}
// `scale`: drawn pixels for one pixel of the file, where the file is a picture.
// Order: one Document or DocumentFailed; after Document, one Page or PageFailed for each page, in page order; End.
#pragma once
#include <cstdint>

namespace avtalskoll::ocr {

inline constexpr std::uint32_t kRasterMagic = 0x41764b32;  // "AvK2"
inline constexpr std::uint32_t kMaxReasonBytes = 400;
inline constexpr std::uint32_t kMaxFactsBytes = 16u << 20;  // a page of the smallest print has a hundredth

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
