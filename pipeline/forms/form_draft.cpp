#include "pipeline/forms/form_draft.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "models/text.h"
#include "pipeline/forms/blank_print.h"
#include "pipeline/forms/draft_headings.h"
#include "pipeline/forms/draft_sides.h"
#include "pipeline/forms/draft_spaces.h"

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
        : print_(pages), words_(words) {}

    FormDraft draft(const std::map<std::string, ocr::FillableField>& fillable,
                    const std::string& counterparty) {
        find_title();
        take_headings();
        spaces_ = find_spaces(print_, fillable);
        for (const Space& space : spaces_) place(space);
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
        const Segment* largest = nullptr;
        for (const Segment& s : print_.segments)
            if (s.page == 1 && (!largest || s.size_pt > 1.05 * largest->size_pt)) largest = &s;
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
        if (headings_.empty()) {
            draft_.doubts.emplace_back(
                "no numbered headings were found; everything is in one point '1'");
            headings_.push_back(
                {1, 0, "1", draft_.title.empty() ? words_.untitled_point : draft_.title});
        }
        for (const Heading& h : headings_) draft_.points.push_back({h.number, h.title, {}});
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

    static std::string trimmed(std::string label) {
        while (!label.empty() && std::string_view(":_.").find(label.back()) != std::string::npos)
            label.pop_back();
        return label;
    }

    void place(const Space& space) {
        const Segment* print = label_of(space, spaces_, print_);
        const std::string label = trimmed(print ? folded_space(print->text) : space.hint);
        if (label.empty() && space.acroform.empty())
            return doubt(space.page, fmt::format("the {} {} has no label and was left out",
                                                 space.on_rule ? "rule" : "box", where(space)));
        const std::string plain = bare_words(label);
        if (is_not_asked(plain, words_)) return;
        const FieldWords::Entry* entry = entry_for(plain, space);
        if (space.on_rule && space.acroform.empty() && !entry)
            return doubt(space.page,
                         fmt::format("the rule {} over '{}' was left out", where(space), label));
        DraftPoint* point = point_at(space.page, space.box.y);
        if (!point)
            return doubt(space.page, fmt::format("the place '{}' stands before the first numbered "
                                                 "point and was left out",
                                                 label));
        point->fields.push_back(field_from(space, label, entry));
        const Field& field = point->fields.back().field;
        if (!entry)
            doubt(space.page, fmt::format("point {}, '{}': taken for {}", point->number,
                                          field.label, to_string(field.kind)));
    }

    static std::string where(const Space& space) {
        if (!space.acroform.empty()) return "'" + space.acroform + "'";
        return fmt::format("at {:.0f}, {:.0f} points", space.box.x, space.box.y);
    }

    // `entry`: what the label asks for; null: not known.
    static DraftField field_from(const Space& space, const std::string& label,
                                 const FieldWords::Entry* entry) {
        constexpr double kSeveralLines_pt = 34;
        DraftField draft;
        draft.acroform = space.acroform;
        Field& field = draft.field;
        field.label = label.empty() ? space.acroform : label;
        field.place = {space.page, space.box};
        field.id = entry ? entry->id : short_name(bare_words(field.label));
        field.kind = entry ? entry->kind : FieldKind::Text;
        const bool tall = space.multiline || (!space.on_rule && space.box.h > kSeveralLines_pt);
        if (field.kind == FieldKind::Text && tall) field.kind = FieldKind::FreeText;
        return draft;
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
        return space.acroform.empty() ? nullptr : named(bare_words(space.acroform));
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

FormDraft draft_form(const std::vector<BlankContent>& pages,
                     const std::map<std::string, ocr::FillableField>& fillable,
                     const FieldWords& words, const std::string& counterparty) {
    return Drafter(pages, words).draft(fillable, counterparty);
}

}  // namespace avtalskoll::pipeline
