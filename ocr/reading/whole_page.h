// Reads every word of a page that matches no form: slow (seconds), so only where it can change what
// is said of a submission.
#pragma once
#include "models/page_image.h"
#include "models/reading.h"
#include "ocr/reading/page_reader.h"

namespace avtalskoll::ocr {

// Words of a page that was never printed come from its file, those of a scan from its pixels,
// turned upright before. Words that are read with little confidence are left out. Throws
// Error{NotFound} when a text model is not installed.
WholePage read_whole_page(const PageImage& page, ReadingTools& tools);

}  // namespace avtalskoll::ocr
