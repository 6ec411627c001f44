// Tells which pages have features like a scan's without comparing with each of them:
// locality-sensitive hashing of binary descriptors (Indyk and Motwani 1998; bit sampling).
//
// Internal to ocr/. Immutable after construction; safe from many threads.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "ocr/matching/hamming.h"

namespace avtalskoll::ocr {

class FeatureIndex {
public:
    // `pages[i]`: the descriptors of page i, CV_8U with 32 bytes a row, strongest first; the first
    // `most` of each are taken.
    FeatureIndex(const std::vector<cv::Mat>& pages, int most);

    // For each page its votes of the `descriptors`: each gives one in all, to the pages that have
    // one near it and most to the nearest. What many pages have, as the letters of a common
    // typeface, so tells little; what very many have is passed over. Nearly all of those that are
    // the same feature, scanned, are found.
    std::vector<double> resemblance(const cv::Mat& descriptors) const;

private:
    using Bits = DescriptorWords;

    struct Table {
        std::vector<int> bits;                   // which bits of a descriptor make its key
        std::vector<std::uint32_t> begin, rows;  // rows[begin[key]] to rows[begin[key + 1]]
        std::uint32_t key(const Bits& descriptor) const;
    };
    std::vector<Bits> descriptors_;
    std::vector<std::uint32_t> page_of_;
    std::vector<Table> tables_;
    std::size_t pages_ = 0;
};

}  // namespace avtalskoll::ocr
