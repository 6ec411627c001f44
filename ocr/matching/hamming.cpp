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

namespace {

using Table = std::vector<DescriptorWords>;

[[gnu::always_inline]] inline TwoNearest search(const DescriptorWords& query, const Table& among) {
    TwoNearest nearest{0, 256, 256};
    for (std::size_t i = 0; i < among.size(); ++i) {
        const int d = hamming_distance(query, among[i]);
        if (d >= nearest.next) continue;
        if (d < nearest.distance) nearest = {static_cast<int>(i), d, nearest.distance};
        else nearest.next = d;
    }
    return nearest;
}

TwoNearest search_anywhere(const DescriptorWords& query, const Table& among) {
    return search(query, among);
}

#ifdef __x86_64__
[[gnu::target("popcnt")]] TwoNearest search_counting(const DescriptorWords& query,
                                                     const Table& among) {
    return search(query, among);
}

// Processors of the last fifteen years count a word's bits in one instruction. Chosen here and not
// by the loader, whose way the thread sanitizer does not bear.
const auto kQuickestSearch = __builtin_cpu_supports("popcnt") ? search_counting : search_anywhere;
#else
const auto kQuickestSearch = search_anywhere;
#endif

}  // namespace

std::vector<TwoNearest> two_nearest(const cv::Mat& queries, const cv::Mat& among) {
    const Table others = descriptor_words(among);
    std::vector<TwoNearest> found;
    for (const DescriptorWords& query : descriptor_words(queries))
        found.push_back(kQuickestSearch(query, others));
    return found;
}

}  // namespace avtalskoll::ocr
