// Measures signature places in a picture of a page that is no registered form.
#pragma once
#include <vector>

#include "models/geometry.h"
#include "models/page_image.h"
#include "models/reading.h"
#include "ocr/ink/signature_model.h"

namespace avtalskoll::ocr {

// `boxes` in pixels of the file that `picture` was drawn from. A picture of a sheet's shape is
// taken for A4; of any other, the largest box is taken for as large as signature places are. One
// measure a box, in their order. Pure; safe from many threads.
std::vector<SignatureMeasure> measure_places(const PageImage& picture,
                                             const std::vector<BoxPx>& boxes,
                                             const SignatureModel& model);

}  // namespace avtalskoll::ocr
