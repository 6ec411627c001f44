#include "data/models/training/lines.h"

#include <cairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <optional>

#include "data/models/training/scanned_piece.h"
#include "models/text.h"
#include "ocr/ink/ink.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/field_crop.h"
#include "ocr/reading/line_picture.h"
#include "tests/simulator/pen.h"

namespace avtalskoll::simulator {
namespace {

constexpr double kSheetWidth_pt = 400, kSheetHeight_pt = 420;

int px(double pt) { return static_cast<int>(std::lround(pt * kSheetPxPerPt)); }

// A text as it was set: ink at kSheetDpi, and where its letters are.
struct SetText {
    cv::Mat ink;                  // CV_32F
    std::vector<double> centres;  // px of the ink's picture
    double left = 0, right = 0;   // px: the first letter's beginning, the last one's end
    double baseline = 0;          // px
};

struct Typeface {
    std::string family;
    double size_pt = 11;
    bool bold = false, italic = false;
    double tracking = 0;  // of the size, between letters
};

// nullopt when the typeface lacks a letter.
std::optional<SetText> set_text(const std::u32string& text, const Typeface& face) {
    const double size = face.size_pt * kSheetPxPerPt;
    const int width = static_cast<int>(size * (static_cast<double>(text.size()) * 1.1 + 3)),
              height = static_cast<int>(2.2 * size);
    const std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface(
        cairo_image_surface_create(CAIRO_FORMAT_A8, width, height), cairo_surface_destroy);
    const std::unique_ptr<cairo_t, decltype(&cairo_destroy)> context(cairo_create(surface.get()),
                                                                     cairo_destroy);
    cairo_t* c = context.get();
    cairo_select_font_face(c, face.family.c_str(),
                           face.italic ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                           face.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c, size);
    SetText set;
    set.baseline = 1.5 * size;
    const std::string bytes = utf8_of(text);
    cairo_glyph_t* glyphs = nullptr;
    int count = 0;
    cairo_scaled_font_t* font = cairo_get_scaled_font(c);
    if (cairo_scaled_font_text_to_glyphs(font, 0, 0, bytes.c_str(), static_cast<int>(bytes.size()),
                                         &glyphs, &count, nullptr, nullptr,
                                         nullptr) != CAIRO_STATUS_SUCCESS)
        return std::nullopt;
    const std::unique_ptr<cairo_glyph_t, decltype(&cairo_glyph_free)> kept(glyphs,
                                                                           cairo_glyph_free);
    if (count != static_cast<int>(text.size())) return std::nullopt;
    double x = size;
    for (int i = 0; i < count; ++i) {
        if (glyphs[i].index == 0) return std::nullopt;
        cairo_text_extents_t extents;
        cairo_scaled_font_glyph_extents(font, &glyphs[i], 1, &extents);
        const double advance = extents.x_advance;
        if (text[static_cast<std::size_t>(i)] != U' ' && extents.width <= 0) return std::nullopt;
        glyphs[i].x = x;
        glyphs[i].y = set.baseline;
        if (i == 0) set.left = x + extents.x_bearing;
        if (i + 1 == count) set.right = x + extents.x_bearing + extents.width;
        set.centres.push_back(x + (text[static_cast<std::size_t>(i)] == U' '
                                       ? advance / 2
                                       : extents.x_bearing + extents.width / 2));
        x += advance + face.tracking * size;
    }
    if (x + size > width) return std::nullopt;
    cairo_show_glyphs(c, glyphs, count);
    cairo_surface_flush(surface.get());
    const cv::Mat raw(height, width, CV_8U, cairo_image_surface_get_data(surface.get()),
                      static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get())));
    raw.convertTo(set.ink, CV_32F, 1.0 / 255);
    return set;
}

// A text in its place on the sheet.
struct Line {
    LineText text;
    BoxPt place;
    SetText set;
    cv::Point at;  // px on the sheet: the ink's top left
};

Typeface random_face(Random& random, const std::vector<std::string>& families) {
    static const std::vector<std::string> usual{"Liberation Sans", "Liberation Serif", "Carlito",
                                                "Caladea",         "DejaVu Sans",      "Lato",
                                                "Open Sans",       "Liberation Mono",  "FreeSans"};
    Typeface face;
    face.family = random.chance(0.3) ? random.pick(usual) : random.pick(families);
    face.size_pt = random.chance(0.7) ? random.real(8.5, 12.5) : random.real(6.5, 14);
    face.bold = random.chance(0.1), face.italic = random.chance(0.08);
    if (random.chance(0.15)) face.tracking = random.real(-0.03, 0.1);
    return face;
}

