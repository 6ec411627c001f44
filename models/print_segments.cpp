#include "models/print_segments.h"

#include <algorithm>
#include <cmath>

namespace avtalskoll {

std::vector<Segment> segments_of(const std::vector<PrintedWord>& printed, int page) {
    // Times the size of the letters; words of a sentence stand a third apart.
    constexpr double kGap = 1.3, kNumberGap = 4;
    const auto is_number = [](const std::string& text) {
        return text == "§" ||
               (text.size() < 7 && text.find_first_not_of("0123456789.") == std::string::npos);
    };
    std::vector<PrintedWord> words = printed;
    std::stable_sort(words.begin(), words.end(), [](const PrintedWord& a, const PrintedWord& b) {
        return middle(a.box) < middle(b.box);
    });
    std::vector<std::vector<PrintedWord>> lines;
    for (const PrintedWord& word : words) {
        const bool same =
            !lines.empty() && std::abs(middle(lines.back().front().box) - middle(word.box)) <
                                  0.45 * std::min(lines.back().front().box.h, word.box.h);
        if (!same) lines.emplace_back();
        lines.back().push_back(word);
    }
    std::vector<Segment> segments;
    for (auto& line : lines) {
        std::stable_sort(line.begin(), line.end(), [](const PrintedWord& a, const PrintedWord& b) {
            return a.box.x < b.box.x;
        });
        for (std::size_t i = 0; i < line.size(); ++i) {
            const PrintedWord& word = line[i];
            // A heading's number may stand further from its title than words do.
            const double gap = i > 0 && is_number(segments.back().text) ? kNumberGap : kGap;
            if (i == 0 || word.box.x - line[i - 1].box.right() > gap * word.size_pt) {
                segments.push_back({page, word.box, word.text, word.size_pt, word.bold});
                continue;
            }
            Segment& s = segments.back();
            s.text += " " + word.text;
            const double top = std::min(s.box.y, word.box.y),
                         bottom = std::max(s.box.bottom(), word.box.bottom());
            s.box = {s.box.x, top, word.box.right() - s.box.x, bottom - top};
            s.size_pt = std::max(s.size_pt, word.size_pt);
        }
    }
    return segments;
}

}  // namespace avtalskoll
