// Looks for a patch of one picture near its place in another, coarse first, then fine.
//
// Internal to ocr/. Immutable after construction; safe from many threads.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/peak.h"

namespace avtalskoll::ocr {

// A picture to look for patches in, at full and at half size, with the sums that normalizing needs.
class CorrelationPicture {
public:
    explicit CorrelationPicture(const cv::Mat& grey);  // 8-bit

    struct Level {
        explicit Level(const cv::Mat& grey);
        cv::Mat pixels;                            // 16-bit: products of these add up quickly
        std::vector<std::uint32_t> sums, squares;  // integral images, a row and a column of zeros first; they may run over, their differences do not
        double sum(const std::vector<std::uint32_t>& integral, const cv::Rect& r) const;
    };
    const Level& full() const { return full_; }
    const Level& half() const { return half_; }

private:
    Level full_, half_;
};

// How far the `patch` of `from` (8-bit) is moved in `in`, within `reach` px each way, to a fraction of a pixel, and the
// normalized correlation there (Lewis 1995, -1..1): at half size everywhere, then at full size around the best. Score 0 when
// the patch is all of one grey or `in` ends too near.
Peak find_shift(const cv::Mat& from, const cv::Rect& patch, const CorrelationPicture& in, int reach);

}  // namespace avtalskoll::ocr
