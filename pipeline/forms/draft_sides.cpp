#include "pipeline/forms/draft_sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "models/text.h"
#include "pipeline/forms/draft_labels.h"

namespace avtalskoll::pipeline {
namespace {

// A signature's field in the draft.
struct Asked {
    std::size_t point = 0, field = 0;
    std::string party;  // folded
    int words = 0;      // what the word lists say: over 0 one's own, under 0 the other side's
    int told = 0;       // how much the form speaks of the party as the one who fills it in
    bool own = false;
};

class SideFinder {
public:
    SideFinder(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
               const std::string& counterparty)
        : draft_(draft), print_(print), words_(words), counterparty_(bare_words(counterparty)) {}

    void settle() {
        std::vector<Asked> all = signatures();
        if (all.size() < 2) return;
        for (const Asked& one : all) draft_.counterparty_found |= one.told <= kOtherSide / 2;
        const Asked best = *std::max_element(
            all.begin(), all.end(), [](const Asked& a, const Asked& b) { return a.told < b.told; });
        for (Asked& one : all) one.own = one.party == best.party || one.words > 0;
        note_choice(all, best);
        move_others(all);
    }

private:
    static constexpr int kOtherSide = -100, kOwnWord = 20, kOtherWord = -20;

    Field& field_at(const Asked& one) { return draft_.points[one.point].fields[one.field].field; }

    std::vector<Asked> signatures() const {
        std::vector<Asked> all;
        for (std::size_t p = 0; p < draft_.points.size(); ++p)
            for (std::size_t f = 0; f < draft_.points[p].fields.size(); ++f) {
                const DraftField& field = draft_.points[p].fields[f];
                if (field.field.kind != FieldKind::Signature) continue;
                Asked one{p, f, party_of(field), 0, 0, false};
                one.words = said_by_words(one.party);
                one.told = mentions_as_own(one.party) + one.words;
                all.push_back(std::move(one));
            }
        return all;
    }

    int said_by_words(const std::string& bare) const {
        const auto has_one_of = [&](const std::vector<std::string>& list) {
            return std::any_of(list.begin(), list.end(),
                               [&](const std::string& w) { return speaks_of(bare, w); });
        };
        return (has_one_of(words_.own_side) ? kOwnWord : 0) +
               (has_one_of(words_.other_side) ? kOtherWord : 0);
    }

    // In any case or number: long words count as the beginning of longer ones.
    static bool speaks_of(const std::string& bare, const std::string& word) {
        constexpr std::size_t kLong = 6;
        const std::string end = word.size() >= kLong ? "" : " ";
        return (" " + bare + " ").find(" " + word + end) != std::string::npos;
    }

    void note_choice(const std::vector<Asked>& all, const Asked& best) {
        const auto own =
            std::count_if(all.begin(), all.end(), [](const Asked& a) { return a.own; });
        const bool unclear = std::any_of(
            all.begin(), all.end(), [&](const Asked& a) { return !a.own && a.told == best.told; });
        DraftField& first = draft_.points[best.point].fields[best.field];
        if (unclear)
            first.doubts.push_back(
                fmt::format("it is not clear whose signature is asked for; '{}' was taken. Say who "
                            "the other side is with --counterparty",
                            best.party));
        else if (own > 1)
            first.doubts.push_back(fmt::format(
                "{} signatures are asked for; say 'required: false' where one may be missing",
                own));
        else
            first.doubts.push_back(
                fmt::format("the signature asked for was taken to be the one of '{}'", best.party));
    }

    // The other side's places stay empty: noted in the asked one that stands nearest.
    void move_others(const std::vector<Asked>& all) {
        for (const Asked& other : all) {
            if (other.own) continue;
            const Asked* nearest = nullptr;
            const auto apart = [&](const Asked& a) {
                return std::abs(static_cast<int>(a.point) - static_cast<int>(other.point));
            };
            for (const Asked& a : all)
                if (a.own && (!nearest || apart(a) < apart(*nearest))) nearest = &a;
            field_at(*nearest).keep_empty.push_back(field_at(other).place);
        }
        for (auto one = all.rbegin(); one != all.rend(); ++one)
            if (!one->own) {
                auto& fields = draft_.points[one->point].fields;
                fields.erase(fields.begin() + static_cast<std::ptrdiff_t>(one->field));
            }
        for (DraftPoint& point : draft_.points) signatures_last(point);
    }

