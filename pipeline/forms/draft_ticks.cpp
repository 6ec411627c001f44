#include "pipeline/forms/draft_ticks.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

struct Tick {
    int page = 0;
    BoxPt box;
    std::string group = {};
    std::string hint = {};
};

bool is_on_row_of(const BoxPt& box, const BoxPt& other) {
    return std::abs(middle(box) - middle(other)) < 0.5 * std::max(box.h, other.h);
}

class TickFinder {
public:
    TickFinder(const BlankPrint& print, const std::vector<ocr::FillableTick>& fillable)
        : print_(print) {
        for (const ocr::FillableTick& t : fillable)
            ticks_.push_back({t.place.page, t.place.box, t.group, t.hint});
        if (ticks_.empty()) take_printed();
        std::stable_sort(ticks_.begin(), ticks_.end(), [](const Tick& a, const Tick& b) {
            return std::tuple(a.page, std::round(a.box.y / 6), a.box.x) <
                   std::tuple(b.page, std::round(b.box.y / 6), b.box.x);
        });
    }

    std::vector<DraftTicks> find() {
        std::vector<DraftTicks> found;
        for (std::size_t i = 0; i < ticks_.size();) {
            const std::size_t until = end_of_choice(i);
            if (until - i > 1) found.push_back(choice(i, until));
            else found.push_back(alone(ticks_[i]));
            i = until;
        }
        return found;
    }

private:
    void take_printed() {
        static const std::u32string kGlyphs = U"\u2610\u25A1\u2751\u274F\uF06F\uF0A8";
        for (std::size_t p = 0; p < print_.pages.size(); ++p) {
            const int page = static_cast<int>(p + 1);
            for (const BoxPt& box : print_.pages[p].layout.ticks) ticks_.push_back({page, box});
            for (const PrintedWord& word : print_.pages[p].words) {
                const std::u32string text = code_points_of(word.text);
                if (text.empty() || kGlyphs.find(text.front()) == std::u32string::npos) continue;
                // The glyph's own part of a word that it is written together with.
                const BoxPt glyph{word.box.x, word.box.y, std::min(word.box.w, word.box.h),
                                  word.box.h};
                const bool drawn = std::any_of(ticks_.begin(), ticks_.end(), [&](const Tick& t) {
                    return t.page == page && overlaps_across(t.box, glyph) &&
                           is_on_row_of(t.box, glyph);
                });
                if (!drawn) ticks_.push_back({page, glyph});
            }
        }
    }

    // The words beside a box, up to the next one of its row.
    std::string words_after(const Tick& tick) const {
        constexpr double kNear_pt = 24;
        double until = 1e9;
        for (const Tick& other : ticks_)
            if (other.page == tick.page && other.box.x > tick.box.x + 1 &&
                is_on_row_of(tick.box, other.box))
                until = std::min(until, other.box.x);
        std::string words;
        double end = tick.box.right() + kNear_pt;
        for (const PrintedWord& word :
             print_.pages[static_cast<std::size_t>(tick.page - 1)].words) {
            if (!is_on_row_of(tick.box, word.box) || word.box.x < tick.box.right() - 2 ||
                word.box.x >= until - 1 || word.box.x > end || count_signs(word.text) == 0)
                continue;
            words += (words.empty() ? "" : " ") + word.text;
            end = word.box.right() + kNear_pt;
        }
        return folded_space(words);
    }

    static int count_signs(const std::string& text) {
        const LetterCount count = count_letters(text);
        return count.letters + count.digits;
    }

    // What stands to the left of a row's first box, or over it.
    std::string question_of(const Tick& first) const {
        constexpr double kOver_pt = 16;
        const Segment* best = nullptr;
        for (const Segment& s : print_.segments) {
            if (s.page != first.page || count_signs(s.text) < 2) continue;
            const bool left = is_on_row_of(first.box, s.box) && s.box.right() < first.box.x + 2;
            const bool over = s.box.bottom() < first.box.y + 2 &&
                              s.box.bottom() > first.box.y - kOver_pt &&
                              overlaps_across(s.box, first.box);
            if (left || (over && !best)) best = &s;
        }
        return best ? folded_space(best->text) : "";
    }

    // The box behind the last one of the choice that begins at `from`.
    std::size_t end_of_choice(std::size_t from) const {
        const Tick& first = ticks_[from];
        std::size_t until = from + 1;
        if (!first.group.empty()) {
            while (until < ticks_.size() && ticks_[until].group == first.group &&
                   ticks_[until].page == first.page)
                ++until;
            return until;
        }
        // Of printed boxes, only short words side by side behind a question are one.
        constexpr std::size_t kShort = 25;
        while (until < ticks_.size() && ticks_[until].page == first.page &&
               is_on_row_of(ticks_[until].box, first.box))
            ++until;
        for (std::size_t i = from; i < until; ++i)
            if (const std::string words = words_after(ticks_[i]);
                words.empty() || words.size() > kShort)
                return from + 1;
        return question_of(first).empty() ? from + 1 : until;
    }

    DraftTicks choice(std::size_t from, std::size_t until) const {
        const Tick& first = ticks_[from];
        DraftTicks found{first.page, first.box,
                         first.hint.empty() ? question_of(first) : folded_space(first.hint)};
        std::map<std::string, int> seen;
        for (std::size_t i = from; i < until; ++i) {
            std::string label = words_after(ticks_[i]);
            if (label.empty()) label = std::to_string(i - from + 1);
            if (const int nth = ++seen[label]; nth > 1) label += " " + std::to_string(nth);
            found.options.push_back({label, ticks_[i].box});
            found.box = hull_of(found.box, ticks_[i].box);
        }
        if (first.group.empty()) found.doubts.emplace_back("are these boxes one choice?");
        return found;
    }

    DraftTicks alone(const Tick& tick) const {
        std::string label = words_after(tick);
        if (label.empty()) label = folded_space(tick.hint);
        if (label.empty()) label = question_of(tick);
        return {tick.page, tick.box, label};
    }

    const BlankPrint& print_;
    std::vector<Tick> ticks_;
};

}  // namespace

std::vector<DraftTicks> find_ticks(const BlankPrint& print,
                                   const std::vector<ocr::FillableTick>& fillable) {
    return TickFinder(print, fillable).find();
}

}  // namespace avtalskoll::pipeline
