// A grey picture that is kept packed and unpacked where it is looked at: of hundreds of registered
// pages a few are in use.
//
// Internal to ocr/. Immutable; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

namespace avtalskoll::ocr {

class PackedPicture {
public:
    PackedPicture() = default;
    explicit PackedPicture(const cv::Mat& grey);  // 8-bit, one channel
    // `strips` as another picture of this size gave them.
    PackedPicture(cv::Size size, std::vector<std::vector<char>> strips);

    cv::Size size() const { return size_; }
    cv::Mat whole() const { return region(cv::Rect({}, size_)); }
    // The pixels of a rectangle inside the picture; they are the caller's own. Unpacks the strips
    // that the rectangle touches.
    cv::Mat region(const cv::Rect& rectangle) const;
    std::size_t bytes() const;  // packed
    const std::vector<std::vector<char>>& strips() const { return strips_; }

private:
    // Rows that are packed together: a field is a few of them high.
    static constexpr int kStrip_px = 64;
    cv::Size size_;
    std::vector<std::vector<char>> strips_;
};

}  // namespace avtalskoll::ocr
