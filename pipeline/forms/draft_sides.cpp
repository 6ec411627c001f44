#include "pipeline/forms/draft_sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "models/text.h"

namespace avtalskoll::pipeline {
namespace {

class SideFinder {
public:
    SideFinder(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
               const std::string& counterparty)
        : draft_(draft), print_(print), words_(words), counterparty_(bare_words(counterparty)) {}

    void settle() {
        for (DraftPoint& point : draft_.points) settle_point(point);
    }

private:
    // Chooses the one signature to be given among several in a point.
    void settle_point(DraftPoint& point) {
        std::vector<DraftField> signatures;
        for (const DraftField& f : point.fields)
            if (f.field.kind == FieldKind::Signature) signatures.push_back(f);
        if (signatures.size() < 2) return;
        std::vector<int> told;
        for (const DraftField& f : signatures) told.push_back(mentions_as_own(party_over(f.field)));
        draft_.counterparty_found |=
            std::any_of(told.begin(), told.end(), [](int t) { return t < 0; });
        const auto own = std::max_element(told.begin(), told.end());
        const auto which = static_cast<std::size_t>(own - told.begin());
        DraftField mine = signatures[which];
        note_choice(point, mine.field, std::count(told.begin(), told.end(), *own) > 1);
        for (std::size_t i = 0; i < signatures.size(); ++i)
            if (i != which) mine.field.keep_empty.push_back(signatures[i].field.place);
        std::erase_if(point.fields,
                      [](const DraftField& f) { return f.field.kind == FieldKind::Signature; });
        point.fields.push_back(std::move(mine));
    }

    void note_choice(const DraftPoint& point, const Field& mine, bool unclear) {
        const std::string party = party_over(mine);
        const std::string sentence =
            unclear ? fmt::format(
                          "point {}: it is not clear whose signature is asked for; '{}' "
                          "was taken. Say who the other side is with --counterparty",
                          point.number, party)
                    : fmt::format(
                          "point {}: the signature asked for was taken to be the one "
                          "under '{}'",
                          point.number, party);
        draft_.doubts.push_back(doubt_on(mine.place.page, sentence));
    }

    // The party whose name stands over a signature's place.
    std::string party_over(const Field& field) const {
        constexpr double kFar_pt = 130;
        const BoxPt& b = field.place.box;
        const Segment* nearest = nullptr;
        for (const Segment& s : print_.segments) {
            const bool over = s.page == field.place.page && s.box.bottom() < b.bottom() - 4 &&
                              s.box.bottom() > b.y - kFar_pt && overlaps_across(s.box, b);
            const std::string plain = bare_words(s.text);
            if (over && !is_not_asked(plain, words_) && s.text.size() < 60 &&
                !s.text.ends_with(".") && (!nearest || s.box.y > nearest->box.y))
                nearest = &s;
        }
        return nearest ? folded_space(nearest->text) : "";
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
        constexpr int kOtherSide = -100;
        const auto speaks = [&](const std::string& text) {
            return bare_words(text).find(stem) != std::string::npos;
        };
        int told = counterparty_.empty() || !speaks(counterparty_) ? 0 : kOtherSide;
        told += speaks(draft_.title) ? 1 : 0;
        for (const DraftPoint& point : draft_.points)
            for (const DraftField& f : point.fields)
                if (f.field.kind != FieldKind::Signature && speaks(f.field.label)) ++told;
        for (const DraftPoint& point : draft_.points)
            if (asks_for_text(point) && speaks(point.title)) told += 2;
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

bool is_not_asked(const std::string& label, const FieldWords& words) {
    constexpr double kAlike = 0.85;  // the file or the reading may have lost the marks of å ä ö
    return std::any_of(words.not_asked.begin(), words.not_asked.end(), [&](const std::string& w) {
        return label == w || label.starts_with(w + " ") || similarity(label, w) >= kAlike;
    });
}

void settle_sides(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
                  const std::string& counterparty) {
    SideFinder(draft, print, words, counterparty).settle();
}

}  // namespace avtalskoll::pipeline
