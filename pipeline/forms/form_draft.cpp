#include "pipeline/forms/form_draft.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>

#include "models/print_segments.h"
#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

struct Heading {
    int page = 0;
    double top = 0;
    std::string number;
    std::string title;
};

// Where something may be written or signed.
struct Space {
    int page = 0;
    BoxPt box;
    std::string acroform, hint;
    bool multiline = false;
    bool signature = false;  // a field for a digital signature
    bool on_rule = false;    // the box is the room above a printed rule
};

std::string folded(std::string_view text) { return without_marks(folded_words(text)); }

// The first few of a label's words as an id.
std::string short_name(std::string words) {
    constexpr int kMost = 4;
    std::size_t end = 0;
    for (int i = 0; i < kMost && end != std::string::npos; ++i) end = words.find(' ', end + 1);
    words = words.substr(0, end);
    std::replace(words.begin(), words.end(), ' ', '_');
    return words;
}

int length_of(const std::string& text) {
    const LetterCount count = count_letters(text);
    return count.letters + count.digits + count.others;
}

double median_size(const std::vector<Segment>& segments) {
    std::vector<double> sizes;
    for (const Segment& s : segments)
        sizes.insert(sizes.end(), s.text.size(),
                     s.size_pt);  // by what they say, not how many they are
    if (sizes.empty()) return 0;
    std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2),
                     sizes.end());
    return sizes[sizes.size() / 2];
}

bool begins_with_capital(const std::string& text) {
    const auto s = icu::UnicodeString::fromUTF8(text);
    return s.length() > 0 && u_isupper(s.char32At(0));
}

struct Numbered {
    std::string number, title;
};

// "14 Underskrift", "§ 14. Underskrift", "14 § Underskrift", "Artikel 14 Underskrift", "4.3
// Kontakt", "A3 Typer", "Bilaga B – Incidenter".
std::optional<Numbered> parse_heading(const std::string& text, const FieldWords& words) {
    std::string rest = folded_space(text);
    const auto drop = [&](std::string_view prefix) {
        if (!rest.starts_with(prefix)) return false;
        rest.erase(0, prefix.size());
        while (!rest.empty() && rest.front() == ' ') rest.erase(0, 1);
        return true;
    };
    const std::string first = folded(rest.substr(0, rest.find(' ')));
    const auto stands_in = [&](const std::vector<std::string>& list) {
        return std::find(list.begin(), list.end(), first) != list.end();
    };
    if (stands_in(words.annex) || stands_in(words.numbered))
        rest.erase(0, std::min(rest.size(), rest.find(' ') + 1));
    drop("§");
    std::size_t end = 0;
    if (end < rest.size() && std::isupper(static_cast<unsigned char>(rest[end]))) ++end;
    while (end < rest.size() &&
           (std::isdigit(static_cast<unsigned char>(rest[end])) || (rest[end] == '.' && end > 0)))
        ++end;
    std::string number = rest.substr(0, end);
    while (!number.empty() && number.back() == '.') number.pop_back();
    if (number.empty() || number.size() > 6) return std::nullopt;
    rest.erase(0, end);
    if (!rest.empty() && rest.front() != ' ' && rest.front() != ')' && rest.front() != ':')
        return std::nullopt;
    while (drop(")") || drop(":") || drop("§") || drop("–") || drop("-") || drop(" ")) {
    }
    constexpr std::size_t kLongestTitle = 80;
    if (rest.size() > kLongestTitle || !begins_with_capital(rest) || rest.ends_with("."))
        return std::nullopt;
    return Numbered{number, rest};
}

class Drafter {
public:
    Drafter(const std::vector<BlankContent>& pages,
            const std::map<std::string, ocr::FillableField>& fillable, const FieldWords& words,
            const std::string& counterparty)
        : pages_(pages), fillable_(fillable), words_(words), counterparty_(folded(counterparty)) {
        for (std::size_t p = 0; p < pages.size(); ++p) {
            const auto found = segments_of(pages[p].words, static_cast<int>(p + 1));
            segments_.insert(segments_.end(), found.begin(), found.end());
        }
        body_pt_ = median_size(segments_);
    }

