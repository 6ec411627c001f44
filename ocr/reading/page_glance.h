// Reads the lines of a page that matches no form quickly, with the line reader alone: enough to
// tell what the page is, not to take values from it.
#pragma once
#include "models/page_image.h"
#include "models/reading.h"
#include "ocr/reading/line_reader.h"

namespace avtalskoll::ocr {

// Words of a page that was never printed come from its file, those of a scan from its pixels,
// turned upright and level before; of a scan at most the first 64 lines. Lines that are no print or
// hardly legible are left out; a page of which most is illegible has no words. A word's box is its
// share of its line's. Pure; safe from many threads.
WholePage glance_at_page(const PageImage& page, const LineReader& reader);

}  // namespace avtalskoll::ocr
