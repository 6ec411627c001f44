// TIFF files, in every layout that libtiff can show: strips or tiles, planes together or apart, any
// palette, with alpha, CMYK. For the drawing process only.
#pragma once
#include <memory>

#include "ocr/sandboxed/picture_file.h"

namespace avtalskoll::ocr {

// nullptr when libtiff cannot open it. `bytes` must outlive the object.
std::unique_ptr<PictureFile> open_tiff(const std::vector<char>& bytes, double most_pixels);

}  // namespace avtalskoll::ocr
