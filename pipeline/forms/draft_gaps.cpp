#include "pipeline/forms/draft_gaps.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/print_segments.h"
#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

bool same_line(const PrintedWord& a, const PrintedWord& b) {
    return std::abs(middle(a.box) - middle(b.box)) < 0.5 * std::min(a.box.h, b.box.h);
}

BoxPt hull(const BoxPt& a, const BoxPt& b) {
    const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
    return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

// Where in a text a run of signs to write on begins and ends.
struct Run {
    std::size_t begin = 0, end = 0;
    explicit operator bool() const { return end > begin; }
};

// How many of a sign in a row make a run; 0: none do.
std::size_t least_of(char32_t sign) {
    switch (sign) {
        case U'_': return 3;
        case U'.': return 5;
        case U'\u2026': return 2;
        default: return 0;
    }
}

Run find_run(const std::u32string& text) {
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && text[end] == text[i]) ++end;
        const std::size_t least = least_of(text[i]);
        if (least > 0 && end - i >= least) return {i, end};
        i = end;
    }
    return {};
}

// The part of a word from one letter to another, as wide as its share of them.
PrintedWord part_of(const PrintedWord& word, const std::u32string& text, std::size_t begin,
                    std::size_t end) {
    PrintedWord part = word;
    const double letter = word.box.w / static_cast<double>(text.size());
    part.box.x = word.box.x + letter * static_cast<double>(begin);
    part.box.w = letter * static_cast<double>(end - begin);
    part.text = utf8_of(std::u32string_view(text).substr(begin, end - begin));
    return part;
}

bool is_tick_box(const std::u32string& text) {
    static const std::u32string kBoxes = U"\u2610\u2611\u2612\u25A1\u25A2\u2751\u2752\uF06F\uF0A8";
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char32_t c) {
        return kBoxes.find(c) != std::u32string::npos;
    });
}

// Print along the sheet's side names nothing.
bool is_turned(const PrintedWord& word, const std::u32string& text) {
    constexpr std::size_t kLetters = 3;
    return text.size() >= kLetters && word.box.h > 1.5 * word.box.w;
}

class Cutter {
public:
    Cutter(const std::vector<PrintedWord>& words, const FieldWords& field_words)
        : words_(words), field_words_(field_words) {}

    CutPage cut() {
        for (std::size_t i = 0; i < words_.size();) {
            if (const std::size_t taken = prompt_at(i)) {
                cut_prompt(i, i + taken);
                i += taken;
            } else {
                cut_runs(words_[i++]);
            }
        }
        drop_leaders();
        return std::move(page_);
    }

private:
    void cut_runs(PrintedWord word) {
        std::u32string text = code_points_of(word.text);
        if (is_tick_box(text) || is_turned(word, text)) return;
        while (const Run run = find_run(text)) {
            if (run.begin > 0) page_.words.push_back(part_of(word, text, 0, run.begin));
            add_run(part_of(word, text, run.begin, run.end));
            if (run.end == text.size()) return;
            word = part_of(word, text, run.end, text.size());
            text.erase(0, run.end);
        }
        page_.words.push_back(word);
    }

    // Runs with a space between them are one.
    void add_run(const PrintedWord& run) {
        constexpr double kTogether = 0.8;  // of the letters' size
        if (!page_.gaps.empty()) {
            Gap& last = page_.gaps.back();
            const double apart = run.box.x - last.box.right();
            if (last.prompt.empty() && std::abs(middle(last.box) - middle(run.box)) < 2 &&
                apart > -2 && apart < kTogether * run.size_pt) {
                last.box = hull(last.box, run.box);
                return;
            }
        }
        page_.gaps.push_back({run.box, {}});
    }

    // How many words from this one on make a prompt; 0: none.
    std::size_t prompt_at(std::size_t first) const {
        constexpr std::size_t kMostWords = 24;
        if (words_[first].text.starts_with("[")) {
            std::string inside;
            for (std::size_t n = 0; n < kMostWords && first + n < words_.size(); ++n) {
                inside += words_[first + n].text;
                if (words_[first + n].text.find(']') != std::string::npos)
                    return is_prompt(inside) ? n + 1 : 0;
            }
            return 0;
        }
        for (const std::string& prompt : field_words_.prompts)
            if (const std::size_t n = spelled_at(first, prompt)) return n;
        return 0;
    }

    // "[1]" is a reference and "[ ]" a box to tick.
    static bool is_prompt(const std::string& inside) {
        constexpr int kLeastLetters = 3;
        return count_letters(inside).letters >= kLeastLetters;
    }

    std::size_t spelled_at(std::size_t first, const std::string& prompt) const {
        std::istringstream in(prompt);
        std::size_t n = 0;
        for (std::string word; in >> word; ++n)
            if (first + n >= words_.size() || bare_words(words_[first + n].text) != word) return 0;
        return n;
    }

    // A prompt of several lines is a place in its first.
    void cut_prompt(std::size_t begin, std::size_t end) {
        Gap gap{words_[begin].box, {}};
        for (std::size_t i = begin; i < end; ++i) {
            gap.prompt += (i > begin ? " " : "") + words_[i].text;
            if (same_line(words_[begin], words_[i])) gap.box = hull(gap.box, words_[i].box);
        }
        std::erase_if(gap.prompt, [](char c) { return c == '[' || c == ']'; });
        page_.gaps.push_back(gap);
    }

    // Dots that lead to a number at the line's end: a table of contents.
    void drop_leaders() {
        std::erase_if(page_.gaps, [&](const Gap& gap) {
            return gap.prompt.empty() &&
                   std::any_of(page_.words.begin(), page_.words.end(), [&](const PrintedWord& w) {
                       return w.box.x >= gap.box.right() - 2 &&
                              w.box.x < gap.box.right() + 2 * w.size_pt &&
                              std::abs(middle(w.box) - middle(gap.box)) < 0.5 * w.box.h &&
                              w.text.find_first_not_of("0123456789") == std::string::npos &&
                              is_last_in_line(w);
                   });
        });
    }

    bool is_last_in_line(const PrintedWord& word) const {
        return std::none_of(words_.begin(), words_.end(), [&](const PrintedWord& other) {
            return same_line(word, other) && other.box.x > word.box.right();
        });
    }

    const std::vector<PrintedWord>& words_;
    const FieldWords& field_words_;
    CutPage page_;
};

}  // namespace

CutPage cut_gaps(const std::vector<PrintedWord>& words, const FieldWords& field_words) {
    return Cutter(words, field_words).cut();
}

}  // namespace avtalskoll::pipeline
