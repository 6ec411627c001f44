#include "ocr/reading/typed_text.h"

#include <algorithm>

namespace avtalskoll::ocr {

std::vector<PrintedWord> words_in(const std::vector<PrintedWord>& words, const BoxPt& box) {
    std::vector<PrintedWord> inside;
    std::copy_if(words.begin(), words.end(), std::back_inserter(inside), [&](const PrintedWord& w) {
        const double x = w.box.x + w.box.w / 2, y = w.box.y + w.box.h / 2;
        return x > box.x && x < box.right() && y > box.y && y < box.bottom();
    });
    return inside;
}

TypedText typed_text(const PageText& text, const BoxPt& box,
                     const std::vector<PrintedWord>& printed) {
    constexpr double kOnBox = 0.6;  // of the smaller's area
    for (const TypedField& field : text.fields) {
        const double w = std::min(field.box.right(), box.right()) - std::max(field.box.x, box.x),
                     h = std::min(field.box.bottom(), box.bottom()) - std::max(field.box.y, box.y);
        if (!field.value.empty() && w > 0 && h > 0 &&
            w * h > kOnBox * std::min(box.w * box.h, field.box.w * field.box.h))
            return {field.value, true};
    }
    std::vector<PrintedWord> words = words_in(text.words, box);
    for (const PrintedWord& own : printed)
        if (const auto same =
                std::find_if(words.begin(), words.end(),
                             [&](const PrintedWord& w) { return w.text == own.text; });
            same != words.end())
            words.erase(same);
    std::stable_sort(words.begin(), words.end(), [](const PrintedWord& a, const PrintedWord& b) {
        return a.box.y + a.box.h / 2 < b.box.y + b.box.h / 2;
    });
    std::string out;
    for (std::size_t begin = 0; begin < words.size();) {
        std::size_t end = begin + 1;
        while (end < words.size() &&
               words[end].box.y + words[end].box.h / 2 < words[begin].box.bottom())
            ++end;
        const auto at = [&](std::size_t i) {
            return words.begin() + static_cast<std::ptrdiff_t>(i);
        };
        std::stable_sort(at(begin), at(end), [](const PrintedWord& a, const PrintedWord& b) {
            return a.box.x < b.box.x;
        });
        if (!out.empty()) out += '\n';
        for (std::size_t i = begin; i < end; ++i) out += (i > begin ? " " : "") + words[i].text;
        begin = end;
    }
    return {out, false};
}

}  // namespace avtalskoll::ocr
