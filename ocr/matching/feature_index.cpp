#include "ocr/matching/feature_index.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace avtalskoll::ocr {

std::uint32_t FeatureIndex::Table::key(const Bits& descriptor) const {
    std::uint32_t key = 0;
    for (const int bit : bits)
        key = key << 1 | static_cast<std::uint32_t>(
                             descriptor[static_cast<std::size_t>(bit) / 64] >> (bit % 64) & 1);
    return key;
}

namespace {

// How long a key is, and how many tables there are. Longer keys separate unrelated descriptors, so
// that a look takes no longer with more of them; more tables find what longer keys miss.
struct Shape {
    int bits, tables;
};
Shape shape_for(std::size_t descriptors) {
    // Share of the pairs 40 bits apart, as the same print on a poor scan, that meet in a table.
    constexpr double kFound = 0.89;
    constexpr double kSameBit = 1 - 40 / 256.0;
    const int bits = std::clamp(
        static_cast<int>(std::log2(std::max<double>(1, static_cast<double>(descriptors)))) - 2, 12,
        20);
    return {bits, static_cast<int>(
                      std::lround(std::log(1 - kFound) / std::log(1 - std::pow(kSameBit, bits))))};
}

// More rows than this with one key are print that is everywhere and tells no page from another.
constexpr std::uint32_t kCommon = 128;

}  // namespace

FeatureIndex::FeatureIndex(const std::vector<cv::Mat>& pages, int most) : pages_(pages.size()) {
    for (std::size_t page = 0; page < pages.size(); ++page)
        for (const Bits& words :
             descriptor_words(pages[page].rowRange(0, std::min(pages[page].rows, most)))) {
            descriptors_.push_back(words);
            page_of_.push_back(static_cast<std::uint32_t>(page));
        }
    const Shape shape = shape_for(descriptors_.size());
    tables_.resize(static_cast<std::size_t>(shape.tables));
    std::mt19937 dice(20);  // any seed: the samples only have to be the same each time
    for (Table& table : tables_) {
        for (int i = 0; i < shape.bits; ++i) table.bits.push_back(static_cast<int>(dice() % 256));
        table.begin.assign((std::size_t{1} << shape.bits) + 1, 0);
        for (const Bits& words : descriptors_) ++table.begin[table.key(words) + 1];
        for (std::size_t i = 1; i < table.begin.size(); ++i) table.begin[i] += table.begin[i - 1];
        std::vector<std::uint32_t> next = table.begin;
        table.rows.resize(descriptors_.size());
        for (std::size_t row = 0; row < descriptors_.size(); ++row)
            table.rows[next[table.key(descriptors_[row])]++] = static_cast<std::uint32_t>(row);
    }
}

std::vector<double> FeatureIndex::resemblance(const cv::Mat& descriptors) const {
    constexpr int kNear = 64;        // bits: a quarter of a descriptor's
    constexpr double kDoubtful = 8;  // bits: a feature that is so much farther gets 1/e of the vote
    std::vector<double> alike(pages_, 0);
    std::vector<int> nearest(pages_, kNear);
    std::vector<std::uint32_t> near;  // pages with something nearer
    for (const Bits& words : descriptor_words(descriptors)) {
        for (const Table& table : tables_) {
            const std::uint32_t key = table.key(words);
            if (table.begin[key + 1] - table.begin[key] > kCommon) continue;
            for (std::uint32_t i = table.begin[key]; i < table.begin[key + 1]; ++i) {
                const std::uint32_t row = table.rows[i], page = page_of_[row];
                const int distance = hamming_distance(words, descriptors_[row]);
                if (distance >= nearest[page]) continue;
                if (nearest[page] == kNear) near.push_back(page);
                nearest[page] = distance;
            }
        }
        int least = kNear;
        double votes = 0;
        for (const std::uint32_t page : near) least = std::min(least, nearest[page]);
        const auto vote = [&](std::uint32_t page) {
            return std::exp((least - nearest[page]) / kDoubtful);
        };
        for (const std::uint32_t page : near) votes += vote(page);
        for (const std::uint32_t page : near) alike[page] += vote(page) / votes;
        for (const std::uint32_t page : near) nearest[page] = kNear;
        near.clear();
    }
    return alike;
}

}  // namespace avtalskoll::ocr