// What people type into a quote or a dash, as another sign of the same meaning.
std::u32string as_typed(Random& random, std::u32string text) {
    for (char32_t& c : text) {
        if (!random.chance(0.3)) continue;
        if (c == U'\'') c = random.chance(0.7) ? U'\u2019' : U'\u2018';
        if (c == U'"') c = random.chance(0.6) ? U'\u201D' : U'\u201C';
        if (c == U'\u2013') c = U'\u2014';
        if (c == U'-' && random.chance(0.1)) c = U'\u2010';
    }
    return text;
}

// The label, the frame or the line that a form prints at a place.
void print_place(Random& random, cv::Mat& form, const BoxPt& place, int style) {
    const cv::Scalar grey(random.real(0, 120));
    const cv::Rect box(px(place.x), px(place.y), px(place.w), px(place.h));
    const int thick = random.whole(1, 3);
    if (style == 0) cv::rectangle(form, box, grey, thick);
    if (style == 1) cv::line(form, {box.x, box.br().y}, box.br(), grey, thick);
    if (style == 2)
        for (int x = box.x; x < box.br().x; x += 10)
            cv::line(form, {x, box.br().y}, {x + 3, box.br().y}, grey, thick);
    if (style == 3) {
        cv::rectangle(form, box, cv::Scalar(random.real(225, 245)), cv::FILLED);
        cv::rectangle(form, box, grey, thick);
    }
    static const std::vector<std::string> labels{"Namn", "Telefon", "E-post", "Organisation",
                                                 "Roll", "Datum",   "Uppgift"};
    lay_ink(form,
            draw_text(random, random.pick(labels), "Liberation Sans", random.real(6, 8), false,
                      false, false),
            {box.x - px(4), box.y - px(11.5)});
}

// Dirt that the scanner's model does not know: a fold's shade, a soft speck, a broken rule.
void soil(Random& random, cv::Mat& sheet) {
    for (int i = random.whole(-4, 2); i > 0; --i) {
        cv::Mat shade(sheet.size(), CV_8U, cv::Scalar(255));
        const int y = random.whole(0, sheet.rows);
        cv::line(shade, {0, y}, {sheet.cols, y + random.whole(-14, 14)},
                 cv::Scalar(random.real(110, 225)), random.whole(1, 8));
        cv::GaussianBlur(shade, shade, {0, 0}, random.real(0.8, 5));
        cv::min(sheet, shade, sheet);
    }
    for (int i = random.whole(-6, 10); i > 0; --i) {
        const cv::Point at(random.whole(20, sheet.cols - 20), random.whole(20, sheet.rows - 20));
        cv::Mat around = sheet(cv::Rect(at.x - 12, at.y - 12, 24, 24));
        cv::Mat speck(around.size(), CV_8U, cv::Scalar(255));
        cv::circle(speck, {12, 12}, random.whole(1, 4), cv::Scalar(random.real(0, 150)),
                   cv::FILLED);
        cv::GaussianBlur(speck, speck, {0, 0}, random.real(0.6, 2.5));
        cv::min(around, speck, around);
    }
}

double ink_end(const Line& line) { return line.at.x + line.set.right; }

// Sets a text in a place that begins at `left` and must end before `right`; nullopt when it will
// not fit.
std::optional<Line> set_line(Random& random, const LineText& text, const Typeface& face,
                             const BoxPt& place) {
    auto set = set_text(as_typed(random, text.text), face);
    if (!set || set->right - set->left > px(place.w - 4)) return std::nullopt;
    Line line{text, place, std::move(*set), {}};
    const double slack = px(place.w - 3) - (line.set.right - line.set.left);
    const double indent =
        random.chance(0.75) ? random.real(0, std::min(slack, 14.0)) : random.real(0, slack);
    line.at.x = static_cast<int>(px(place.x + 1.5) + indent - line.set.left);
    const double size = face.size_pt;
    const double up = random.real(0.22, std::max(0.25, place.h / size - 0.85)) * size;
    line.at.y = static_cast<int>(px(place.y + place.h - up) - line.set.baseline);
    return line;
}