    FormDraft draft() {
        find_title();
        find_headings();
        find_spaces();
        for (const Space& space : spaces_) place(space);
        settle_sides();
        for (DraftPoint& point : draft_.points) {
            settle_names(point);
            number_twins(point);
        }
        std::erase_if(draft_.points, [](const DraftPoint& p) { return p.fields.empty(); });
        if (draft_.points.empty())
            draft_.doubts.emplace_back("no place to fill in or sign was found");
        return std::move(draft_);
    }

private:
    void find_title() {
        const Segment* largest = nullptr;
        for (const Segment& s : segments_)
            if (s.page == 1 && (!largest || s.size_pt > 1.05 * largest->size_pt)) largest = &s;
        if (largest) draft_.title = folded_space(largest->text);
        static const std::set<std::string> kVersionWords{"version", "utgåva", "utgava", "utg"};
        for (const BlankContent& page : pages_)
            for (std::size_t i = 0; i + 1 < page.words.size(); ++i)
                if (draft_.version.empty() &&
                    kVersionWords.contains(folded_words(page.words[i].text)) &&
                    std::isdigit(static_cast<unsigned char>(page.words[i + 1].text.front()))) {
                    draft_.version = page.words[i + 1].text;
                    while (!std::isdigit(static_cast<unsigned char>(draft_.version.back())))
                        draft_.version.pop_back();
                }
    }

    void find_headings() {
        struct Found {
            const Segment* segment;
            Numbered numbered;
            bool stands_out;
        };
        const bool bold_known = std::any_of(segments_.begin(), segments_.end(),
                                            [](const Segment& s) { return s.bold; });
        std::vector<Found> found;
        for (const Segment& s : segments_)
            if (const auto numbered = parse_heading(s.text, words_); numbered && !in_box(s))
                found.push_back(
                    {&s, *numbered,
                     bold_known ? s.bold || s.size_pt > 1.08 * body_pt_ : stands_apart(s)});
        // Where headings are set apart from the text, what is not set apart is a line that happens
        // to begin with a number.
        const bool some_stand_out =
            std::any_of(found.begin(), found.end(), [](const Found& f) { return f.stands_out; });
        std::string annex;
        std::set<std::string> taken;
        for (const Found& f : found) {
            if (some_stand_out && !f.stands_out) continue;
            std::string number = f.numbered.number;
            if (number.size() == 1 && std::isalpha(static_cast<unsigned char>(number[0])))
                annex = number;
            else if (taken.contains(number) && !annex.empty())
                number = annex + number;  // points of an annex counted anew
            if (!taken.insert(number).second) {
                doubt(f.segment->page,
                      fmt::format("the number {} stands twice; the second ('{}') was left out",
                                  number, f.numbered.title));
                continue;
            }
            headings_.push_back({f.segment->page, f.segment->box.y, number, f.numbered.title});
        }
        if (headings_.empty()) {
            draft_.doubts.emplace_back(
                "no numbered headings were found; everything is in one point '1'");
            headings_.push_back({1, 0, "1", draft_.title.empty() ? "Uppgifter" : draft_.title});
        }
        for (const Heading& h : headings_) draft_.points.push_back({h.number, h.title, {}});
    }

    // At the left margin, with more room above than lines of a paragraph have.
    bool stands_apart(const Segment& segment) const {
        constexpr double kMargin_pt = 9, kRoom = 0.45;  // of the line's height
        double margin = segment.box.x, above = 0;
        for (const Segment& s : segments_) {
            if (s.page != segment.page) continue;
            margin = std::min(margin, s.box.x);
            if (s.box.bottom() < segment.box.y + 0.3 * segment.box.h)
                above = std::max(above, s.box.bottom());
        }
        return segment.box.x < margin + kMargin_pt && segment.box.y - above > kRoom * segment.box.h;
    }

    void find_spaces() {
        for (const auto& [name, field] : fillable_)
            spaces_.push_back({field.place.page, field.place.box, name, field.hint, field.multiline,
                               field.signature, stands_on_rule(field.place)});
        for (std::size_t p = 0; p < pages_.size(); ++p) {
            const int number = static_cast<int>(p + 1);
            for (const BoxPt& box : pages_[p].layout.boxes) add_box(number, box);
            for (const ocr::PrintedRule& rule : pages_[p].layout.rules) add_rule(number, rule);
        }
        std::stable_sort(spaces_.begin(), spaces_.end(), [](const Space& a, const Space& b) {
            return std::tuple(a.page, std::round(a.box.y / 6), a.box.x) <
                   std::tuple(b.page, std::round(b.box.y / 6), b.box.x);
        });
    }

