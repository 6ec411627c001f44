// Measures one field's place on a registered page: ink, text votes or what a signature place holds,
// and the evidence crop.
//
// Internal to ocr/. Pure but for the engines, which belong to one thread at a time.
#pragma once
#include <opencv2/core.hpp>

#include "models/reading.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/registration.h"
#include "ocr/reading/page_reader.h"
#include "ocr/reading/text_engine.h"

namespace avtalskoll::ocr {

// `scan` is evened 8-bit grey; the registration maps the blank's match px to it. `file`: what the
// page's file says of itself; of a page that was never printed, its words.
FieldReading read_field(const cv::Mat& scan, const BlankPage& blank,
                        const Registration& registration, const Field& field, const FieldRef& ref,
                        const ReadingContext& context, TextEngines& engines, const PageText& file);

}  // namespace avtalskoll::ocr
