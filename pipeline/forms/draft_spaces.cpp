#include "pipeline/forms/draft_spaces.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

class SpaceFinder {
public:
    explicit SpaceFinder(const BlankPrint& print) : print_(print) {}

    std::vector<Space> find(const std::map<std::string, ocr::FillableField>& fillable) {
        for (const auto& [name, field] : fillable)
            spaces_.push_back({.page = field.place.page,
                               .box = field.place.box,
                               .kind = SpaceKind::Fillable,
                               .acroform = name,
                               .hint = field.hint,
                               .multiline = field.multiline,
                               .signature = field.signature,
                               .on_rule = stands_on_rule(field.place)});
        for (const PrintedGap& gap : print_.gaps)
            if (gap.prompt.empty()) add_run(gap);
            else add_prompt(gap);
        for (std::size_t p = 0; p < print_.pages.size(); ++p) {
            const int number = static_cast<int>(p + 1);
            for (const ocr::PrintedComb& comb : print_.pages[p].layout.combs)
                add({.page = number, .box = comb.box, .cells = comb.cells});
            for (const BoxPt& box : print_.pages[p].layout.boxes) add_box(number, box);
            for (const ocr::PrintedRule& rule : print_.pages[p].layout.rules)
                add_rule(number, rule);
        }
        std::stable_sort(spaces_.begin(), spaces_.end(), [](const Space& a, const Space& b) {
            return std::tuple(a.page, std::round(a.box.y / 6), a.box.x) <
                   std::tuple(b.page, std::round(b.box.y / 6), b.box.x);
        });
        return std::move(spaces_);
    }

private:
    static constexpr double kHighest_pt = 40;  // room over a line that counts as its place

    bool stands_on_rule(const Place& place) const {
        constexpr double kOn_pt = 6;
        const auto& rules = print_.layout(place.page).rules;
        return std::any_of(rules.begin(), rules.end(), [&](const ocr::PrintedRule& r) {
            return std::abs(r.y - place.box.bottom()) < kOn_pt && r.left < place.box.x + kOn_pt &&
                   r.right > place.box.right() - kOn_pt;
        });
    }

    // Where the room over a line ends: at the next print, line or box side, or kHighest_pt up.
    double top_of_room(int page, double left, double right, double bottom) const {
        constexpr double kTouch_pt = 2;
        double top = bottom - kHighest_pt;
        const auto bound = [&](double from, double to, double lower) {
            if (from < right && to > left && lower < bottom - kTouch_pt)
                top = std::max(top, lower + 1);
        };
        for (const Segment& s : print_.segments)
            if (s.page == page) bound(s.box.x, s.box.right(), s.box.bottom());
        for (const PrintedGap& gap : print_.gaps)
            if (gap.page == page) bound(gap.box.x, gap.box.right(), gap.box.bottom());
        for (const ocr::PrintedRule& rule : print_.layout(page).rules)
            bound(rule.left, rule.right, rule.y);
        for (const BoxPt& box : print_.layout(page).boxes) {
            if (box.y < bottom) bound(box.x, box.right(), box.y);
            bound(box.x, box.right(), box.bottom());
        }
        return top;
    }

    // Underscores take the width of the line that they draw, where one is seen.
    void add_run(const PrintedGap& gap) {
        constexpr double kLowest_pt = 12, kInText_pt = 18, kEnds_pt = 8;
        double left = gap.box.x, right = gap.box.right();
        const double bottom = gap.box.bottom() - 1;
        for (const ocr::PrintedRule& rule : print_.layout(gap.page).rules)
            if (std::abs(rule.y - bottom) < 0.5 * gap.box.h &&
                std::abs(rule.left - left) < kEnds_pt && std::abs(rule.right - right) < kEnds_pt)
                left = rule.left, right = rule.right;
        double top = std::min(top_of_room(gap.page, left, right, bottom - 3), bottom - kLowest_pt);
        if (stands_in_text(gap)) top = std::max(top, bottom - kInText_pt);
        add({.page = gap.page,
             .box = {left, top, right - left, bottom - top},
             .kind = SpaceKind::Run,
             .on_rule = true});
    }

    // A sentence goes on after the gap.
    bool stands_in_text(const PrintedGap& gap) const {
        constexpr double kNext_pt = 12;
        return std::any_of(print_.segments.begin(), print_.segments.end(), [&](const Segment& s) {
            return s.page == gap.page && s.box.x > gap.box.right() - 2 &&
                   s.box.x < gap.box.right() + kNext_pt && middle(s.box) > gap.box.y &&
                   middle(s.box) < gap.box.bottom();
        });
    }

