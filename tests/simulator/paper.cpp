#include "tests/simulator/paper.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/document/blank_layout.h"
#include "tests/simulator/filling.h"
#include "tests/simulator/pen.h"
#include "tests/simulator/sheets.h"

namespace avtalskoll::simulator {
namespace {

constexpr double kByHand = 0.15;  // share of values that a hand wrote

const std::vector<std::pair<Tampering, const char*>> kTamperings{
    {Tampering::None, "clean"},
    {Tampering::Digit, "digit"},
    {Tampering::EmailLetter, "e-mail letter"},
    {Tampering::Handwritten, "handwritten value"},
    {Tampering::PageSwapped, "page swapped"},
    {Tampering::OtherVersion, "other version"},
    {Tampering::ClauseWord, "clause word"},
    {Tampering::PageMissing, "page missing"},
    {Tampering::SheetAdded, "sheet added"},
    {Tampering::NoCounterpart, "no counter-signature"},
    {Tampering::SenderReplaced, "sender replaced"},
    {Tampering::SenderGone, "sender gone"}};

// Another sign of the same kind; `value` itself where there is none to change.
std::string with_one_changed(Random& random, std::string value, int (*is_kind)(int)) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < value.size(); ++i)
        if (static_cast<unsigned char>(value[i]) < 0x80 &&
            is_kind(static_cast<unsigned char>(value[i])) != 0)
            places.push_back(i);
    if (places.empty()) return value;
    char& sign = value[random.pick(places)];
    const char was = sign;
    while (sign == was)
        sign = static_cast<char>(std::isdigit(static_cast<unsigned char>(was)) != 0
                                     ? '0' + random.whole(0, 9)
                                     : 'a' + random.whole(0, 25));
    return value;
}

cv::Rect sheet_px(const BoxPt& box) {
    const auto px = [](double pt) { return static_cast<int>(std::lround(pt * kSheetPxPerPt)); };
    return {px(box.x), px(box.y), px(box.w), px(box.h)};
}

bool meets(const BoxPt& a, const BoxPt& b) {
    return a.x < b.right() && a.right() > b.x && a.y < b.bottom() && a.bottom() > b.y;
}

}  // namespace

const char* to_string(Tampering tampering) {
    for (const auto& [known, name] : kTamperings)
        if (known == tampering) return name;
    return "?";
}

const std::vector<Tampering>& all_tamperings() {
    static const std::vector<Tampering> all = [] {
        std::vector<Tampering> list;
        for (const auto& [tampering, name] : kTamperings)
            if (tampering != Tampering::None) list.push_back(tampering);
        return list;
    }();
    return all;
}

PaperMaker::PaperMaker(const FormSet& forms, const std::filesystem::path& register_csv)
    : forms_(forms), organisations_(load_organisations(register_csv.string())) {
    for (const Form& form : forms_.forms) {
        blanks_.push_back(draw_pages(form.blank));
        other_partys_.emplace_back();
        for (const auto& named : ocr::read_blank_layout(form.blank).fields) {
            const auto& fillable = named.second;
            bool other = false;
            for_each_field(form, [&](const FormPoint&, const Field& field) {
                for (const Place& empty : field.keep_empty)
                    other |= empty.page == fillable.place.page &&
                             fillable.place.box.x < empty.box.right() &&
                             fillable.place.box.right() > empty.box.x &&
                             std::abs(fillable.place.box.y - empty.box.y) < 60 &&
                             !meets(fillable.place.box, empty.box);
            });
            if (other) other_partys_.back().emplace_back(named.first, fillable.place);
        }
    }
}

void PaperMaker::fill_one(Paper& paper, const PaperValue& value, Random own) const {
    const Field& field = *value.field;
    cv::Mat& sheet = paper.sheets[static_cast<std::size_t>(field.place.page - 1)];
    Random face_dice = Random::stream(paper.seed, 0);
    const Typeface face{face_dice.pick(print_fonts()), face_dice.real(8.5, 11),
                        face_dice.chance(0.08)};
    if (is_ticked(field.kind)) {
        tick(own, sheet, field.options.empty() ? field.place.box : own.pick(field.options).box);
    } else if (is_signature(field.kind)) {
        lay_mark(own, sheet, field.place.box, draw_mark(own, Mark::Signature, {}), 0.35);
    } else if (!value.value.empty()) {
        if (!field.prompt.empty()) wipe(sheet, field.place.box);
        write_value(
            own, sheet, field, value.value,
            {face, traits_of(field.kind).several_lines && field.place.box.h > 24, value.by_hand});
    }
}

