// Tells whether the data of a picture in a PDF end early or are damaged: PDF libraries show what
// there is and say nothing, and the lower half of such a page is white. For the drawing process
// only: the bytes are anybody's. Hides qpdf where it can.
#pragma once
#include <optional>
#include <string_view>

class QPDFObjectHandle;

namespace avtalskoll::ocr {

// False also for a picture of a kind that cannot be looked into.
bool breaks_off(QPDFObjectHandle picture);

// True when a stream of segments (ITU-T T.88, 7.2) promises more bytes than there are. Pure.
bool jbig2_is_cut(std::string_view bytes);

// The facts that a JPEG 2000 codestream gives (ITU-T T.800, annex A), within a file or alone. Pure.
struct Jpeg2000Facts {
    int components = 0;
    bool cut = false;  // a part of a tile is longer than the bytes that are left
};
std::optional<Jpeg2000Facts> jpeg2000_facts(std::string_view bytes);

}  // namespace avtalskoll::ocr
