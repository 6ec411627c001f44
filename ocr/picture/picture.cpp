#include "ocr/picture/picture.h"

#include <leptonica/allheaders.h>

#include <memory>

#include "models/error.h"

namespace avtalskoll::ocr {
namespace {

struct PixDeleter {
    void operator()(Pix* pix) const { pixDestroy(&pix); }
};
using PixPtr = std::unique_ptr<Pix, PixDeleter>;

PixPtr to_pix(const cv::Mat& grey) {
    PixPtr pix(pixCreate(grey.cols, grey.rows, 8));
    if (!pix) throw Error(ErrorKind::Internal, "no memory for a picture");
    for (int y = 0; y < grey.rows; ++y) {
        l_uint32* line =
            pixGetData(pix.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(pix.get());
        const auto* row = grey.ptr<unsigned char>(y);
        for (int x = 0; x < grey.cols; ++x) SET_DATA_BYTE(line, x, row[x]);
    }
    return pix;
}

// Takes over what an encoder allocated.
std::vector<std::uint8_t> taken(l_uint8* data, std::size_t size, l_int32 failed) {
    if (failed || !data) throw Error(ErrorKind::Internal, "a picture could not be packed");
    std::vector<std::uint8_t> bytes(data, data + size);
    lept_free(data);
    return bytes;
}

}  // namespace

std::vector<std::uint8_t> to_png(const cv::Mat& grey) {
    l_uint8* data = nullptr;
    std::size_t size = 0;
    constexpr l_int32 kQuick = 2;  // of 9: a tenth larger, a third of the time
    const PixPtr pix = to_pix(grey);
    pixSetZlibCompression(pix.get(), kQuick);
    const l_int32 failed = pixWriteMemPng(&data, &size, pix.get(), 0);
    return taken(data, size, failed);
}

std::vector<std::uint8_t> to_jpeg(const cv::Mat& grey, int quality) {
    l_uint8* data = nullptr;
    std::size_t size = 0;
    const l_int32 failed = pixWriteMemJpeg(&data, &size, to_pix(grey).get(), quality, 0);
    return taken(data, size, failed);
}

}  // namespace avtalskoll::ocr