    static void signatures_last(DraftPoint& point) {
        std::stable_partition(point.fields.begin(), point.fields.end(), [](const DraftField& f) {
            return f.field.kind != FieldKind::Signature;
        });
    }

    std::string party_of(const DraftField& field) const {
        if (!field.column.empty()) return bare_words(field.column);
        const std::string label = bare_words(field.field.label);
        return said_by_words(label) != 0 ? label : bare_words(party_over(field.field));
    }

    // The party whose name stands over a signature's place, or else over its line's label.
    std::string party_over(const Field& field) const {
        constexpr double kFar_pt = 130;
        const BoxPt& b = field.place.box;
        const Segment *over = nullptr, *beside = nullptr;
        for (const Segment& s : print_.segments) {
            const bool near = s.page == field.place.page && s.box.bottom() < b.bottom() - 4 &&
                              s.box.bottom() > b.y - kFar_pt;
            if (!near || !may_name_party(s)) continue;
            const auto nearer = [&](const Segment* best) { return !best || s.box.y > best->box.y; };
            if (overlaps_across(s.box, b) && nearer(over)) over = &s;
            else if (s.box.x < b.x && (s.bold || s.text.ends_with(":")) && nearer(beside))
                beside = &s;
        }
        // A line further up is another's.
        const bool outdone = over && beside && over->box.y + over->box.h < beside->box.y;
        const Segment* party = over && !outdone ? over : beside;
        return party ? folded_space(party->text) : "";
    }

    bool may_name_party(const Segment& s) const {
        constexpr std::size_t kLongestName = 60;
        const std::string plain = bare_words(s.text);
        const auto* entry = entry_named(plain, words_);
        return s.text.size() < kLongestName && !s.text.ends_with(".") &&
               !stands_beside_signatures(plain, words_) &&
               !(entry && entry->kind == FieldKind::Signature);
    }

    // How much the form speaks of a party as the one who fills it in: in its title and in the
    // headings and labels of what is asked.
    int mentions_as_own(const std::string& party) const {
        constexpr std::size_t kStem = 6;
        static const std::set<std::string> kNoName{"for", "undertecknad", "parten", "namn",
                                                   "organisation"};
        int told = 0;
        std::istringstream names(bare_words(party));
        for (std::string word; names >> word;) {
            if (word.size() < kStem || kNoName.contains(word)) continue;
            told += mentions_of(word.substr(0, std::max(kStem, word.size() - 3)));
        }
        return told;
    }

    int mentions_of(const std::string& stem) const {
        const auto speaks = [&](const std::string& text) {
            return bare_words(text).find(stem) != std::string::npos;
        };
        int told = counterparty_.empty() || !speaks(counterparty_) ? 0 : kOtherSide;
        told += speaks(draft_.title) ? 1 : 0;
        for (const DraftPoint& point : draft_.points)
            for (const DraftField& f : point.fields)
                if (f.field.kind != FieldKind::Signature && speaks(f.field.label)) ++told;
        for (const DraftPoint& point : draft_.points)
            if (asks_for_text(point) && speaks(point.number + " " + point.title)) told += 2;
        for (const Segment& s : print_.segments)
            if (bare_words(s.text).find("nedan kallad " + stem) != std::string::npos) ++told;
        return told;
    }

    static bool asks_for_text(const DraftPoint& point) {
        return std::any_of(point.fields.begin(), point.fields.end(), [](const DraftField& f) {
            return f.field.kind != FieldKind::Signature;
        });
    }

    FormDraft& draft_;
    const BlankPrint& print_;
    const FieldWords& words_;
    std::string counterparty_;
};

}  // namespace

void settle_sides(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
                  const std::string& counterparty) {
    SideFinder(draft, print, words, counterparty).settle();
}

}  // namespace avtalskoll::pipeline
