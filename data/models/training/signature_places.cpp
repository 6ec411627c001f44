#include "data/models/training/signature_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "data/models/training/free_hands.h"
#include "data/models/training/scanned_piece.h"
#include "models/text.h"
#include "ocr/ink/signature.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/field_crop.h"
#include "tests/simulator/corpus.h"
#include "tests/simulator/values.h"

namespace avtalskoll::simulator {
namespace {

constexpr double kAround_mm = 26;  // of the sheet is scanned beside the place

struct MarkChoice {
    Mark mark;
    const char* name;
    double weight;
    PlaceInk ink;
};
const std::vector<MarkChoice> kMarks{
    {Mark::Signature, "signature", 36, PlaceInk::Signature},
    {Mark::TypedName, "typed", 19, PlaceInk::Type},
    {Mark::TypedName, "typed and struck through", 1, PlaceInk::Mark},
    {Mark::ScriptName, "script", 2, PlaceInk::Mark},
    {Mark::HandWriting, "handwritten name", 7, PlaceInk::Signature},
    {Mark::HandWriting, "handwritten date or number", 3, PlaceInk::Mark},
    {Mark::Stamp, "stamp", 24, PlaceInk::Stamp},
    {Mark::Smudge, "smudge", 7, PlaceInk::Dirt},
    {Mark::Dot, "dot", 3, PlaceInk::Dirt},
    {Mark::Tick, "tick", 3, PlaceInk::Mark},
    {Mark::Line, "line", 3, PlaceInk::Mark},
    {Mark::Initials, "initials", 4, PlaceInk::Mark},
    {Mark::Scribble, "scribble", 1, PlaceInk::Mark}};
constexpr double kNothing = 0.13;    // share of places that nobody marked
constexpr double kLeastSeen = 0.35;  // of a signature's ink must be left on a bilevel scan

const MarkChoice& choose(Random& random) {
    double total = 0;
    for (const MarkChoice& m : kMarks) total += m.weight;
    double at = random.real(0, total);
    for (const MarkChoice& m : kMarks)
        if ((at -= m.weight) < 0) return m;
    return kMarks.front();
}

BoxPt moved(const BoxPt& box, double dx, double dy) {
    return {box.x + dx, box.y + dy, box.w, box.h};
}

cv::Rect on_sheet(const BoxPt& box) {
    const auto px = [](double pt) { return static_cast<int>(std::lround(pt * kSheetPxPerPt)); };
    return {px(box.x), px(box.y), px(box.w), px(box.h)};
}

// Typed texts: mostly names, as people type them where a signature belongs.
std::string typed_value(Random& random) {
    static const Organisation organisation{"212000-1355", "Malmö stad"};
    std::string name = person_name(random);
    switch (random.whole(0, 9)) {
        case 0: return email(random, name, organisation);
        case 1: return phone(random);
        case 2: return role(random);
        case 3: return written_number(random, organisation.number);
        case 4: return place_and_date(random);
        default: return name;
    }
}

// Typefaces that look written lack letters; a box in their place would give them away.
std::string with_plain_letters(const std::string& text) {
    std::string plain = without_marks(text);
    std::erase_if(plain, [](unsigned char c) { return c >= 0x80; });
    return plain;
}

// Written by hand, a name is a signature; a date or a number is none.
std::string written_text(Random& random, PlaceInk kind) {
    if (kind == PlaceInk::Signature) return with_plain_letters(person_name(random));
    return with_plain_letters(random.chance(0.5) ? place_and_date(random) : phone(random));
}

// The lines over and under the place: a date, a name in print or by hand.
void write_near(Random& random, cv::Mat& sheet, const BoxPt& box) {
    for (const double above : {-0.55, 1.85}) {
        if (random.chance(0.4)) continue;
        const bool hand = random.chance(0.35);
        const std::string text = above < 0 ? place_and_date(random) : person_name(random);
        const cv::Mat ink =
            draw_text(random, text, hand ? random.pick(hand_fonts()) : random.pick(print_fonts()),
                      hand ? random.real(12, 18) : random.real(8, 12), false, false, hand);
        lay_ink(sheet, ink,
                {static_cast<int>((box.x - 6) * kSheetPxPerPt),
                 static_cast<int>((box.y + above * std::min(box.h, 45.0)) * kSheetPxPerPt -
                                  ink.rows / 2.0)});
    }
}

// The beginning of one signature and the end of another: a hand that is neither.
cv::Mat spliced(Random& random, const cv::Mat& first, const cv::Mat& second) {
    const int from = static_cast<int>(first.cols * random.real(0.3, 0.7)),
              to = static_cast<int>(second.cols * random.real(0.3, 0.7)),
              lift = random.whole(-8, 8), rows = std::max(first.rows, second.rows) + 16;
    cv::Mat both = cv::Mat::zeros(rows, from + second.cols - to, CV_32F);
    first.colRange(0, from).copyTo(both({0, (rows - first.rows) / 2, from, first.rows}));
    second.colRange(to, second.cols)
        .copyTo(both({from, (rows - second.rows) / 2 + lift, second.cols - to, second.rows}));
    return both;
}

// Ink like that of an unknown hand: a known hand's ink, bent as on rubber, wider, leaning, with
// another pen.
cv::Mat varied(Random& random, const cv::Mat& ink) {
    cv::Mat bent = ink, out;
    if (random.chance(0.1)) {  // only the beginning of the name, or its end
        const int keep = static_cast<int>(ink.cols * random.real(0.65, 0.95));
        bent = ink.colRange(random.chance(0.5) ? cv::Range(0, keep)
                                               : cv::Range(ink.cols - keep, ink.cols))
                   .clone();
    }
    if (random.chance(0.7)) {
        const double bump = random.real(0.25, 1) * bent.rows + 8,
                     reach = random.real(0.05, 0.25) * bump;
        cv::copyMakeBorder(bent, bent, 12, 12, 12, 12, cv::BORDER_CONSTANT, 0);
        bent = warped(random, bent, bump, reach, reach, 0);
    }
    const double lean = random.normal(0, 0.3), wide = random.real(0.6, 1.5),
                 turn = random.normal(0, 0.1);
    if (random.chance(0.3)) cv::resize(bent, bent, {}, 1, random.real(0.45, 1.3), cv::INTER_AREA);
    const cv::Size size(static_cast<int>(wide * bent.cols + std::abs(lean) * bent.rows +
                                         std::abs(turn) * bent.rows) +
                            8,
                        static_cast<int>(bent.rows + std::abs(turn) * wide * bent.cols) + 8);
    const cv::Matx23d m(wide, lean, 4 + (lean < 0 ? -lean * bent.rows : 0), turn * wide, 1,
                        4 + (turn < 0 ? -turn * wide * bent.cols : 0));
    cv::warpAffine(bent, out, m, size, cv::INTER_LINEAR);
    if (random.chance(0.25))
        cv::dilate(out, out, cv::getStructuringElement(cv::MORPH_ELLIPSE, {3, 3}));
    return out;
}

// Pixels that are much darker on `with` than on `without`.
double darkened(const cv::Mat& without, const cv::Mat& with, double by) {
    return cv::countNonZero(without - with > by);
}

// A page of anything: lines of text, a table's rules, dotted lines to write on.
cv::Mat strange_sheet(Random& random) {
    cv::Mat page(static_cast<int>(150 * kSheetPxPerMm), static_cast<int>(200 * kSheetPxPerMm),
                 CV_8U, cv::Scalar(255));
    const std::string family = random.pick(print_fonts());
    const double size = random.real(7, 14);
    double y = random.real(0, 40);
    while (y < page.rows / kSheetPxPerPt) {
        const double x = random.real(0, 30) * (random.chance(0.3) ? 8 : 1);
        if (random.chance(0.2)) {
            const int at = static_cast<int>(y * kSheetPxPerPt),
                      from = static_cast<int>(x * kSheetPxPerPt),
                      to = from + random.whole(200, 1500),
                      dash = random.chance(0.5) ? 0 : random.whole(4, 14);
            for (int px = from; px < to; px += dash ? 2 * dash : to - from)
                cv::line(page, {px, at}, {dash ? px + dash / 2 : to, at},
                         cv::Scalar(random.real(0, 90)), random.whole(1, 4));
        } else if (random.chance(0.7)) {
            std::string text;
            for (int i = random.whole(1, 5); i > 0; --i)
                text += (random.chance(0.5) ? role(random) : person_name(random)) + " ";
            lay_ink(page,
                    draw_text(random, text, family, size, random.chance(0.15), random.chance(0.1),
                              false),
                    {static_cast<int>(x * kSheetPxPerPt), static_cast<int>(y * kSheetPxPerPt)});
        }
        y += size * random.real(1.1, random.chance(0.3) ? 6 : 1.6);
    }
    for (int i = random.whole(-2, 3); i > 0; --i)
        cv::rectangle(page,
                      {random.whole(0, page.cols), random.whole(0, page.rows),
                       random.whole(200, 1200), random.whole(80, 500)},
                      cv::Scalar(random.real(0, 120)), random.whole(1, 5));
    return page;
}

cv::Rect bounds_after(const cv::Matx33d& h, const cv::Rect& r) {
    std::vector<cv::Point2d> to;
    cv::perspectiveTransform(
        std::vector<cv::Point2d>{r.tl(),
                                 {static_cast<double>(r.br().x), static_cast<double>(r.y)},
                                 r.br(),
                                 {static_cast<double>(r.x), static_cast<double>(r.br().y)}},
        to, h);
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const cv::Point2d& p : to)
        left = std::min(left, p.x), right = std::max(right, p.x), top = std::min(top, p.y),
        bottom = std::max(bottom, p.y);
    return {static_cast<int>(left), static_cast<int>(top), static_cast<int>(right - left),
            static_cast<int>(bottom - top)};
}

}  // namespace

