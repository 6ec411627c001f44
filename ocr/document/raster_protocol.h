// The messages between the program, the drawing server and its children (drawing_server.h). The
// reader of an answer believes none of it beyond the limits that it set itself.
//
// Control socket (SOCK_SEQPACKET), program to server: one ServerRequest a message. With all but
// Kill come descriptors: the channel's other end; for Draw and Layout the document; for Draw the
// pixels' memory.
//
// Channel (SOCK_STREAM, one a document), program to child: the bit set of the pages to draw (page n
// is bit n % 8 of byte n / 8, from 0; `selection_bytes` long, none: all), then one byte for each
// Page whose pixels were taken.
//
// Channel, child to program: a record is a RasterRecord, then `text_bytes` of UTF-8: a fault of
// raster_fault.h (DocumentFailed, PageFailed), a reason in English for whoever runs the program
// (Refused: no sandbox, or a blank that cannot be used), or JSON (Document, Facts, Trials, Layout),
// boxes in points from the top left of the page as shown:
//   Document: {"signatures": [{"signer", "time", "kind": "signature|time_stamp",
//              "validity": "unchanged|changed|partial|unchecked"}], "attachments": how many}
//   Facts:    {"words": [{"box": [x, y, w, h], "text", "size", "bold"}],
//              "fields": [{"box", "value"}], "scan_share",
//              "screen_ink": [{"box", "mm2", "annotation"}], "size": [w, h],
//              "damage": a fault or absent}
//   Trials:   {"landlock": true, "trials": [{"what", "denied"}]}
//   Layout:   {"pages": [[w, h]],
//              "fields": [{"name", "page", "box", "hint", "signature", "multiline"}]}
// `scale`: drawn pixels for one pixel of the file, where the file is a picture.
// Order: one Document, DocumentFailed or Refused; after Document, for each page in order,
// PageFailed or a Page and its Facts; End. A page whose Facts never come is a page all the same.
// Whatever comes, the server closes with Ended when the child is gone.
//
// Pixels: `max_page_pixels` grey bytes for each of kPixelSlots slots, in shared memory that nobody
// can shrink. The n-th Page (from 0) is in slot n % kPixelSlots, and the child waits before it
// draws over one that was not taken.
#pragma once
#include <cstdint>

namespace avtalskoll::ocr {

inline constexpr std::uint32_t kRasterMagic = 0x41764b34;  // "AvK4"
inline constexpr std::uint32_t kMaxReasonBytes = 400;
// A page of the smallest print has a hundredth.
inline constexpr std::uint32_t kMaxFactsBytes = 16u << 20;
inline constexpr std::uint32_t kPixelSlots = 2;

enum class ServerTask : std::uint32_t { Draw = 1, Layout, SelfTest, Kill };

struct ServerRequest {
    ServerTask task = ServerTask::Draw;
    std::uint32_t max_pages = 0;
    std::uint64_t ticket = 0;  // names the child in a later Kill
    double dpi = 0;
    std::uint64_t max_file_bytes = 0;
    std::uint64_t max_page_pixels = 0;
    std::uint64_t max_memory_bytes = 0;
    std::uint32_t max_cpu_seconds = 0;
    std::uint32_t selection_bytes = 0;
    std::uint32_t require_landlock = 0;
    std::uint32_t max_page_cpu_seconds = 0;
};
static_assert(sizeof(ServerRequest) == 64);

enum class RasterKind : std::uint32_t {
    Document = 1,
    DocumentFailed,
    Page,
    PageFailed,
    End,
    Ended,
    Trials,
    Layout,
    Facts,
    Refused
};

struct RasterRecord {
    std::uint32_t magic = kRasterMagic;
    RasterKind kind = RasterKind::End;
    std::uint32_t pages = 0;  // Document only
    std::uint32_t unused = 0;
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    double dpi = 0;
    double scale = 1;
    std::uint32_t text_bytes = 0;
    std::int32_t status = 0;  // Ended only: as of waitpid(2)
};
static_assert(sizeof(RasterRecord) == 48);

}  // namespace avtalskoll::ocr
