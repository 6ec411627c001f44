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

// A scan that is known to show a form page.
struct RegisteredPage {
    const cv::Mat& scan;  // evened 8-bit grey
    const BlankPage& blank;
    const Registration& registration;  // maps the blank's match px to the scan
    const PageText& file;  // the file's facts of the page; its words, if it was never printed
};

FieldReading read_field(const RegisteredPage& page, const Field& field, const FieldRef& ref,
                        const ReadingContext& context, TextEngines& engines);

}  // namespace avtalskoll::ocr
