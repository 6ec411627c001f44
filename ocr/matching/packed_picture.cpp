#include "ocr/matching/packed_picture.h"

#include <zstd.h>

#include <algorithm>
#include <stdexcept>

namespace avtalskoll::ocr {

PackedPicture::PackedPicture(const cv::Mat& grey) : size_(grey.size()) {
    // Print packs to a tenth; higher levels take several times as long for a fifth less.
    constexpr int kLevel = 1;
    for (int y = 0; y < size_.height; y += kStrip_px) {
        const cv::Mat rows = grey.rowRange(y, std::min(y + kStrip_px, size_.height)).clone();
        std::vector<char> strip(ZSTD_compressBound(rows.total()));
        const std::size_t bytes =
            ZSTD_compress(strip.data(), strip.size(), rows.data, rows.total(), kLevel);
        if (ZSTD_isError(bytes)) throw std::runtime_error(ZSTD_getErrorName(bytes));
        strips_.emplace_back(strip.begin(), strip.begin() + static_cast<std::ptrdiff_t>(bytes));
    }
}

PackedPicture::PackedPicture(cv::Size size, std::vector<std::vector<char>> strips)
    : size_(size), strips_(std::move(strips)) {
    if (strips_.size() != static_cast<std::size_t>((size.height + kStrip_px - 1) / kStrip_px))
        throw std::runtime_error("a packed picture has another number of strips");
}

cv::Mat PackedPicture::region(const cv::Rect& rectangle) const {
    if (rectangle.empty()) return {};
    const int first = rectangle.y / kStrip_px, last = (rectangle.br().y - 1) / kStrip_px,
              top = first * kStrip_px;
    cv::Mat rows(std::min((last + 1) * kStrip_px, size_.height) - top, size_.width, CV_8U);
    for (int i = first; i <= last; ++i) {
        cv::Mat strip =
            rows.rowRange(i * kStrip_px - top, std::min((i + 1) * kStrip_px - top, rows.rows));
        const std::vector<char>& packed = strips_[static_cast<std::size_t>(i)];
        const std::size_t bytes =
            ZSTD_decompress(strip.data, strip.total(), packed.data(), packed.size());
        if (bytes != strip.total()) throw std::runtime_error("a packed picture cannot be unpacked");
    }
    return rows(cv::Rect(rectangle.x, rectangle.y - top, rectangle.width, rectangle.height));
}

std::size_t PackedPicture::bytes() const {
    std::size_t sum = 0;
    for (const auto& strip : strips_) sum += strip.size();
    return sum;
}

}  // namespace avtalskoll::ocr
