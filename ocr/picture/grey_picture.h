// Grey pixels on their way through the drawing process. Internal to ocr/.
#pragma once
#include <cstdint>
#include <vector>

namespace avtalskoll::ocr {

// Row-major, 8 bits a pixel, 0 black and 255 white, without padding.
struct GreyPicture {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> grey;
};

}  // namespace avtalskoll::ocr