struct PlaceMaker::Spot {
    cv::Mat sheet;                          // all that is printed there
    BoxPt box;                              // on the sheet
    const ocr::BlankPage* blank = nullptr;  // null: not known to the judge
    bool signature_place = false;
};

PlaceMaker::PlaceMaker(const ocr::FormLibrary& library, std::vector<NamedPicture> hands,
                       Typefaces faces)
    : library_(library), hands_(std::move(hands)), faces_(std::move(faces)) {
    const FormSet& forms = library.forms();
    for (std::size_t f = 0; f < forms.forms.size(); ++f) {
        sheets_.push_back(draw_pages(forms.forms[f].blank));
        for (const FormPoint& point : forms.forms[f].points)
            for (const Field& field : point.fields) {
                if (field.kind != FieldKind::Signature) continue;
                signed_places_.emplace_back(f, field.place);
                for (const Place& other : field.keep_empty) signed_places_.emplace_back(f, other);
            }
    }
}

PlaceMaker::Spot PlaceMaker::choose_spot(Random& random, bool registered_only) const {
    Spot spot;
    const double which = registered_only ? 0 : random.real(0, 1);
    if (which < 0.45) {
        const auto& [form, place] = random.pick(signed_places_);
        spot.sheet = sheets_[form][static_cast<std::size_t>(place.page - 1)];
        spot.box = place.box;
        spot.signature_place = true;
        for (const ocr::BlankPage& page : library_.blanks().pages)
            if (page.form == static_cast<int>(form) && page.page == place.page) spot.blank = &page;
        return spot;
    }
    const double w = random.real(90, 300),
                 h = random.chance(0.1) ? random.real(70, 160) : random.real(14, 70);
    if (which < 0.85) {
        const ocr::BlankPage& page = random.pick(library_.blanks().pages);
        spot.sheet =
            sheets_[static_cast<std::size_t>(page.form)][static_cast<std::size_t>(page.page - 1)];
        if (which < 0.65) spot.blank = &page;
    } else {
        spot.sheet = strange_sheet(random);
    }
    const double wide = spot.sheet.cols / kSheetPxPerPt, high = spot.sheet.rows / kSheetPxPerPt;
    spot.box = {random.real(20, wide - w - 20), random.real(20, high - h - 20), w, h};
    return spot;
}