Paper PaperMaker::made(std::size_t index, std::uint64_t seed, const Changes& changes) const {
    const Form& form = forms_.forms[index];
    Paper paper{index, seed, {}, {}};
    for (const cv::Mat& blank : blanks_[index]) paper.sheets.push_back(blank.clone());
    Random dice = Random::stream(seed, 1);
    const Organisation organisation = dice.pick(organisations_);
    std::uint64_t number = 1;
    for (const FormPoint& point : form.points) {
        const std::string person = person_name(dice);
        for (const Field& field : point.fields) {
            Random values = Random::stream(seed, 1000 + number),
                   strokes = Random::stream(seed, 2000 + number);
            ++number;
            PaperValue value{{point.number, field.id}, &field, "", values.chance(kByHand)};
            if (has_value(field.kind))
                value.value = value_for(values, field, {organisation, person, 0});
            const bool changed = changes.field == value.name;
            if (changed) value.value = changes.value;
            if (changed && changes.written_anew) strokes = Random::stream(seed + 1, 3000 + number);
            using Signature = Changes::Signature;
            if (is_signature(field.kind) && changes.signature == Signature::Other)
                strokes = Random::stream(seed + 1, 4000 + number);
            if (!is_signature(field.kind) || changes.signature != Signature::None)
                fill_one(paper, value, strokes);
            paper.values.push_back(std::move(value));
        }
    }
    return paper;
}

Paper PaperMaker::make(std::size_t form, std::uint64_t seed) const { return made(form, seed, {}); }

void PaperMaker::counter_sign(Random& random, std::vector<cv::Mat>& sheets,
                              std::size_t form) const {
    for_each_field(forms_.forms[form], [&](const FormPoint&, const Field& field) {
        for (const Place& place : field.keep_empty) {
            const auto page = static_cast<std::size_t>(place.page - 1);
            if (page < sheets.size())
                lay_mark(random, sheets[page], place.box, draw_mark(random, Mark::Signature, {}),
                         0.35);
        }
    });
    const Typeface face{random.pick(print_fonts()), random.real(8.5, 11), false};
    for (const auto& [name, place] : other_partys_[form]) {
        const bool dated = name.find("datum") != std::string::npos;
        if (random.chance(0.2) || static_cast<std::size_t>(place.page) > sheets.size()) continue;
        write_text(random, sheets[static_cast<std::size_t>(place.page - 1)], place.box,
                   dated ? place_and_date(random) : person_name(random),
                   {face, false, random.chance(0.8)});
    }
}

Tampered PaperMaker::change_value(Random& random, const Paper& paper, Tampering tampering,
                                  std::vector<cv::Mat>& sheets) const {
    std::vector<std::pair<const PaperValue*, std::string>> possible;
    for (const PaperValue& value : paper.values) {
        if (value.by_hand != (tampering == Tampering::Handwritten) || value.value.empty()) continue;
        if (tampering == Tampering::EmailLetter && value.field->kind != FieldKind::Email) continue;
        const bool digit = tampering == Tampering::Digit ||
                           (tampering == Tampering::Handwritten && random.chance(0.5));
        std::string other = with_one_changed(random, value.value, digit ? &isdigit : &islower);
        if (other != value.value) possible.emplace_back(&value, std::move(other));
    }
    if (possible.empty()) return {.possible = false, .place = {}};
    const auto& [value, other] = random.pick(possible);
    Changes changes{value->name, other};
    changes.written_anew = tampering == Tampering::Handwritten && random.chance(0.5);
    sheets = made(paper.form, paper.seed, changes).sheets;
    return {.place = value->field->place};
}

