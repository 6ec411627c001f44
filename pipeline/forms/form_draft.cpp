#include "pipeline/forms/form_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "models/text.h"
#include "pipeline/forms/blank_print.h"
#include "pipeline/forms/draft_headings.h"
#include "pipeline/forms/draft_labels.h"
#include "pipeline/forms/draft_sides.h"
#include "pipeline/forms/draft_spaces.h"
#include "pipeline/forms/draft_ticks.h"

namespace avtalskoll::pipeline {
namespace {

// The first few of a label's words as an id.
std::string short_name(std::string words) {
    constexpr int kMost = 4;
    std::size_t end = 0;
    for (int i = 0; i < kMost && end != std::string::npos; ++i) end = words.find(' ', end + 1);
    words = words.substr(0, end);
    std::replace(words.begin(), words.end(), ' ', '_');
    return words;
}

class Drafter {
public:
    Drafter(const std::vector<BlankContent>& pages, const FieldWords& words)
        : print_(pages, words), words_(words) {}

    FormDraft draft(const ocr::BlankLayout& layout, const std::string& counterparty) {
        find_title();
        take_headings();
        spaces_ = find_spaces(print_, layout.fields);
        place_all();
        place_ticks(layout.ticks);
        settle_sides(draft_, print_, words_, counterparty);
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
        constexpr int kLeastLetters = 3;
        const Segment* largest = nullptr;
        for (const Segment& s : print_.segments)
            if (s.page == 1 && count_letters(s.text).letters >= kLeastLetters &&
                (!largest || s.size_pt > 1.05 * largest->size_pt))
                largest = &s;
        if (largest) draft_.title = folded_space(largest->text);
        find_version();
    }

    void find_version() {
        const auto is_digit = [](char c) {
            return std::isdigit(static_cast<unsigned char>(c)) != 0;
        };
        for (const BlankContent& page : print_.pages)
            for (std::size_t i = 0; i + 1 < page.words.size(); ++i) {
                std::string next = page.words[i + 1].text;
                const std::string word = bare_words(page.words[i].text);
                if (std::find(words_.version.begin(), words_.version.end(), word) ==
                        words_.version.end() ||
                    !is_digit(next.front()))
                    continue;
                while (!is_digit(next.back())) next.pop_back();
                draft_.version = next;
                return;
            }
    }

    void take_headings() {
        headings_ = find_headings(print_, words_, draft_.doubts);
        // What stands before the first heading is a point, too.
        const std::string opening = draft_.title.empty() ? words_.untitled_point : draft_.title;
        if (headings_.empty())
            draft_.doubts.emplace_back("no headings were found; everything is in one point '1'");
        headings_.insert(headings_.begin(), headings_.empty()
                                                ? Heading{1, 0, 0, "1", opening}
                                                : Heading{1, 0, 0, free_number(opening), ""});
        for (const Heading& h : headings_) draft_.points.push_back({h.number, h.title, {}});
    }

    // `wish`, or the usual name of a point without one where a heading has that already.
    std::string free_number(const std::string& wish) const {
        std::string number = wish;
        for (int i = 1; std::any_of(headings_.begin(), headings_.end(),
                                    [&](const Heading& h) { return h.number == number; });
             ++i)
            number = words_.untitled_point + (i == 1 ? "" : fmt::format(" {}", i));
        return number;
    }

    // The last heading over a place; of headings side by side, the one of its column.
    DraftPoint& point_at(const Space& space) {
        constexpr double kSameRow_pt = 4, kSlack_pt = 10, kWriting_pt = 8;
        // The room over a line may reach up beside the heading before.
        const double top = space.on_rule ? space.box.bottom() - kWriting_pt : space.box.y;
        std::size_t at = 0;
        for (std::size_t i = 1; i < headings_.size(); ++i) {
            const Heading &one = headings_[i], &best = headings_[at];
            if (std::pair(one.page, one.top) > std::pair(space.page, top)) continue;
            const bool beside = one.page == best.page && std::abs(one.top - best.top) < kSameRow_pt;
            if (!beside || one.left < space.box.x + kSlack_pt) at = i;
        }
        return draft_.points[at];
    }

    struct Candidate {
        const Space* space;
        std::optional<Label> label;
        const FieldWords::Entry* entry;  // what the label asks for; null: not known
    };

    std::vector<Candidate> candidates() const {
        std::vector<Candidate> all;
        for (const Space& space : spaces_) {
            Candidate c{&space, label_of(space, spaces_, print_, words_), nullptr};
            if (!c.label)
                for (const Candidate& before : all)
                    if (continues(*before.space, space)) c.label = before.label;
            c.entry = entry_for(c);
            all.push_back(std::move(c));
        }
        return all;
    }

    // A number that is split over several fields of one row.
    static bool continues(const Space& one, const Space& next) {
        constexpr double kApart_pt = 30;
        return one.kind == SpaceKind::Fillable && next.kind == SpaceKind::Fillable &&
               one.page == next.page && std::abs(middle(one.box) - middle(next.box)) < 2 &&
               next.box.x - one.box.right() < kApart_pt;
    }

    // Where a file has fields to fill in, what is printed beside them is to be signed.
    bool is_left_to_the_pen(const Candidate& c) const {
        constexpr int kSome = 3;
        const auto fields = std::count_if(spaces_.begin(), spaces_.end(), [&](const Space& s) {
            return s.kind == SpaceKind::Fillable;
        });
        return fields < kSome || (c.entry && c.entry->kind == FieldKind::Signature) ||
               (c.label && stands_beside_signatures(bare_words(c.label->text), words_));
    }

