// What ocr measured on a page: which form page it is, what stands in each place, and how sure the measurement is.
// Measurements only: no verdicts. Plain values; safe from many threads.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/geometry.h"
#include "models/page_image.h"

namespace avtalskoll {

// One engine's answer for one crop.
struct TextVote {
    std::string model;      // trained model that gave it
    std::string text;       // UTF-8, lines kept
    double confidence = 0;  // 0..1, the engine's own mean over words
};

// What is in a place before anyone reads it.
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
};

// Shape of the ink in a signature place, in the order of signature_feature_names() in ocr/signature.h.
struct SignatureMeasure {
    std::vector<float> features;
    double signed_score = 0;   // 0..1, belief that a hand signed here
    double ink_mm2 = 0;        // residual ink, print taken away
    double printed_words = 0;  // 0..1, how surely the ink reads as type
    bool frame = false;        // a ring or box such as a stamp has
};

struct FieldReading {
    FieldRef ref;
    BoxShare box;               // where on the scanned page, as a viewer shows it
    double place_error_mm = 0;  // expected error of the place itself
    bool place_trusted = true;  // false: the print beside the place was not found where it should be
    InkMeasure ink;
    std::vector<TextVote> votes;  // text kinds, when filled; best model first
    std::optional<SignatureMeasure> signature;
    std::vector<SignatureMeasure> keep_empty;  // one for each of the field's keep_empty places
    std::vector<std::uint8_t> crop_png;        // evidence for people
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

struct FormMatch {
    int form = -1;             // index in the FormSet
    int form_page = 0;         // from 1
    int rotation = 0;          // degrees clockwise that turn the page upright: 0, 90, 180, 270
    double confidence = 0;     // 0..1
    double anchors_found = 0;  // share of the form page's printed anchors that were found in place
};

struct PageReading {
    PageOrigin origin;
    PageKind kind = PageKind::Unknown;
    FormMatch match;                           // kind == Form
    std::vector<FieldReading> fields;          // kind == Form, in the form's order
    std::string trouble;                       // kind == Unreadable: why
    std::vector<std::uint8_t> thumbnail_jpeg;  // upright as scanned
    int thumbnail_width = 0;
    int thumbnail_height = 0;
};

}  // namespace avtalskoll
