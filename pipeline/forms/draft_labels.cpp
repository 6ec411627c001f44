#include "pipeline/forms/draft_labels.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

constexpr int kLongest = 110;  // signs: a sentence that says what belongs in a place

int length_of(const std::string& text) {
    const LetterCount count = count_letters(text);
    return count.letters + count.digits + count.others;
}

bool same_row(const BoxPt& a, const BoxPt& b) {
    const double shared = std::min(a.bottom(), b.bottom()) - std::max(a.y, b.y);
    return shared > 0.4 * std::min(a.h, b.h);
}

bool starts_alike(const BoxPt& print, const BoxPt& place) {
    constexpr double kSlack_pt = 8;
    return print.x > place.x - kSlack_pt && print.x < place.x + 0.5 * place.w;
}

bool is_centred(const BoxPt& print, const BoxPt& place) {
    const double apart = print.x + print.w / 2 - (place.x + place.w / 2);
    return std::abs(apart) < 0.15 * place.w && print.w < 1.1 * place.w;
}

// Without the signs that end a label or part it from the sentence before.
std::string trimmed(const std::string& label) {
    // Whole letters: the last byte of an arrow is also that of an o with dots.
    constexpr std::u32string_view kAround = U":_., ;\u25B6\u25B8";
    const std::u32string letters = code_points_of(label);
    const std::size_t first = letters.find_first_not_of(kAround);
    if (first == std::u32string::npos) return {};
    const std::size_t last = letters.find_last_not_of(kAround);
    return utf8_of(std::u32string_view(letters).substr(first, last + 1 - first));
}

// "Name (as shown on the return). Required on this line." asks for what its beginning says.
std::string first_sentence(const std::string& text) {
    constexpr std::size_t kLeast = 8;
    const std::size_t end = text.find(". ", kLeast);
    return end == std::string::npos ? text : text.substr(0, end);
}

// The last words of a sentence that runs into a gap.
std::string end_of(const std::string& sentence) {
    constexpr std::size_t kWords = 3;
    std::vector<std::string> words;
    std::istringstream in(sentence);
    for (std::string word; in >> word;) words.push_back(word);
    std::string end;
    for (std::size_t i = words.size() - std::min(words.size(), kWords); i < words.size(); ++i)
        end += (end.empty() ? "" : " ") + words[i];
    return end;
}

class LabelFinder {
public:
    LabelFinder(const Space& space, const std::vector<Space>& spaces, const BlankPrint& print,
                const FieldWords& words)
        : space_(space), spaces_(spaces), print_(print), words_(words) {}

    std::optional<Label> find() {
        for (const Segment& s : print_.segments)
            if (s.page == space_.page && length_of(s.text) <= kLongest) weigh(s);
        weigh_row();
        if (!space_.hint.empty())
            offer(space_.hint, LabelSide::Own, space_.kind == SpaceKind::Prompt ? 0.9 : 0.3);
        if (best_) best_->column = column_head();
        return best_;
    }

private:
    void weigh(const Segment& s) {
        const BoxPt& b = space_.box;
        if (is_inside(s)) return offer(s.text, LabelSide::Inside, 0);
        if (s.box.right() <= b.x + 2 && stands_beside(s.box) && !is_separated(s.box)) {
            const double apart = b.x - s.box.right();
            return offer(label_left(s), LabelSide::Left, 0.1 + apart / 400);
        }
        if (is_under(s))
            return offer(s.text, LabelSide::Under,
                         (is_caption(s) ? 0.3 : 0.75) + (written_under_label() ? 0.2 : 0) +
                             (s.box.y - b.bottom()) / 100);
        if (is_over(s))
            offer(s.text, LabelSide::Over,
                  (written_under_label() ? 0.3 : 0.5) + (b.y - s.box.bottom()) / 60);
    }

    // In the place's row; beside the line of one that stands on a line.
    bool stands_beside(const BoxPt& label) const {
        const BoxPt& b = space_.box;
        if (!space_.on_rule || space_.kind == SpaceKind::Fillable) return same_row(label, b);
        return label.y < b.bottom() && label.bottom() > b.bottom() - 0.8 * label.h;
    }

