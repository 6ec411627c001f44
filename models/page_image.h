// One page as bounded grey pixels, as rasterizing hands it to every later stage.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/message.h"
#include "models/page_text.h"

namespace avtalskoll {

// `grey` is row-major, 8 bits a pixel, 0 black and 255 white, without padding: width * height
// bytes. Owned by value; move it along rather than copying it.
struct PageImage {
    int width = 0;
    int height = 0;
    double dpi = 0;  // of the page as it was drawn
    // Drawn pixels for one pixel of the file, where the file is a picture; else 1.
    double scale = 1;
    std::vector<std::uint8_t> grey;
    PageText text;   // no words for a picture, and for a scan
    Message damage;  // not empty: a part of the page could not be decoded, and is white or grey
};

// Where a page came from. `page` counts from 1.
struct PageOrigin {
    std::string file;
    int page = 0;
};

}  // namespace avtalskoll