cv::Mat PlaceMaker::hand_ink(Random& random, std::string* hand) const {
    if (hands_.empty() || random.chance(0.35))
        return random.chance(0.65) ? draw_free_hand(random)
                                   : draw_mark(random, Mark::Signature, {});
    const NamedPicture& picked = random.pick(hands_);
    *hand = picked.name;
    const double wide = random.real(22, 65),
                 dark = random.chance(0.12) ? random.real(0.4, 0.55) : random.real(0.55, 0.98);
    cv::Mat ink = ink_of_picture(picked.picture, wide, dark);
    if (random.chance(0.2))
        ink = spliced(random, ink, ink_of_picture(random.pick(hands_).picture, wide, dark));
    ink = varied(random, ink);
    if (!random.chance(0.1)) return ink;
    // Two people signed, side by side.
    const cv::Mat more =
        varied(random, ink_of_picture(random.pick(hands_).picture, random.real(15, 40), 0.9));
    cv::Mat both = cv::Mat::zeros(std::max(ink.rows, more.rows), ink.cols + more.cols, CV_32F);
    ink.copyTo(both({0, 0, ink.cols, ink.rows}));
    more.copyTo(both({ink.cols, 0, more.cols, more.rows}));
    return both;
}

cv::Mat PlaceMaker::ink_for(Random& random, Mark mark, PlaceInk kind, std::string* hand) const {
    switch (mark) {
        case Mark::Signature: return hand_ink(random, hand);
        case Mark::HandWriting:
            return varied(random, cut_tight(draw_text(random, written_text(random, kind),
                                                      random.pick(faces_.hand), random.real(11, 24),
                                                      random.chance(0.15), false, true)));
        case Mark::ScriptName:
            return cut_tight(draw_text(random, with_plain_letters(person_name(random)),
                                       random.pick(faces_.hand), random.real(11, 24),
                                       random.chance(0.2), false, false)) *
                   random.real(0.6, 1.0);
        case Mark::TypedName:
            return cut_tight(draw_text(random, typed_value(random), random.pick(faces_.print),
                                       random.real(8, 18), random.chance(0.2), random.chance(0.35),
                                       false)) *
                   random.real(0.6, 1.0);
        default: return draw_mark(random, mark, {});
    }
}

