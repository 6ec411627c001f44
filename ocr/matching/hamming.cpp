#include "ocr/matching/hamming.h"

#include <cstring>

namespace avtalskoll::ocr {

std::vector<DescriptorWords> descriptor_words(const cv::Mat& descriptors) {
    CV_Assert(descriptors.empty() ||
              (descriptors.type() == CV_8U && descriptors.cols == sizeof(DescriptorWords)));
    std::vector<DescriptorWords> words(static_cast<std::size_t>(descriptors.rows));
    for (int row = 0; row < descriptors.rows; ++row)
        std::memcpy(&words[static_cast<std::size_t>(row)], descriptors.ptr(row),
                    sizeof(DescriptorWords));
    return words;
}

// Processors of the last fifteen years count a word's bits in one instruction; the loader takes the
// function that this one can run.
[[gnu::target_clones("popcnt", "default")]] std::vector<TwoNearest> two_nearest(
    const cv::Mat& queries, const cv::Mat& among) {
    const std::vector<DescriptorWords> others = descriptor_words(among);
    std::vector<TwoNearest> found;
    for (const DescriptorWords& query : descriptor_words(queries)) {
        TwoNearest nearest{0, 256, 256};
        for (std::size_t i = 0; i < others.size(); ++i) {
            const int d = hamming_distance(query, others[i]);
            if (d >= nearest.next) continue;
            if (d < nearest.distance) nearest = {static_cast<int>(i), d, nearest.distance};
            else nearest.next = d;
        }
        found.push_back(nearest);
    }
    return found;
}

}  // namespace avtalskoll::ocr
