#include "ocr/hamming.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace avtalskoll::ocr {
namespace {

using Bits = std::array<std::uint64_t, 4>;

std::vector<Bits> words_of(const cv::Mat& descriptors) {
    CV_Assert(descriptors.type() == CV_8U && descriptors.cols == sizeof(Bits));
    std::vector<Bits> words(static_cast<std::size_t>(descriptors.rows));
    for (int row = 0; row < descriptors.rows; ++row) std::memcpy(&words[static_cast<std::size_t>(row)], descriptors.ptr(row), sizeof(Bits));
    return words;
}

int distance(const Bits& a, const Bits& b) { return std::popcount(a[0] ^ b[0]) + std::popcount(a[1] ^ b[1]) + std::popcount(a[2] ^ b[2]) + std::popcount(a[3] ^ b[3]); }

}  // namespace

std::vector<TwoNearest> two_nearest(const cv::Mat& queries, const cv::Mat& among) {
    const std::vector<Bits> others = words_of(among);
    std::vector<TwoNearest> found;
    for (const Bits& query : words_of(queries)) {
        TwoNearest nearest{0, 256, 256};
        for (std::size_t i = 0; i < others.size(); ++i) {
            const int d = distance(query, others[i]);
            if (d >= nearest.next) continue;
            if (d < nearest.distance) nearest = {static_cast<int>(i), d, nearest.distance};
            else nearest.next = d;
        }
        found.push_back(nearest);
    }
    return found;
}

}  // namespace avtalskoll::ocr
