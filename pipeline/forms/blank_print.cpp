#include "pipeline/forms/blank_print.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/text.h"
#include "pipeline/forms/draft_gaps.h"

namespace avtalskoll::pipeline {
namespace {

double median_size(const std::vector<Segment>& segments) {
    std::vector<double> sizes;
    for (const Segment& s : segments)
        sizes.insert(sizes.end(), s.text.size(), s.size_pt);  // a long one counts for more
    if (sizes.empty()) return 0;
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2),
                     sizes.end());
    return sizes[sizes.size() / 2];
}

}  // namespace

BlankPrint::BlankPrint(const std::vector<BlankContent>& content, const FieldWords& words)
    : pages(content) {
    for (std::size_t p = 0; p < pages.size(); ++p) {
        const int number = static_cast<int>(p + 1);
        const CutPage cut = cut_gaps(pages[p].words, words);
        const auto found = segments_of(cut.words, number);
        segments.insert(segments.end(), found.begin(), found.end());
        for (const Gap& gap : cut.gaps) gaps.push_back({number, gap.box, gap.prompt});
    }
    body_pt = median_size(segments);
}

std::string doubt_on(int page, std::string_view sentence) {
    return fmt::format("page {}: {}", page, sentence);
}

}  // namespace avtalskoll::pipeline