    // The first words of a table's row, past other empty cells.
    void weigh_row() {
        if (space_.kind != SpaceKind::Box) return;
        const Segment* first = nullptr;
        for (const Segment& s : print_.segments)
            if (s.page == space_.page && s.box.right() <= space_.box.x + 2 &&
                same_row(s.box, space_.box) && (!first || s.box.right() > first->box.right()))
                first = &s;
        if (first && length_of(first->text) <= kLongest) offer(first->text, LabelSide::Row, 0.35);
    }

    // A printed line may have its label under it; a field of the file that lies on one hardly ever.
    bool written_under_label() const {
        return !space_.on_rule || space_.kind == SpaceKind::Fillable;
    }

    void offer(const std::string& print, LabelSide side, double cost) {
        constexpr double kKnown = 0.25, kColon = 0.15, kLong = 0.2, kSentence = 0.3;
        constexpr int kLongLabel = 50;
        const std::string text = trimmed(first_sentence(folded_space(print)));
        const std::string bare = bare_words(text);
        if (count_letters(text).letters < 2) return;
        if (entry_named(bare, words_) || stands_beside_signatures(bare, words_)) cost -= kKnown;
        if (print.ends_with(":")) cost -= kColon;
        if (text.size() + 1 == print.size() && print.ends_with(".")) cost += kSentence;
        if (begins_with_small_letter(text) && side != LabelSide::Left) cost += kSentence;
        if (length_of(text) > kLongLabel) cost += kLong;
        if (!best_ || cost < best_->cost) best_ = Label{text, side, cost, {}};
    }

    std::string label_left(const Segment& s) const {
        constexpr int kSentence = 45;
        const bool in_line = space_.kind == SpaceKind::Run || space_.kind == SpaceKind::Prompt;
        if (in_line && length_of(s.text) > kSentence) return end_of(s.text);
        return in_line ? s.text : with_line_before(s);
    }

    bool is_known(const std::string& text) const {
        return entry_named(bare_words(text), words_) != nullptr;
    }

    // A label of two lines: the second begins amid the sentence, or is known with the first only.
    std::string with_line_before(const Segment& s) const {
        for (const Segment& before : print_.segments) {
            const double room = s.box.y - before.box.bottom();
            if (before.page == s.page && before.box.x < s.box.x + 3 &&
                before.box.right() > s.box.x + 0.6 * s.box.w && std::abs(room) < 0.5 * s.box.h &&
                before.box.y < s.box.y && before.text.size() < kLongest) {
                std::string both = before.text + " " + s.text;
                if (begins_with_small_letter(s.text) || (!is_known(s.text) && is_known(both)))
                    return both;
            }
        }
        return s.text;
    }

