#include "pipeline/forms/draft_spaces.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

class SpaceFinder {
public:
    explicit SpaceFinder(const BlankPrint& print) : print_(print) {}

    std::vector<Space> find(const std::map<std::string, ocr::FillableField>& fillable) {
        for (const auto& [name, field] : fillable)
            spaces_.push_back({field.place.page, field.place.box, name, field.hint, field.multiline,
                               field.signature, stands_on_rule(field.place)});
        for (std::size_t p = 0; p < print_.pages.size(); ++p) {
            const int number = static_cast<int>(p + 1);
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
    bool stands_on_rule(const Place& place) const {
        constexpr double kOn_pt = 6;
        const auto& rules = print_.layout(place.page).rules;
        return std::any_of(rules.begin(), rules.end(), [&](const ocr::PrintedRule& r) {
            return std::abs(r.y - place.box.bottom()) < kOn_pt && r.left < place.box.x + kOn_pt &&
                   r.right > place.box.right() - kOn_pt;
        });
    }

    // A printed box that holds no text, or only a label in its upper part.
    void add_box(int page, BoxPt box) {
        if (is_taken(page, box)) return;
        double label_bottom = box.y;
        for (const Segment& s : print_.segments) {
            if (s.page != page || !overlaps_across(s.box, box) || middle(s.box) < box.y ||
                middle(s.box) > box.bottom())
                continue;
            const bool label = s.box.bottom() < box.y + 0.45 * box.h && box.h > 2.2 * s.box.h;
            if (!label) return;
            label_bottom = std::max(label_bottom, s.box.bottom() + 1);
        }
        spaces_.push_back({page,
                           {box.x, label_bottom, box.w, box.bottom() - label_bottom},
                           {},
                           {},
                           false,
                           false,
                           false});
    }

    // The room above a rule, up to the next print.
    void add_rule(int page, const ocr::PrintedRule& rule) {
        constexpr double kHighest_pt = 40, kLowest_pt = 12;
        double top = rule.y - kHighest_pt;
        const auto bound = [&](double left, double right, double bottom) {
            if (left < rule.right && right > rule.left && bottom < rule.y - 2)
                top = std::max(top, bottom + 1);
        };
        for (const Segment& s : print_.segments)
            if (s.page == page) bound(s.box.x, s.box.right(), s.box.bottom());
        for (const ocr::PrintedRule& other : print_.layout(page).rules)
            bound(other.left, other.right, other.y);
        const BoxPt box{rule.left, top, rule.right - rule.left, rule.y - top};
        if (box.h >= kLowest_pt && !is_taken(page, box))
            spaces_.push_back({page, box, {}, {}, false, false, true});
    }

    bool is_taken(int page, const BoxPt& box) const {
        return std::any_of(spaces_.begin(), spaces_.end(), [&](const Space& s) {
            const double w = std::min(s.box.right(), box.right()) - std::max(s.box.x, box.x),
                         h = std::min(s.box.bottom(), box.bottom()) - std::max(s.box.y, box.y);
            return s.page == page && w > 0 && h > 0 &&
                   w * h > 0.5 * std::min(box.w * box.h, s.box.w * s.box.h);
        });
    }

    const BlankPrint& print_;
    std::vector<Space> spaces_;
};

int length_of(const std::string& text) {
    const LetterCount count = count_letters(text);
    return count.letters + count.digits + count.others;
}

bool in_same_box(const Segment& s, const BoxPt& b, const BlankPrint& print) {
    const auto& boxes = print.layout(s.page).boxes;
    return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& box) {
        return middle(s.box) > box.y && s.box.bottom() < b.bottom() && std::abs(box.x - b.x) < 2 &&
               std::abs(box.bottom() - b.bottom()) < 2 && middle(s.box) < box.bottom();
    });
}

// True when another space stands between a label and the space to its right.
bool separated(const Segment& s, const Space& space, const std::vector<Space>& spaces) {
    return std::any_of(spaces.begin(), spaces.end(), [&](const Space& other) {
        return other.page == space.page && other.box.x > s.box.x &&
               other.box.right() < space.box.x + 2 && other.box.y < middle(s.box) &&
               other.box.bottom() > middle(s.box);
    });
}

// The sides of a space on which print can be its label, the one that counts most first.
enum class Side { Inside, Under, Left, Over };
constexpr std::size_t kSides = 4;

bool starts_alike(const Segment& s, const BoxPt& b) {
    constexpr double kSlack_pt = 8;
    return s.box.x > b.x - kSlack_pt && s.box.x < b.x + 0.5 * b.w;
}

bool is_inside(const Segment& s, const BoxPt& b, const BlankPrint& print) {
    return starts_alike(s, b) && s.box.bottom() <= b.y + 2 && in_same_box(s, b, print);
}

bool is_under(const Segment& s, const Space& space) {
    constexpr double kUnder_pt = 14;
    const BoxPt& b = space.box;
    return space.on_rule && starts_alike(s, b) && s.box.y >= b.bottom() - 2 &&
           s.box.y < b.bottom() + kUnder_pt;
}

bool is_left(const Segment& s, const BoxPt& b) {
    constexpr double kAside_pt = 220;
    return s.box.right() <= b.x + 2 && b.x - s.box.right() < kAside_pt && s.box.bottom() > b.y &&
           s.box.y < b.bottom();
}

bool is_over(const Segment& s, const Space& space) {
    constexpr double kOver_pt = 18;
    const BoxPt& b = space.box;
    return !space.on_rule && starts_alike(s, b) && s.box.bottom() <= b.y + 3 &&
           s.box.bottom() > b.y - kOver_pt;
}

// The nearest piece of print on each side of a space.
class NearestPrint {
public:
    // `distance`: the smaller, the nearer.
    void offer(Side side, const Segment& s, double distance) {
        auto& [nearest, least] = sides_[static_cast<std::size_t>(side)];
        if (nearest && distance >= least) return;
        nearest = &s, least = distance;
    }
    const Segment* first() const {
        for (const auto& [nearest, least] : sides_)
            if (nearest) return nearest;
        return nullptr;
    }

private:
    std::array<std::pair<const Segment*, double>, kSides> sides_{};
};

}  // namespace

std::vector<Space> find_spaces(const BlankPrint& print,
                               const std::map<std::string, ocr::FillableField>& fillable) {
    return SpaceFinder(print).find(fillable);
}

const Segment* label_of(const Space& space, const std::vector<Space>& spaces,
                        const BlankPrint& print) {
    constexpr int kLongest = 90;  // signs: a sentence that says what belongs in a box
    NearestPrint nearest;
    double last = 0;  // of several inside, the one that comes last
    for (const Segment& s : print.segments) {
        if (s.page != space.page || length_of(s.text) > kLongest) continue;
        if (is_inside(s, space.box, print)) nearest.offer(Side::Inside, s, --last);
        if (is_under(s, space)) nearest.offer(Side::Under, s, s.box.y);
        if (is_left(s, space.box) && !separated(s, space, spaces))
            nearest.offer(Side::Left, s, -s.box.right());
        if (is_over(s, space)) nearest.offer(Side::Over, s, -s.box.y);
    }
    return nearest.first();
}

}  // namespace avtalskoll::pipeline