    bool stands_on_rule(const Place& place) const {
        constexpr double kOn_pt = 6;
        const auto& rules = pages_[static_cast<std::size_t>(place.page - 1)].layout.rules;
        return std::any_of(rules.begin(), rules.end(), [&](const ocr::PrintedRule& r) {
            return std::abs(r.y - place.box.bottom()) < kOn_pt && r.left < place.box.x + kOn_pt &&
                   r.right > place.box.right() - kOn_pt;
        });
    }

    // A printed box that holds no text, or only a label in its upper part.
    void add_box(int page, BoxPt box) {
        if (is_taken(page, box)) return;
        double label_bottom = box.y;
        for (const Segment& s : segments_) {
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
        for (const Segment& s : segments_)
            if (s.page == page) bound(s.box.x, s.box.right(), s.box.bottom());
        for (const ocr::PrintedRule& other :
             pages_[static_cast<std::size_t>(page - 1)].layout.rules)
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

    bool in_box(const Segment& s) const {
        const auto& boxes = pages_[static_cast<std::size_t>(s.page - 1)].layout.boxes;
        return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& b) {
            return s.box.x >= b.x - 1 && s.box.right() <= b.right() + 1 && middle(s.box) > b.y &&
                   middle(s.box) < b.bottom();
        });
    }

    // The print that says what belongs in a space: inside it, under its rule, to its left, over it.
    const Segment* label_of(const Space& space) const {
        constexpr int kLongest =
            90;  // letters, digits and marks: a sentence that says what belongs in a box
        constexpr double kOver_pt = 18, kUnder_pt = 14, kAside_pt = 220, kSlack_pt = 8;
        const Segment *inside = nullptr, *under = nullptr, *left = nullptr, *over = nullptr;
        const BoxPt& b = space.box;
        for (const Segment& s : segments_) {
            if (s.page != space.page || length_of(s.text) > kLongest) continue;
            const bool starts_alike = s.box.x > b.x - kSlack_pt && s.box.x < b.x + 0.5 * b.w;
            if (starts_alike && s.box.bottom() <= b.y + 2 && in_same_box(s, b)) inside = &s;
            if (space.on_rule && starts_alike && s.box.y >= b.bottom() - 2 &&
                s.box.y < b.bottom() + kUnder_pt && (!under || s.box.y < under->box.y))
                under = &s;
            if (s.box.right() <= b.x + 2 && b.x - s.box.right() < kAside_pt &&
                s.box.bottom() > b.y && s.box.y < b.bottom() &&
                (!left || s.box.right() > left->box.right()) && !separated(s, space))
                left = &s;
            if (!space.on_rule && starts_alike && s.box.bottom() <= b.y + 3 &&
                s.box.bottom() > b.y - kOver_pt && (!over || s.box.y > over->box.y))
                over = &s;
        }
        for (const Segment* one : {inside, under, left, over})
            if (one) return one;
        return nullptr;
    }

    bool in_same_box(const Segment& s, const BoxPt& b) const {
        const auto& boxes = pages_[static_cast<std::size_t>(s.page - 1)].layout.boxes;
        return std::any_of(boxes.begin(), boxes.end(), [&](const BoxPt& box) {
            return middle(s.box) > box.y && s.box.bottom() < b.bottom() &&
                   std::abs(box.x - b.x) < 2 && std::abs(box.bottom() - b.bottom()) < 2 &&
                   middle(s.box) < box.bottom();
        });
    }

    // Whether another space stands between a label and the space to its right.
    bool separated(const Segment& s, const Space& space) const {
        return std::any_of(spaces_.begin(), spaces_.end(), [&](const Space& other) {
            return other.page == space.page && other.box.x > s.box.x &&
                   other.box.right() < space.box.x + 2 && other.box.y < middle(s.box) &&
                   other.box.bottom() > middle(s.box);
        });
    }

    DraftPoint* point_at(int page, double y) {
        std::size_t at = headings_.size();
        for (std::size_t i = 0; i < headings_.size(); ++i)
            if (std::pair(headings_[i].page, headings_[i].top) <= std::pair(page, y)) at = i;
        return at == headings_.size() ? nullptr : &draft_.points[at];
    }

    static bool begins_a_word(const std::string& label, const std::string& word) {
        return label.starts_with(word) || label.find(" " + word) != std::string::npos;
    }