    bool is_inside(const Segment& s) const {
        if (space_.kind != SpaceKind::Box || s.box.bottom() > space_.box.y + 2 ||
            !starts_alike(s.box, space_.box))
            return false;
        const auto& boxes = print_.layout(s.page).boxes;
        return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& box) {
            return middle(s.box) > box.y && std::abs(box.x - space_.box.x) < 2 &&
                   std::abs(box.bottom() - space_.box.bottom()) < 2 && middle(s.box) < box.bottom();
        });
    }

    bool is_under(const Segment& s) const {
        constexpr double kUnder_pt = 14;
        const BoxPt& b = space_.box;
        return space_.on_rule && (starts_alike(s.box, b) || is_centred(s.box, b)) &&
               s.box.y >= b.bottom() - 3 && s.box.y < b.bottom() + kUnder_pt &&
               !s.text.ends_with(":") && !has_own_place(s);
    }

    bool is_over(const Segment& s) const {
        constexpr double kOver_pt = 20;
        const BoxPt& b = space_.box;
        return (starts_alike(s.box, b) || is_centred(s.box, b)) &&
               s.box.bottom() <= b.y + std::max(3.0, 0.4 * s.box.h) &&
               s.box.bottom() > b.y - kOver_pt && !has_own_place(s);
    }

    // Another place begins right of it, in its line.
    bool has_own_place(const Segment& s) const {
        constexpr double kBeside_pt = 30;
        return std::any_of(spaces_.begin(), spaces_.end(), [&](const Space& other) {
            return other.page == s.page && &other != &space_ && other.box.x > s.box.right() - 2 &&
                   other.box.x < s.box.right() + kBeside_pt && same_row(s.box, other.box) &&
                   !same_row(space_.box, other.box);
        });
    }

    // Words under a line that are no beginning of a paragraph.
    bool is_caption(const Segment& s) const {
        if (s.box.w > 1.1 * space_.box.w + 20 || s.text.ends_with(".")) return false;
        return std::none_of(
            print_.segments.begin(), print_.segments.end(), [&](const Segment& next) {
                return next.page == s.page && std::abs(next.box.x - s.box.x) < 3 &&
                       next.box.y > middle(s.box) && next.box.y - s.box.bottom() < 0.5 * s.box.h &&
                       next.box.w > 0.9 * s.box.w && std::abs(next.size_pt - s.size_pt) < 0.5;
            });
    }

    // A printed line or box says little beside the fields of a file.
    bool parts(const Space& other) const {
        return other.kind == SpaceKind::Fillable || space_.kind != SpaceKind::Fillable;
    }

    // True when print or another place stands between a label and the place to its right.
    bool is_separated(const BoxPt& label) const {
        const auto between = [&](const BoxPt& other) {
            return other.x >= label.right() - 1 && other.right() <= space_.box.x + 2 &&
                   other.y < middle(label) && other.bottom() > middle(label);
        };
        return std::any_of(spaces_.begin(), spaces_.end(),
                           [&](const Space& s) {
                               return s.page == space_.page && &s != &space_ && parts(s) &&
                                      between(s.box);
                           }) ||
               std::any_of(print_.segments.begin(), print_.segments.end(), [&](const Segment& s) {
                   return s.page == space_.page && between(s.box) &&
                          count_letters(s.text).letters > 1;
               });
    }

    // The words in the nearest cell over a table's cell.
    std::string column_head() const {
        if (space_.kind != SpaceKind::Box) return {};
        const Segment* head = nullptr;
        for (const Segment& s : print_.segments)
            if (s.page == space_.page && s.box.bottom() < space_.box.y + 2 && in_column(s) &&
                (!head || s.box.y > head->box.y))
                head = &s;
        const std::string text = head ? trimmed(folded_space(head->text)) : "";
        return best_ && text == best_->text ? "" : text;  // the cell's own label
    }

    bool in_column(const Segment& s) const {
        const auto& boxes = print_.layout(s.page).boxes;
        return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& box) {
            return std::abs(box.x - space_.box.x) < 3 &&
                   std::abs(box.right() - space_.box.right()) < 3 && s.box.x > box.x - 1 &&
                   s.box.right() < box.right() + 1 && middle(s.box) > box.y &&
                   middle(s.box) < box.bottom();
        });
    }

    const Space& space_;
    const std::vector<Space>& spaces_;
    const BlankPrint& print_;
    const FieldWords& words_;
    std::optional<Label> best_;
};

bool begins_a_word(const std::string& label, const std::string& word) {
    return label.starts_with(word) || label.find(" " + word) != std::string::npos;
}

}  // namespace

const FieldWords::Entry* entry_named(const std::string& label, const FieldWords& words) {
    constexpr std::ptrdiff_t kMostWords =
        14;  // a longer one is a sentence, which names many things
    if (std::count(label.begin(), label.end(), ' ') >= kMostWords) return nullptr;
    for (const FieldWords::Entry& entry : words.fields)
        if (std::any_of(entry.words.begin(), entry.words.end(),
                        [&](const std::string& w) { return begins_a_word(label, w); }))
            return &entry;
    return nullptr;
}

bool stands_beside_signatures(const std::string& label, const FieldWords& words) {
    constexpr double kAlike = 0.85;  // the file or the reading may have lost the marks of å ä ö
    return std::any_of(
        words.beside_signature.begin(), words.beside_signature.end(), [&](const std::string& w) {
            return label == w || label.starts_with(w + " ") || similarity(label, w) >= kAlike;
        });
}

std::optional<Label> label_of(const Space& space, const std::vector<Space>& spaces,
                              const BlankPrint& print, const FieldWords& words) {
    return LabelFinder(space, spaces, print, words).find();
}

}  // namespace avtalskoll::pipeline
