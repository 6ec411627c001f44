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

    // The votes of the `descriptors` for each page. Each descriptor has one vote in all, shared by
    // the pages that have one near it; the nearest gets most. So a feature of many pages, as a
    // letter of a common typeface, counts for little, and one of very many pages is passed over.
    // Nearly all descriptors of the same feature, scanned, are found.
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
