// Unpacks a picture that is stored in a PDF. Internal to the drawing process. Hides the kinds of
// compression.
#pragma once
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>

#include "ocr/picture/grey_picture.h"
#include "ocr/sandboxed/picture_codec.h"

namespace avtalskoll::ocr {

// A whole number of a PDF dictionary; `otherwise` when it holds none.
long long whole_number(QPDFObjectHandle dictionary, const char* key, long long otherwise);

// The grey of a picture of this size, at `eighths` of it where its compression offers that. nullopt
// when it is damaged, larger than it says, or of a kind that is left to Poppler.
std::optional<GreyPicture> unpack_picture(QPDFObjectHandle stream, PictureSize size,
                                          unsigned eighths);

}  // namespace avtalskoll::ocr