    bool is_not_asked(const std::string& label) const {
        constexpr double kAlike = 0.85;  // the file or the reading may have lost the marks of å ä ö
        return std::any_of(
            words_.not_asked.begin(), words_.not_asked.end(), [&](const std::string& w) {
                return label == w || label.starts_with(w + " ") || similarity(label, w) >= kAlike;
            });
    }

    void place(const Space& space) {
        const Segment* print = label_of(space);
        std::string label = print ? folded_space(print->text) : space.hint;
        while (!label.empty() &&
               (label.back() == ':' || label.back() == '_' || label.back() == '.'))
            label.pop_back();
        const std::string where = space.acroform.empty() ? fmt::format("at {:.0f}, {:.0f} points",
                                                                       space.box.x, space.box.y)
                                                         : "'" + space.acroform + "'";
        if (label.empty() && space.acroform.empty())
            return doubt(space.page, fmt::format("the {} {} has no label and was left out",
                                                 space.on_rule ? "rule" : "box", where));
        const std::string plain = folded(label);
        if (is_not_asked(plain)) return;
        const FieldWords::Entry* entry = entry_for(plain, space);
        if (space.on_rule && space.acroform.empty() && !entry)
            return doubt(space.page,
                         fmt::format("the rule {} over '{}' was left out", where, label));
        DraftPoint* point = point_at(space.page, space.box.y);
        if (!point)
            return doubt(
                space.page,
                fmt::format(
                    "the place '{}' stands before the first numbered point and was left out",
                    label));
        DraftField draft;
        draft.acroform = space.acroform;
        Field& field = draft.field;
        field.label = label.empty() ? space.acroform : label;
        field.place = {space.page, space.box};
        constexpr double kSeveralLines_pt = 34;
        const bool tall = space.multiline || (!space.on_rule && space.box.h > kSeveralLines_pt);
        if (entry) {
            field.id = entry->id;
            field.kind = entry->kind;
            if (field.kind == FieldKind::Text && tall) field.kind = FieldKind::FreeText;
        } else {
            field.kind = tall ? FieldKind::FreeText : FieldKind::Text;
            field.id = short_name(folded(field.label));
            doubt(space.page, fmt::format("point {}, '{}': taken for {}", point->number,
                                          field.label, to_string(field.kind)));
        }
        point->fields.push_back(std::move(draft));
    }

    const FieldWords::Entry* entry_for(const std::string& label, const Space& space) const {
        const auto named = [&](const std::string& text) -> const FieldWords::Entry* {
            for (const FieldWords::Entry& e : words_.fields)
                if (std::any_of(e.words.begin(), e.words.end(),
                                [&](const std::string& w) { return begins_a_word(text, w); }))
                    return &e;
            return nullptr;
        };
        if (space.signature) return named("signature");
        if (const auto* entry = named(label)) return entry;
        return space.acroform.empty() ? nullptr : named(folded(space.acroform));
    }

    // The party whose name stands over a signature's place.
    std::string party_over(const Field& field) const {
        constexpr double kFar_pt = 130;
        const BoxPt& b = field.place.box;
        const Segment* nearest = nullptr;
        for (const Segment& s : segments_) {
            const bool over = s.page == field.place.page && s.box.bottom() < b.bottom() - 4 &&
                              s.box.bottom() > b.y - kFar_pt && overlaps_across(s.box, b);
            const std::string plain = folded(s.text);
            if (over && !is_not_asked(plain) && s.text.size() < 60 && !s.text.ends_with(".") &&
                (!nearest || s.box.y > nearest->box.y))
                nearest = &s;
        }
        return nearest ? folded_space(nearest->text) : "";
    }

    // How much the form speaks of a party as the one who fills it in: in its title and in the
    // headings and labels of what is asked.
    int told_as_own(const std::string& party) const {
        constexpr std::size_t kStem = 6;
        static const std::set<std::string> kNoName{"for", "undertecknad", "parten", "namn",
                                                   "organisation"};
        int told = 0;
        std::string rest = folded(party) + " ";
        for (std::size_t space; (space = rest.find(' ')) != std::string::npos;
             rest.erase(0, space + 1)) {
            const std::string word = rest.substr(0, space);
            if (word.size() < kStem || kNoName.contains(word)) continue;
            const std::string stem = word.substr(0, std::max(kStem, word.size() - 3));
            if (!counterparty_.empty() && counterparty_.find(stem) != std::string::npos)
                told -= 100;
            told += folded(draft_.title).find(stem) != std::string::npos;
            for (const DraftPoint& point : draft_.points) {
                const bool asks = std::any_of(
                    point.fields.begin(), point.fields.end(),
                    [](const DraftField& f) { return f.field.kind != FieldKind::Signature; });
                if (asks) told += 2 * (folded(point.title).find(stem) != std::string::npos);
                for (const DraftField& f : point.fields)
                    told += f.field.kind != FieldKind::Signature &&
                            folded(f.field.label).find(stem) != std::string::npos;
            }
            for (const Segment& s : segments_)
                if (folded(s.text).find("nedan kallad " + stem) != std::string::npos) told += 1;
        }
        return told;
    }

