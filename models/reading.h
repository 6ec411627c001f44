// The measurements of ocr on a page: which form page it is, what stands in each place, and how sure
// the measurement is. Measurements only: no verdicts. Plain values; safe from many threads.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/geometry.h"
#include "models/message.h"
#include "models/page_image.h"

namespace avtalskoll {

// One engine's answer for one crop.
struct TextVote {
    std::string model;      // trained model that gave it
    std::string text;       // UTF-8, lines kept; kUnknownSign for a letter nobody knows
    double confidence = 0;  // 0..1, the engine's own mean over words
    double least = 0;       // the same of its least sure word
};

// TextVote::model of what the file itself says, and of the line reader's readings.
inline constexpr const char* kFileModel = "file";
inline constexpr const char* kLineReaderModel = "reader";
// U+FFFD: a letter that the line reader's alphabet does not have.
inline constexpr const char* kUnknownSign = "\uFFFD";

// The contents of a place, before anyone reads them.
enum class Fill {
    Empty,       // nothing but the blank's own print
    Dirt,        // specks or streaks too small or too straight to be writing
    Filled,      // writing
    CrossedOut,  // writing with a line drawn through it
};

struct InkMeasure {
    Fill fill = Fill::Empty;
    double area_mm2 = 0;    // residual ink in pieces large enough to be writing
    double confidence = 0;  // belief in `fill`
    double streak_mm2 = 0;  // residual ink that looks like a scanner's streak
    bool hint = false;      // the blank itself prints words in the place
};

// The contents that a signature place may have, in the order of the trained judge's answers.
enum class PlaceInk {
    Nothing,  // paper, the form's own print
    Dirt,     // smudge, dot, hole, crease
    Type,     // a typed or printed name
    Stamp,    // with a frame or without
    Mark,  // by hand or in a typeface that looks so, but no signature: initials, tick, lone line,
           // plain writing
    Signature,  // by hand; over a stamp too
};
inline constexpr std::size_t kPlaceInks = 6;

struct SignatureMeasure {
    std::array<double, kPlaceInks> beliefs{};  // by PlaceInk; they add up to 1
    double belief(PlaceInk ink) const { return beliefs[static_cast<std::size_t>(ink)]; }
};

// The contents of a box to tick.
enum class Tick {
    Empty,
    Ticked,
    Doubtful,  // a speck, a stroke beside the box, a box filled in black
};

struct TickMeasure {
    Tick tick = Tick::Doubtful;
    double confidence = 0;  // belief in `tick`
    double inside_mm2 = 0;  // residual ink within the box's frame
    double beside_mm2 = 0;  // … and around it, where a tick's end may reach
};

struct FieldReading {
    FieldRef ref;
    BoxShare box;               // where on the scanned page, as a viewer shows it
    double place_error_mm = 0;  // expected error of the place itself
    // False: the print beside the place was not found where it should be.
    bool place_trusted = true;
    InkMeasure ink;
    std::vector<TextVote> votes;  // text kinds, when filled; best model first
    // The first vote is the text that the file itself gives; the others read its ink.
    bool typed = false;
    bool typed_in_field = false;  // … as the value of a fillable field, not as words on the page
    double by_hand = 0;  // text kinds: belief that the writing is by hand, not typed; 0 where the
                         // votes leave no doubt
    std::vector<TickMeasure> ticks;  // kinds that are ticked: of its box, or of each option
    std::optional<SignatureMeasure> signature;
    std::vector<SignatureMeasure> keep_empty;  // one for each of the field's keep_empty places
    double screen_ink_mm2 = 0;  // signatures: ink in the place that no paper bears (page_text.h)
    bool screen_annotation = false;      // … which belongs to an annotation
    std::vector<std::uint8_t> crop_png;  // evidence for people
    int crop_width = 0;
    int crop_height = 0;
};

enum class PageKind {
    Form,        // a page of a registered form
    Blank,       // nothing printed on it
    Foreign,     // surely something else: plenty of print, none of it a form's
    Unknown,     // cannot be told
    Unreadable,  // could not be drawn
};

// One page of a form in one of its versions.
struct FormPage {
    int form = -1;  // index in the FormSet
    int page = 0;   // from 1
    friend bool operator==(const FormPage&, const FormPage&) = default;
};

struct FormMatch {
    int form = -1;             // index in the FormSet
    int form_page = 0;         // from 1
    int rotation = 0;          // degrees clockwise that turn the page upright: 0, 90, 180, 270
    double confidence = 0;     // 0..1
    double anchors_found = 0;  // share of the form page's printed anchors that were found in place
    std::vector<FormPage> also;  // pages of other versions that the scan may as well be: printed
                                 // alike, or told apart by nothing seen

    // The number of this page in `version` (index in the FormSet); 0 when that version does not
    // have it.
    int page_in(int version) const;
};

// Counts of the blank's printed words: how many were looked for, and how many are not where they
// should be.
struct PrintCheck {
    int looked_for = 0;
    int absent = 0;
};

// All the words of a page that is no registered form's, and how it lies.
struct WholePage {
    SizePt size;                     // upright
    std::vector<PrintedWord> words;  // boxes in points from the top left of the upright page
    int rotation = 0;  // degrees clockwise that turn the scan upright: 0, 90, 180, 270
};

struct PageReading {
    PageOrigin origin;
    int hand_in = 1;  // as SubmittedFile has it
    PageKind kind = PageKind::Unknown;
    FormMatch match;              // kind == Form
    bool born_digital = false;    // never printed and scanned: its file says what it shows
    bool struck_through = false;  // kind == Form: a pen's line runs slantwise over the page
    // kind == Form: print of another page stands beside the page on the same sheet.
    bool more_on_sheet = false;
    PrintCheck print;                  // kind == Form
    std::vector<FieldReading> fields;  // kind == Form, in the form's order
    std::optional<WholePage> whole;    // kind == Foreign or Unknown, when it was read
    Message trouble;                   // kind == Unreadable: why
    Message damage;  // a part of the page could not be decoded: which; empty: none
    std::vector<std::uint8_t> thumbnail_jpeg;  // upright as scanned
    int thumbnail_width = 0;
    int thumbnail_height = 0;
};

}  // namespace avtalskoll