PlaceSample PlaceMaker::make(std::uint64_t seed, std::uint64_t index, bool registered_only) const {
    Random random = Random::stream(seed, index);
    while (true)
        if (auto sample = try_to_make(random, registered_only)) return *sample;
}

std::optional<PlaceSample> PlaceMaker::try_to_make(Random& random, bool registered_only) const {
    const Spot spot = choose_spot(random, registered_only);
    PlaceSample sample;
    sample.mark = "nothing";
    sample.blank_known = spot.blank != nullptr;
    sample.tier = random.pick(
        std::vector<Tier>{Tier::Clean, Tier::Office, Tier::Poor, Tier::Fax, Tier::Phone});

    const int around =
        static_cast<int>(kAround_mm * kSheetPxPerMm * std::max(1.0, spot.box.h / 60));
    const cv::Rect box = on_sheet(spot.box);
    const cv::Rect wanted(box.x - around, box.y - around, box.width + 2 * around,
                          box.height + 2 * around);
    cv::Mat piece(wanted.size(), CV_8U, cv::Scalar(255));
    const cv::Rect there = wanted & cv::Rect({}, spot.sheet.size());
    spot.sheet(there).copyTo(piece(there - wanted.tl()));
    const BoxPt local = moved(spot.box, -wanted.x / kSheetPxPerPt, -wanted.y / kSheetPxPerPt);

    if (spot.signature_place || random.chance(0.3)) write_near(random, piece, local);
    cv::Rect inked;
    cv::Mat before = piece.clone();
    if (!random.chance(kNothing)) {
        const MarkChoice& choice = choose(random);
        sample.mark = choice.name;
        sample.ink = choice.ink;
        const cv::Mat ink = ink_for(random, choice.mark, choice.ink, &sample.hand);
        const double also = random.real(0, 1);
        if (choice.mark == Mark::Signature && also < 0.1)
            lay_mark(random, piece, local, draw_mark(random, Mark::Stamp, {}), 0.4);
        else if ((choice.mark == Mark::Signature || choice.mark == Mark::Stamp) && also < 0.16)
            lay_mark(random, piece, local, draw_mark(random, Mark::TypedName, person_name(random)),
                     0.3);
        before = piece.clone();
        inked = lay_mark(random, piece, local, ink, 0.35);
        if (choice.mark == Mark::TypedName && choice.ink == PlaceInk::Mark)
            lay_mark(random, piece, local, draw_mark(random, Mark::Line, {}), 0.1);
    }
    const Device device = make_device(random, sample.tier);
    const bool bent = random.chance(0.2);
    Random same = random;
    const Scan scan = scan_sheet(random, piece, device, bent);
    const double laid = darkened(before, piece, 40) * std::pow(scan.dpi / kSheetDpi, 2);
    if (scan.bilevel && sample.ink == PlaceInk::Signature &&
        darkened(scan_sheet(same, before, device, bent).picture, scan.picture, 128) <
            kLeastSeen * laid)
        return std::nullopt;  // nobody could say that it was signed
    const auto [even, sheet_to_scan] = stored(scan);
    if (spot.blank) {
        const ocr::Registration registration =
            registration_of(random, sheet_to_scan, wanted.tl(), spot.box);
        sample.picture = ocr::signature_picture(
            ocr::cut_field(even, *spot.blank, registration, spot.box, ocr::kSignatureMargin_mm));
        return sample;
    }
    cv::Rect place = on_sheet(local);
    if (!inked.empty() && random.chance(0.5)) {  // a box drawn around the ink, as people mark it
        const int more = static_cast<int>(random.real(-0.5, 5) * kSheetPxPerMm);
        place = cv::Rect(inked.x - more, inked.y - more, inked.width + 2 * more,
                         inked.height + 2 * more);
    }
    place = bounds_after(sheet_to_scan, place) & cv::Rect({}, even.size());
    if (place.width < 20 || place.height < 12)
        place = bounds_after(sheet_to_scan, on_sheet(local)) & cv::Rect({}, even.size());
    sample.picture = ocr::signature_picture(
        ocr::cut_unregistered(even, place, ocr::kReadPxPerMm * random.real(0.75, 1.35)));
    return sample;
}

}  // namespace avtalskoll::simulator