// Cut out and cleaned as the product does; nullopt where the line came to harm.
std::optional<LineSample> cut_line(Random& random, const Line& line, const ScannedPiece& piece,
                                   const ocr::BlankPage& blank) {
    const ocr::Registration registration =
        registration_of(random, piece.sheet_to_piece, {0, 0}, line.place);
    const ocr::FieldCrop crop =
        ocr::cut_field(piece.even, blank, registration, line.place, ocr::kFieldMargin_mm);
    if (!crop.trusted) return std::nullopt;
    const ocr::ResidualInk ink = ocr::residual_ink(crop, ocr::InkOptions{});
    const cv::Rect hull = ocr::writing_box(ink);
    const cv::Mat writing = ocr::writing_only(crop, ink, 0);
    if (writing.empty()) return std::nullopt;
    // Sheet px to crop px.
    constexpr double kScale = ocr::kReadDpi / kSheetDpi;
    const auto on_crop = [&](double x) {
        return (x + line.at.x + 0.5) * kScale - 0.5 - crop.region.x;
    };
    const double left = on_crop(line.set.left), right = on_crop(line.set.right);
    constexpr double kLost_px = 4, kMore_px = 14;
    if (hull.x > left + kLost_px || hull.br().x < right - kLost_px || hull.x < left - kMore_px ||
        hull.br().x > right + kMore_px)
        return std::nullopt;
    const auto picture = ocr::line_picture(writing);
    if (!picture) return std::nullopt;
    LineSample sample{picture->ink, writing, line.text.text, {}, line.text.kind, Tier::Office};
    const int pad = (writing.cols - hull.width) / 2;
    for (const double centre : line.set.centres)
        sample.centres.push_back(
            static_cast<float>((on_crop(centre) - hull.x + pad) * picture->scale));
    return sample;
}

}  // namespace

LineMaker::LineMaker(const LineTexts& texts, std::vector<std::string> families)
    : texts_(texts), families_(std::move(families)) {}

std::vector<LineSample> LineMaker::make_sheet(std::uint64_t seed, std::uint64_t index) const {
    Random random = Random::stream(seed, index);
    cv::Mat form(px(kSheetHeight_pt), px(kSheetWidth_pt), CV_8U, cv::Scalar(255));
    std::vector<Line> lines;
    const int style = random.whole(0, 4);
    const Typeface sheets_face = random_face(random, families_);
    const bool one_face = random.chance(0.4);
    for (double y = 22; y < kSheetHeight_pt - 30;) {
        double x = 18;
        const double height = random.chance(0.8) ? random.real(14, 20) : random.real(20, 34);
        while (x < kSheetWidth_pt - 70) {
            const Typeface face = one_face ? sheets_face : random_face(random, families_);
            const BoxPt room{x, y, kSheetWidth_pt - 14 - x, std::max(height, face.size_pt + 2)};
            auto line = set_line(random, texts_.make(random), face, room);
            if (!line) {
                if (random.chance(0.3)) break;
                continue;
            }
            const double end = ink_end(*line) / kSheetPxPerPt;
            line->place.w = std::min(room.w, end - x + random.real(3, 30));
            x += line->place.w + 18;
            print_place(random, form, line->place, style);
            lines.push_back(std::move(*line));
        }
        y += height + random.real(14, 20);
    }
    cv::Mat sheet = form.clone();
    const double darkness = random.chance(0.7) ? 1 : random.real(0.55, 1);
    for (const Line& line : lines) lay_ink(sheet, line.set.ink * darkness, line.at);
    soil(random, sheet);
    static const std::vector<Tier> tiers{Tier::Clean, Tier::Office, Tier::Office, Tier::Poor,
                                         Tier::Poor,  Tier::Fax,    Tier::Phone};
    const Tier tier = random.pick(tiers);
    const ScannedPiece piece =
        stored(scan_sheet(random, sheet, make_device(random, tier), random.chance(0.25)));
    ocr::BlankPage blank;
    blank.size = {kSheetWidth_pt, kSheetHeight_pt};
    cv::Mat at_read;
    cv::resize(form, at_read, {}, ocr::kReadDpi / kSheetDpi, ocr::kReadDpi / kSheetDpi,
               cv::INTER_AREA);
    blank.read = ocr::PackedPicture(at_read);
    std::vector<LineSample> samples;
    for (const Line& line : lines)
        if (auto sample = cut_line(random, line, piece, blank)) {
            sample->tier = tier;
            samples.push_back(std::move(*sample));
        }
    return samples;
}

}  // namespace avtalskoll::simulator