    // A value may be longer than the prompt that it replaces: up to the next print, at most to
    // where the page's print ends.
    void add_prompt(const PrintedGap& gap) {
        double right = gap.box.right();
        const auto beside = [&](const BoxPt& b) {
            return b.x >= gap.box.right() - 1 && b.y < gap.box.bottom() && b.bottom() > gap.box.y;
        };
        for (const Segment& s : print_.segments)
            if (s.page == gap.page) right = std::max(right, s.box.right());
        for (const Segment& s : print_.segments)
            if (s.page == gap.page && beside(s.box)) right = std::min(right, s.box.x - 1);
        for (const PrintedGap& other : print_.gaps)
            if (other.page == gap.page && beside(other.box))
                right = std::min(right, other.box.x - 1);
        for (const BoxPt& box : print_.layout(gap.page).boxes)
            if (box.x < gap.box.x + 1 && box.right() > gap.box.right() - 1 &&
                box.y < middle(gap.box) && box.bottom() > middle(gap.box))
                right = std::min(right, box.right() - 1);
        right = std::max(right, gap.box.right());
        add({.page = gap.page,
             .box = {gap.box.x, gap.box.y, right - gap.box.x, gap.box.h},
             .kind = SpaceKind::Prompt,
             .hint = gap.prompt});
    }

    // A printed box that holds no text, or only a label: in its upper part, or in its left part
    // with a colon.
    void add_box(int page, const BoxPt& box) {
        double top = box.y, left = box.x;
        for (const Segment& s : print_.segments) {
            if (s.page != page || !overlaps_across(s.box, box) || middle(s.box) < box.y ||
                middle(s.box) > box.bottom())
                continue;
            if (s.box.bottom() < box.y + 0.45 * box.h && box.h > 2.2 * s.box.h)
                top = std::max(top, s.box.bottom() + 1);
            else if (s.text.ends_with(":") && s.box.right() < box.x + 0.5 * box.w)
                left = std::max(left, s.box.right() + 2);
            else return;
        }
        add({.page = page,
             .box = {left, top, box.right() - left, box.bottom() - top},
             .kind = SpaceKind::Box});
    }

    // The room above a rule, or what the labels that stand on it leave of it.
    void add_rule(int page, const ocr::PrintedRule& rule) {
        const std::vector<const Segment*> standing = words_on(page, rule);
        if (standing.empty()) return add_stretch(page, rule);
        for (std::size_t i = 0; i < standing.size(); ++i) {
            const double left = standing[i]->box.right() + 3,
                         right = i + 1 < standing.size() ? standing[i + 1]->box.x - 3 : rule.right;
            if (asks_to_its_right(*standing[i])) add_stretch(page, {left, right, rule.y});
        }
    }

    std::vector<const Segment*> words_on(int page, const ocr::PrintedRule& rule) const {
        constexpr double kOn_pt = 9, kUnder_pt = 3;
        std::vector<const Segment*> found;
        for (const Segment& s : print_.segments)
            if (s.page == page && s.box.x < rule.right && s.box.right() > rule.left &&
                s.box.bottom() > rule.y - kOn_pt && s.box.bottom() < rule.y + kUnder_pt &&
                s.box.y < rule.y)
                found.push_back(&s);
        std::sort(found.begin(), found.end(),
                  [](const Segment* a, const Segment* b) { return a->box.x < b->box.x; });
        return found;
    }

    // A label, and no text that happens to be underlined.
    static bool asks_to_its_right(const Segment& s) {
        constexpr std::size_t kLongestLabel = 60;
        return s.text.size() < kLongestLabel &&
               (s.text.ends_with(":") || s.text.ends_with("\u25B6") || s.text.ends_with("\u25B8"));
    }

    void add_stretch(int page, const ocr::PrintedRule& rule) {
        constexpr double kLowest_pt = 9, kLeast_pt = 40;
        if (rule.right - rule.left < kLeast_pt) return;
        const double top = top_of_room(page, rule.left, rule.right, rule.y);
        if (rule.y - top < kLowest_pt) return;
        add({.page = page,
             .box = {rule.left, top, rule.right - rule.left, rule.y - top},
             .kind = SpaceKind::Rule,
             .on_rule = true});
    }

    void add(Space space) {
        if (!is_taken(space.page, space.box)) spaces_.push_back(std::move(space));
    }

    bool is_taken(int page, const BoxPt& box) const {
        return std::any_of(spaces_.begin(), spaces_.end(), [&](const Space& s) {
            return s.page == page && shared_part(s.box, box) > 0.5;
        });
    }

    const BlankPrint& print_;
    std::vector<Space> spaces_;
};

}  // namespace

std::vector<Space> find_spaces(const BlankPrint& print,
                               const std::map<std::string, ocr::FillableField>& fillable) {
    return SpaceFinder(print).find(fillable);
}

}  // namespace avtalskoll::pipeline
