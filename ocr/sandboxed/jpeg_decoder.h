// Unpacks JPEG pictures, and tells how much of one could be unpacked. For the drawing process only:
// the bytes are anybody's.
#pragma once
#include <optional>
#include <string_view>

#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

struct JpegSize {
    int width = 0;
    int height = 0;
};

// From the header alone; nullopt when there is none. Pure.
std::optional<JpegSize> jpeg_size(std::string_view bytes);

struct JpegPicture {
    GreyPicture picture;  // without a pixel when nothing could be unpacked
    double whole = 0;     // share of the rows that came before the first damage; 1: all
};

// Grey, colour or CMYK, as shown. `eighths` (1 to 8): the part of its size at which it is unpacked,
// which costs less than to shrink it afterwards. Pure.
JpegPicture decode_jpeg(std::string_view bytes, unsigned eighths);

}  // namespace avtalskoll::ocr
