// The words that a drawn PDF page shows. For the drawing process only.
#pragma once
#include <poppler-page.h>
#include <nlohmann/json.hpp>

#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

// As the JSON of raster_protocol.h. `drawn` is the page at `dpi`: a word without visible ink there
// (white, or meant for machines alone) is left out.
nlohmann::json visible_words(const poppler::page& page, const GreyPicture& drawn, double dpi);

}  // namespace avtalskoll::ocr