    // Of several signatures in a point one is to be given, the others are the other side's and stay
    // empty.
    void settle_sides() {
        for (DraftPoint& point : draft_.points) {
            std::vector<DraftField> signatures;
            for (const DraftField& f : point.fields)
                if (f.field.kind == FieldKind::Signature) signatures.push_back(f);
            if (signatures.size() < 2) continue;
            std::vector<std::pair<int, std::size_t>> told;
            for (std::size_t i = 0; i < signatures.size(); ++i)
                told.emplace_back(told_as_own(party_over(signatures[i].field)), i);
            draft_.counterparty_found |=
                std::any_of(told.begin(), told.end(), [](const auto& t) { return t.first < 0; });
            const auto own =
                std::max_element(told.begin(), told.end(),
                                 [](const auto& a, const auto& b) { return a.first < b.first; });
            const auto likewise = std::count_if(
                told.begin(), told.end(), [&](const auto& t) { return t.first == own->first; });
            DraftField mine = signatures[own->second];
            const std::string party = party_over(mine.field);
            const int page = mine.field.place.page;
            if (likewise > 1)
                doubt(page,
                      fmt::format("point {}: it is not clear whose signature is asked for; '{}' "
                                  "was taken. Say who the other side is with --counterparty",
                                  point.number, party));
            else
                draft_.doubts.push_back(fmt::format(
                    "page {}: point {}: the signature asked for was taken to be the one under '{}'",
                    page, point.number, party));
            for (std::size_t i = 0; i < signatures.size(); ++i)
                if (i != own->second) mine.field.keep_empty.push_back(signatures[i].field.place);
            std::erase_if(point.fields,
                          [](const DraftField& f) { return f.field.kind == FieldKind::Signature; });
            point.fields.push_back(std::move(mine));
        }
    }

    // A name beside an organisation number is the organisation's; the number knows whose it is.
    static void settle_names(DraftPoint& point) {
        const auto find = [&](auto matches) {
            return std::find_if(point.fields.begin(), point.fields.end(),
                                [&](const DraftField& f) { return matches(f.field); });
        };
        const auto number =
            find([](const Field& f) { return f.kind == FieldKind::OrganisationNumber; });
        if (number == point.fields.end()) return;
        auto name = find([](const Field& f) { return f.id == "organisation"; });
        if (name == point.fields.end())
            name = find([](const Field& f) {
                return f.kind == FieldKind::Person || (f.kind == FieldKind::Text && f.required);
            });
        if (name == point.fields.end()) return;
        name->field.id = "organisation";
        name->field.kind = FieldKind::Text;
        number->field.name_field = name->field.id;
    }

    void number_twins(DraftPoint& point) {
        std::map<std::string, int> seen;
        for (DraftField& f : point.fields)
            if (const int nth = ++seen[f.field.id]; nth > 1) {
                doubt(f.field.place.page, fmt::format("point {}: '{}' is asked for {} times",
                                                      point.number, f.field.id, nth));
                f.field.id += "_" + std::to_string(nth);
            }
    }

    void doubt(int page, const std::string& what) {
        draft_.doubts.push_back(fmt::format("page {}: {}", page, what));
    }

    const std::vector<BlankContent>& pages_;
    const std::map<std::string, ocr::FillableField>& fillable_;
    const FieldWords& words_;
    std::string counterparty_;
    std::vector<Segment> segments_;
    double body_pt_ = 0;
    std::vector<Heading> headings_;  // as draft_.points
    std::vector<Space> spaces_;
    FormDraft draft_;
};

}  // namespace

FormDraft draft_form(const std::vector<BlankContent>& pages,
                     const std::map<std::string, ocr::FillableField>& fillable,
                     const FieldWords& words, const std::string& counterparty) {
    return Drafter(pages, fillable, words, counterparty).draft();
}

}  // namespace avtalskoll::pipeline
