// Unpacks the kinds of picture that scanners put into PDF files. For the drawing process only: the
// bytes are anybody's.
//
// Each gives nullopt for a picture that is damaged, of another size than promised, or of a kind
// that is not handled here (such a page is left to the PDF library). Pure; safe from many threads.
#pragma once
#include <optional>
#include <string_view>

#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

struct PictureSize {
    int width = 0;
    int height = 0;
};

// JPEG, grey, colour or CMYK. `eighths` (1 to 8): the part of its size at which it is unpacked,
// which costs less than to shrink it afterwards.
std::optional<GreyPicture> unpack_jpeg(std::string_view bytes, PictureSize size, unsigned eighths);

// Fax group 4 (ITU-T T.6). `black_is_one`: as the PDF's /BlackIs1.
std::optional<GreyPicture> unpack_fax(std::string_view bytes, PictureSize size, bool black_is_one);

// The share of such a picture's rows that come before the first fault; 1: all.
double whole_fax(std::string_view bytes, PictureSize size);

// JBIG2 (ITU-T T.88) as embedded in PDF: `globals` are the segments that several pictures share, or
// empty.
std::optional<GreyPicture> unpack_jbig2(std::string_view bytes, std::string_view globals,
                                        PictureSize size);

// JPEG 2000, grey or colour.
std::optional<GreyPicture> unpack_jpeg2000(std::string_view bytes, PictureSize size);

// Pixels as they are, rows beginning on whole bytes. `components`: 1 grey, 3 red, green, blue;
// `bits`: 1 (one component only) or 8.
std::optional<GreyPicture> unpack_raw(std::string_view bytes, PictureSize size, int components,
                                      int bits);

}  // namespace avtalskoll::ocr