    void place_all() {
        const std::vector<Candidate> all = candidates();
        for (const Candidate& c : all) {
            if (!is_place(c)) continue;
            const std::string bare = c.label ? bare_words(c.label->text) : "";
            if (!c.space->signature && stands_beside_signatures(bare, words_) &&
                is_beside_signature(*c.space, all)) {
                doubt(c.space->page,
                      fmt::format("'{}' beside a signature is not asked for", c.label->text));
                continue;
            }
            place(c);
        }
    }

    bool is_place(const Candidate& c) {
        const Space& space = *c.space;
        if (space.kind == SpaceKind::Fillable || space.kind == SpaceKind::Run ||
            space.kind == SpaceKind::Prompt)
            return true;
        if (!is_left_to_the_pen(c)) return false;
        const char* print = space.kind == SpaceKind::Rule ? "rule" : "box";
        if (!c.label) {
            doubt(space.page,
                  fmt::format("the {} {} has no label and was left out", print, where(space)));
            return false;
        }
        if (!c.entry && !says_what_to_write(*c.label, space.kind)) {
            doubt(space.page, fmt::format("the {} {} beside '{}' was left out", print, where(space),
                                          c.label->text));
            return false;
        }
        return true;
    }

    // Of a label that is no known word.
    bool says_what_to_write(const Label& label, SpaceKind kind) const {
        const double sure = kind == SpaceKind::Rule ? 0.45 : 0.7;
        return label.cost < sure || stands_beside_signatures(bare_words(label.text), words_);
    }

    static bool is_beside_signature(const Space& space, const std::vector<Candidate>& all) {
        constexpr double kNear_pt = 110;
        return std::any_of(all.begin(), all.end(), [&](const Candidate& c) {
            return c.entry && c.entry->kind == FieldKind::Signature &&
                   c.space->page == space.page &&
                   std::abs(middle(c.space->box) - middle(space.box)) < kNear_pt;
        });
    }

    void place(const Candidate& c) {
        DraftPoint& point = point_at(*c.space);
        DraftField draft = field_from(*c.space, c.label ? c.label->text : "", c.entry);
        if (c.label) draft.column = c.label->column;
        if (!c.label) draft.doubts.emplace_back("nothing says what belongs here");
        else if (c.label->cost > kDoubtfulLabel) draft.doubts.emplace_back("is this its label?");
        if (!c.entry)
            draft.doubts.push_back(fmt::format("taken for {}", to_string(draft.field.kind)));
        point.fields.push_back(std::move(draft));
    }

    // Nobody can tell from a blank which boxes must be ticked.
    void place_ticks(const std::vector<ocr::FillableTick>& fillable) {
        for (const DraftTicks& ticks : find_ticks(print_, fillable)) {
            const Space space{.page = ticks.page, .box = ticks.box};
            DraftField draft;
            draft.doubts = ticks.doubts;
            Field& field = draft.field;
            field.kind = ticks.options.empty() ? FieldKind::Checkbox : FieldKind::Choice;
            field.label = ticks.label.empty() ? words_.untitled_point : ticks.label;
            field.id = short_name(bare_words(field.label));
            if (field.id.empty()) field.id = to_string(field.kind);
            field.place = {ticks.page, ticks.box};
            field.options = ticks.options;
            field.required = false;
            point_at(space).fields.push_back(std::move(draft));
        }
    }

    static std::string where(const Space& space) {
        return fmt::format("at {:.0f}, {:.0f} points", space.box.x, space.box.y);
    }

    DraftField field_from(const Space& space, const std::string& label,
                          const FieldWords::Entry* entry) const {
        constexpr double kSeveralLines_pt = 34;
        DraftField draft;
        draft.acroform = space.acroform;
        Field& field = draft.field;
        field.label = label.empty() ? space.acroform : label;
        if (field.label.empty()) field.label = words_.untitled_point;
        field.place = {space.page, space.box};
        if (space.kind == SpaceKind::Prompt) field.prompt = space.hint;
        field.cells = space.cells;
        field.id = entry ? entry->id : short_name(bare_words(field.label));
        if (field.id.empty()) field.id = short_name(bare_words(words_.untitled_point));
        field.kind = entry ? entry->kind : FieldKind::Text;
        const bool tall = space.multiline || (!space.on_rule && space.box.h > kSeveralLines_pt);
        if (!entry && tall) field.kind = FieldKind::FreeText;
        return draft;
    }

    const FieldWords::Entry* entry_for(const Candidate& c) const {
        if (c.space->signature) return entry_named("signature", words_);
        if (c.label)
            if (const auto* entry = entry_named(bare_words(c.label->text), words_)) return entry;
        for (const std::string& other : {c.space->hint, c.space->acroform})
            if (const auto* entry = entry_named(bare_words(other), words_)) return entry;
        return nullptr;
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

    static void number_twins(DraftPoint& point) {
        std::map<std::string, int> seen;
        for (DraftField& f : point.fields)
            if (const int nth = ++seen[f.field.id]; nth > 1) {
                f.doubts.push_back(fmt::format("'{}' is asked for {} times", f.field.id, nth));
                f.field.id += "_" + std::to_string(nth);
            }
    }

    void doubt(int page, const std::string& sentence) {
        draft_.doubts.push_back(doubt_on(page, sentence));
    }

    BlankPrint print_;
    const FieldWords& words_;
    std::vector<Heading> headings_;  // as draft_.points
    std::vector<Space> spaces_;
    FormDraft draft_;
};

}  // namespace

FormDraft draft_form(const std::vector<BlankContent>& pages, const ocr::BlankLayout& layout,
                     const FieldWords& words, const std::string& counterparty) {
    return Drafter(pages, words).draft(layout, counterparty);
}

}  // namespace avtalskoll::pipeline