// Lays the picture of one word of the form over another of its length.
Tampered PaperMaker::change_word(Random& random, const Paper& paper,
                                 std::vector<cv::Mat>& sheets) const {
    const Form& form = forms_.forms[paper.form];
    const auto in_a_place = [&](int page, const PrintedWord& word) {
        bool inside = false;
        for_each_field(form, [&](const FormPoint&, const Field& field) {
            inside |= field.place.page == page && meets(field.place.box, word.box);
        });
        return inside;
    };
    struct Swap {
        int page;
        const PrintedWord *from, *to;
    };
    std::vector<Swap> swaps;
    for (std::size_t p = 0; p < form.print.size(); ++p)
        for (const PrintedWord& to : form.print[p])
            for (const PrintedWord& from : form.print[p])
                if (to.text != from.text && to.text.size() >= 3 && to.bold == from.bold &&
                    std::abs(to.size_pt - from.size_pt) < 0.2 &&
                    std::abs(to.box.w - from.box.w) < 3 && std::abs(to.box.h - from.box.h) < 1 &&
                    !in_a_place(static_cast<int>(p + 1), to))
                    swaps.push_back({static_cast<int>(p + 1), &from, &to});
    if (swaps.empty()) return {.possible = false, .place = {}};
    const Swap& swap = random.pick(swaps);
    cv::Mat& sheet = sheets[static_cast<std::size_t>(swap.page - 1)];
    const cv::Mat& blank = blanks_[paper.form][static_cast<std::size_t>(swap.page - 1)];
    const cv::Rect from = sheet_px(swap.from->box) & cv::Rect({}, blank.size()),
                   to = sheet_px(swap.to->box) & cv::Rect({}, blank.size());
    const cv::Mat word = blank(from).clone();
    sheet(to).setTo(255);
    const cv::Rect there = cv::Rect(to.tl(), word.size()) & cv::Rect({}, sheet.size());
    word(cv::Rect({}, there.size())).copyTo(sheet(there));
    return {.place = {swap.page, swap.to->box}};
}

Tampered PaperMaker::change_sheets(Random& random, const Paper& paper, Tampering tampering,
                                   std::vector<cv::Mat>& sheets) const {
    const Form& form = forms_.forms[paper.form];
    const auto other_seed = paper.seed + 7;
    switch (tampering) {
        case Tampering::PageSwapped: {
            std::vector<int> pages;
            for (const PaperValue& value : paper.values)
                if (!value.value.empty()) pages.push_back(value.field->place.page);
            const int page = random.pick(pages);
            const auto at = static_cast<std::size_t>(page - 1);
            sheets[at] = made(paper.form, other_seed, {}).sheets[at];
            return {.place = {page, {}}};
        }
        case Tampering::OtherVersion:
            for (std::size_t f = 0; f < forms_.forms.size(); ++f)
                if (f != paper.form && forms_.forms[f].id == form.id) {
                    sheets = made(f, paper.seed, {}).sheets;
                    return {};
                }
            return {.possible = false, .place = {}};
        case Tampering::PageMissing:
            if (sheets.size() < 2) return {.possible = false, .place = {}};
            sheets.erase(sheets.begin() + random.whole(0, static_cast<int>(sheets.size()) - 1));
            return {};
        case Tampering::SheetAdded:
            sheets.insert(sheets.begin() + random.whole(0, static_cast<int>(sheets.size())),
                          letter_page(random, false));
            return {};
        case Tampering::SenderReplaced:
        case Tampering::SenderGone: {
            Changes changes;
            changes.signature = tampering == Tampering::SenderGone ? Changes::Signature::None
                                                                   : Changes::Signature::Other;
            sheets = made(paper.form, paper.seed, changes).sheets;
            return {};
        }
        default: return {};
    }
}

std::vector<cv::Mat> PaperMaker::copy_of(Random& random, const Paper& paper, Tampering tampering,
                                         Tampered& done) const {
    std::vector<cv::Mat> sheets;
    for (const cv::Mat& sheet : paper.sheets) sheets.push_back(sheet.clone());
    // Sheets come and go after the pen: it signs the form's pages by their numbers.
    const bool after_signing =
        tampering == Tampering::PageMissing || tampering == Tampering::SheetAdded;
    if (after_signing) counter_sign(random, sheets, paper.form);
    switch (tampering) {
        case Tampering::None:
        case Tampering::NoCounterpart: done = {}; break;
        case Tampering::Digit:
        case Tampering::EmailLetter:
        case Tampering::Handwritten: done = change_value(random, paper, tampering, sheets); break;
        case Tampering::ClauseWord: done = change_word(random, paper, sheets); break;
        default: done = change_sheets(random, paper, tampering, sheets);
    }
    if (!after_signing && tampering != Tampering::NoCounterpart)
        counter_sign(random, sheets, paper.form);
    return sheets;
}

}  // namespace avtalskoll::simulator
