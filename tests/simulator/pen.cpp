#include "tests/simulator/pen.h"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::simulator {
namespace {

using std::numbers::pi;

struct SurfaceDeleter {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
struct ContextDeleter {
    void operator()(cairo_t* c) const { cairo_destroy(c); }
};

// A cairo drawing surface whose ink can be taken out as CV_32F.
class InkSurface {
public:
    InkSurface(int width, int height)
        : surface_(
              cairo_image_surface_create(CAIRO_FORMAT_A8, std::max(1, width), std::max(1, height))),
          context_(cairo_create(surface_.get())) {}
    cairo_t* get() { return context_.get(); }
    cv::Mat ink(double darkness) {
        cairo_surface_flush(surface_.get());
        const cv::Mat raw(cairo_image_surface_get_height(surface_.get()),
                          cairo_image_surface_get_width(surface_.get()), CV_8U,
                          cairo_image_surface_get_data(surface_.get()),
                          static_cast<std::size_t>(cairo_image_surface_get_stride(surface_.get())));
        cv::Mat out;
        raw.convertTo(out, CV_32F, darkness / 255);
        return out;
    }

private:
    std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface_;
    std::unique_ptr<cairo_t, ContextDeleter> context_;
};

// Cairo's fonts share FreeType's glyph loader, which two threads must not enter (seen as a crash in
// FT_Load_Glyph).
std::mutex& font_mutex() {
    static std::mutex mutex;
    return mutex;
}

cv::Mat turned(const cv::Mat& ink, double degrees) {
    const double rad = degrees * pi / 180;
    const int w =
        static_cast<int>(std::abs(ink.cols * std::cos(rad)) + std::abs(ink.rows * std::sin(rad))) +
        2;
    const int h =
        static_cast<int>(std::abs(ink.cols * std::sin(rad)) + std::abs(ink.rows * std::cos(rad))) +
        2;
    cv::Mat m = cv::getRotationMatrix2D(centre_of(ink), degrees, 1), out;
    m.at<double>(0, 2) += (w - ink.cols) / 2.0;
    m.at<double>(1, 2) += (h - ink.rows) / 2.0;
    cv::warpAffine(ink, out, m, {w, h}, cv::INTER_LINEAR);
    return out;
}

// One stroke: the pen runs along while it swings; swings are waves whose size and pace change.
std::vector<cv::Point2d> make_stroke(Random& random, cv::Point2d from, double length,
                                     double height) {
    std::vector<cv::Point2d> points;
    const double waves = random.real(1.0, 7.0), slant = random.real(-0.2, 0.7),
                 loop = random.real(0.1, 1.3);
    const double rise = random.real(-0.25, 0.1) * length;
    const double p1 = random.real(0, 2 * pi), p2 = random.real(0, 2 * pi),
                 p3 = random.real(0, 2 * pi);
    const double fade = random.real(0.2, 1.2), tall = random.real(0, 1);
    const int steps = static_cast<int>(std::max(20.0, waves * 28));
    for (int i = 0; i <= steps; ++i) {
        const double t = static_cast<double>(i) / steps;
        const double size =
            height * (0.25 + 0.75 * std::pow(std::abs(std::sin(p3 + 3.1 * t * (1 + tall))), 1.5)) *
            (1 - (1 - std::min(1.0, fade)) * t);
        const double swing = 2 * pi * waves * (t + 0.06 * std::sin(p2 + 7 * t));
        const double y = -0.5 * size * std::sin(swing + p1);
        const double x = length * t + loop * 0.35 * size * std::cos(swing + p1 + 0.4);
        points.emplace_back(from.x + x - slant * y, from.y + y + rise * t);
    }
    return points;
}

void pull_pen(cairo_t* c, Random& random, const std::vector<cv::Point2d>& points, double width_px) {
    cairo_set_line_cap(c, CAIRO_LINE_CAP_ROUND);
    double width = width_px;
    for (std::size_t i = 1; i < points.size(); ++i) {
        const double speed = cv::norm(points[i] - points[i - 1]);
        const double wanted =
            width_px * std::clamp(1.25 - 0.02 * speed, 0.55, 1.25) * random.real(0.92, 1.08);
        width += 0.3 * (wanted - width);
        cairo_set_line_width(c, std::max(1.0, width));
        cairo_move_to(c, points[i - 1].x, points[i - 1].y);
        cairo_line_to(c, points[i].x, points[i].y);
        cairo_stroke(c);
    }
}

cv::Mat draw_strokes(Random& random, const Pen& pen, double width_mm, double height_mm,
                     int strokes) {
    const double w = width_mm * kSheetPxPerMm, h = height_mm * kSheetPxPerMm;
    InkSurface surface(static_cast<int>(2 * w + 400), static_cast<int>(4 * h + 400));
    double x = w / 4 + 100;
    for (int s = 0; s < strokes; ++s) {
        const double length = w / strokes * random.real(0.6, 1.3);
        pull_pen(surface.get(), random,
                 make_stroke(random, {x, 2 * h + 200 + random.real(-0.1, 0.1) * h}, length,
                             h * random.real(0.5, 1.0)),
                 pen.width_mm * kSheetPxPerMm);
        x += length * random.real(0.7, 1.05);
    }
    if (random.chance(0.35)) {  // a flourish under or through it
        const double y = 2 * h + 200 + random.real(-0.1, 0.6) * h;
        std::vector<cv::Point2d> line;
        const double bend = random.real(-0.3, 0.3) * h;
        for (int i = 0; i <= 30; ++i)
            line.emplace_back(w / 4 + 100 + random.real(0.98, 1.02) * w * i / 30.0,
                              y + bend * std::sin(pi * i / 30.0) - 0.1 * h * i / 30.0);
        pull_pen(surface.get(), random, line, pen.width_mm * kSheetPxPerMm);
    }
    return cut_tight(surface.ink(pen.darkness));
}

cv::Mat draw_stamp(Random& random) {
    const double darkness = random.real(0.35, 0.95);
    const bool round = random.chance(0.5);
    const double w = random.real(24, 42) * kSheetPxPerMm,
                 h = round ? (random.chance(0.7) ? w : 0.65 * w)
                           : random.real(10, 20) * kSheetPxPerMm;
    const std::lock_guard lock(font_mutex());
    InkSurface surface(static_cast<int>(w + 40), static_cast<int>(h + 40));
    cairo_t* c = surface.get();
    cairo_set_line_width(c, random.real(0.3, 0.9) * kSheetPxPerMm);
    const int frames = random.chance(0.4) ? 0 : random.whole(1, 2);
    for (int f = 0; f < frames; ++f) {
        const double inset = f * random.real(1.0, 2.0) * kSheetPxPerMm;
        if (round) {
            cairo_save(c);
            cairo_translate(c, w / 2 + 20, h / 2 + 20);
            cairo_scale(c, w / 2 - inset, h / 2 - inset);
            cairo_arc(c, 0, 0, 1, 0, 2 * pi);
            cairo_restore(c);
        } else {
            cairo_rectangle(c, 20 + inset, 20 + inset, w - 2 * inset, h - 2 * inset);
        }
        cairo_stroke(c);
    }
    static const std::vector<std::string> words{
        "INKOM", "ANKOM",   "KOMMUNEN",     "REGISTRATUR", "DIARIET",    "BYGGNADSNÄMNDEN",
        "KOPIA", "GODKÄND", "LANTMÄTERIET", "Dnr",         "STADSHUSET", "MILJÖ"};
    std::vector<std::string> lines{random.pick(words)};
    if (random.chance(0.7))
        lines.push_back(fmt::format("20{:02}-{:02}-{:02}", random.whole(24, 27),
                                    random.whole(1, 12), random.whole(1, 28)));
    for (int i = random.whole(-1, 2); i > 0; --i) lines.insert(lines.begin(), random.pick(words));
    cairo_select_font_face(c, random.pick(print_fonts()).c_str(), CAIRO_FONT_SLANT_NORMAL,
                           random.chance(0.6) ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    double size = 0.55 * h / static_cast<double>(lines.size());
    for (const std::string& line : lines) {
        cairo_set_font_size(c, size);
        cairo_text_extents_t extents;
        cairo_text_extents(c, line.c_str(), &extents);
        if (extents.width > (round ? 0.75 : 0.9) * w)
            size *= (round ? 0.75 : 0.9) * w / extents.width;
    }
    cairo_set_font_size(c, size);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        cairo_text_extents_t extents;
        cairo_text_extents(c, lines[i].c_str(), &extents);
        cairo_move_to(
            c, 20 + (w - extents.width) / 2,
            20 + h / 2 +
                (static_cast<double>(i) - (static_cast<double>(lines.size()) - 1) / 2 + 0.35) *
                    size * 1.25);
        cairo_show_text(c, lines[i].c_str());
    }
    cv::Mat ink = surface.ink(darkness), worn(ink.size(), CV_32F);
    for (int y = 0; y < worn.rows; y += 1)
        for (int x = 0; x < worn.cols; ++x)
            worn.at<float>(y, x) = static_cast<float>(random.real(0, 1));
    cv::GaussianBlur(worn, worn, {0, 0}, 4);
    cv::normalize(worn, worn, 0, 1, cv::NORM_MINMAX);
    const double wear = random.real(0.0, 0.5);
    ink = ink.mul(1 - wear * worn);
    return cut_tight(turned(ink, random.chance(0.7) ? random.normal(0, 8) : random.real(-30, 30)));
}

cv::Mat draw_smudge(Random& random) {
    const double w = random.real(3, 18) * kSheetPxPerMm, h = random.real(2, 8) * kSheetPxPerMm;
    cv::Mat ink =
        cv::Mat::zeros(static_cast<int>(2 * h) + 60, static_cast<int>(2 * w) + 60, CV_32F);
    const int blobs = random.whole(1, 4);
    for (int i = 0; i < blobs; ++i)
        cv::ellipse(ink,
                    cv::Point(ink.cols / 2 + static_cast<int>(random.real(-0.4, 0.4) * w),
                              ink.rows / 2 + static_cast<int>(random.real(-0.3, 0.3) * h)),
                    cv::Size(static_cast<int>(w * random.real(0.2, 0.5)),
                             static_cast<int>(h * random.real(0.2, 0.5))),
                    random.real(-30, 30), 0, 360, cv::Scalar(random.real(0.1, 0.6)), cv::FILLED);
    cv::GaussianBlur(ink, ink, {0, 0}, random.real(2, 14));
    return cut_tight(ink);
}

cv::Mat draw_small(Random& random, Mark mark) {
    const Pen pen = random_pen(random);
    InkSurface surface(900, 500);
    const double width = pen.width_mm * kSheetPxPerMm, mm = kSheetPxPerMm;
    if (mark == Mark::Dot) {
        cairo_arc(surface.get(), 450, 250, random.real(0.2, 0.8) * mm, 0, 2 * pi);
        cairo_fill(surface.get());
    } else if (mark == Mark::Tick) {
        const double s = random.real(2.5, 7) * mm;
        if (random.chance(0.6)) {
            pull_pen(surface.get(), random,
                     {{450 - 0.4 * s, 250}, {450, 250 + 0.5 * s}, {450 + 0.9 * s, 250 - 0.8 * s}},
                     width);
        } else {
            pull_pen(surface.get(), random,
                     {{450 - s / 2, 250 - s / 2}, {450 + s / 2, 250 + s / 2}}, width);
            pull_pen(surface.get(), random,
                     {{450 + s / 2, 250 - s / 2}, {450 - s / 2, 250 + s / 2}}, width);
        }
    } else {
        const double half = random.real(4, 30) * mm, slope = random.real(-0.15, 0.15);
        std::vector<cv::Point2d> line;
        for (int i = -15; i <= 15; ++i)
            line.emplace_back(450 + half * i / 15,
                              250 + slope * half * i / 15 + random.real(-0.6, 0.6));
        pull_pen(surface.get(), random, line, width);
    }
    return cut_tight(surface.ink(pen.darkness));
}

}  // namespace

const std::vector<std::string>& print_fonts() {
    static const std::vector<std::string> fonts{"Liberation Sans",
                                                "Liberation Serif",
                                                "Liberation Mono",
                                                "DejaVu Sans",
                                                "DejaVu Serif",
                                                "DejaVu Sans Mono",
                                                "Carlito",
                                                "Caladea",
                                                "FreeSans",
                                                "FreeSerif",
                                                "Open Sans",
                                                "Roboto",
                                                "Lato",
                                                "Liberation Sans Narrow"};
    return fonts;
}

const std::vector<std::string>& hand_fonts() {
    static const std::vector<std::string> fonts{"Dancing Script", "Kristi",     "Breip",
                                                "Femkeklaver",    "Humor Sans", "Rufscript"};
    return fonts;
}

Pen random_pen(Random& random) {
    switch (random.whole(0, 4)) {
        case 0: return {random.real(0.6, 1.1), random.real(0.75, 0.98)};  // felt tip
        case 1: return {random.real(0.3, 0.5), random.real(0.35, 0.55)};  // pencil
        default: return {random.real(0.3, 0.6), random.real(0.5, 0.95)};  // ballpoint
    }
}

cv::Mat cut_tight(const cv::Mat& ink) {
    cv::Mat mask = ink > 0.05F;
    std::vector<cv::Point> points;
    cv::findNonZero(mask, points);
    return points.empty() ? ink : ink(cv::boundingRect(points)).clone();
}

void lay_ink(cv::Mat& page, const cv::Mat& ink, cv::Point at) {
    const cv::Rect target = cv::Rect(at, ink.size()) & cv::Rect({}, page.size());
    for (int y = target.y; y < target.br().y; ++y)
        for (int x = target.x; x < target.br().x; ++x) {
            auto& v = page.at<unsigned char>(y, x);
            v = cv::saturate_cast<unsigned char>(v * (1 - ink.at<float>(y - at.y, x - at.x)));
        }
}

cv::Rect lay_mark(Random& random, cv::Mat& sheet, const BoxPt& box, const cv::Mat& ink,
                  double loose) {
    // People stay on the line if they can.
    const double room = std::max(0.08, 1 - ink.cols / (box.w * kSheetPxPerPt));
    const double x = (box.x + box.w * random.real(0, 0.9 * room)) * kSheetPxPerPt;
    const double y =
        (box.y + box.h * (0.55 + random.real(-loose, loose))) * kSheetPxPerPt - ink.rows / 2.0;
    const cv::Point at(static_cast<int>(x), static_cast<int>(y));
    lay_ink(sheet, ink, at);
    return {at, ink.size()};
}

cv::Mat draw_signature(Random& random, const Pen& pen, double width_mm, double height_mm) {
    cv::Mat ink = draw_strokes(random, pen, width_mm, height_mm, random.whole(1, 4));
    const double scale = std::min({1.0, width_mm * 1.2 * kSheetPxPerMm / ink.cols,
                                   height_mm * 1.6 * kSheetPxPerMm / ink.rows});
    if (scale < 0.999) cv::resize(ink, ink, {}, scale, scale, cv::INTER_AREA);
    return cut_tight(turned(ink, random.normal(3, 5)));
}

cv::Mat pull_strokes(Random& random, const Pen& pen, const std::vector<Stroke>& strokes) {
    constexpr double kRoom_mm = 2;
    cv::Point2d low(1e9, 1e9), high(-1e9, -1e9);
    for (const Stroke& stroke : strokes)
        for (const cv::Point2d& p : stroke) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
    const auto px = [](double mm) { return static_cast<int>((mm + 2 * kRoom_mm) * kSheetPxPerMm); };
    InkSurface surface(px(high.x - low.x), px(high.y - low.y));
    const cv::Point2d origin = low - cv::Point2d(kRoom_mm, kRoom_mm);
    for (Stroke stroke : strokes) {
        for (cv::Point2d& p : stroke) p = (p - origin) * kSheetPxPerMm;
        pull_pen(surface.get(), random, stroke, pen.width_mm * kSheetPxPerMm);
    }
    return cut_tight(surface.ink(pen.darkness));
}

cv::Mat ink_of_picture(const cv::Mat& grey, double width_mm, double darkness) {
    cv::Mat paper, ink, sized;
    cv::dilate(grey, paper, cv::getStructuringElement(cv::MORPH_RECT, {31, 31}));
    cv::GaussianBlur(paper, paper, {0, 0}, 15);
    cv::Mat g, p;
    grey.convertTo(g, CV_32F);
    paper.convertTo(p, CV_32F);
    cv::divide(g, p, ink);
    ink = (0.86 - ink) * 2.2;  // nearly as light as the paper: it is paper
    cv::max(ink, 0, ink);
    cv::min(ink, 1, ink);
    cv::Mat tight = cut_tight(ink) * darkness;
    const double scale = width_mm * kSheetPxPerMm / tight.cols;
    cv::resize(tight, sized, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    cv::max(sized, 0, sized);
    return sized;
}

cv::Mat draw_text(Random& random, const std::string& text, const std::string& family,
                  double size_pt, bool bold, bool italic, bool hand) {
    const double size = size_pt * kSheetPxPerPt;
    const std::lock_guard lock(font_mutex());
    InkSurface surface(static_cast<int>(size * (static_cast<double>(text.size()) * 0.9 + 3)),
                       static_cast<int>(size * 2.2));
    cairo_t* c = surface.get();
    cairo_select_font_face(c, family.c_str(),
                           italic ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                           bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c, size);
    if (!hand) {
        cairo_move_to(c, size, size * 1.5);
        cairo_show_text(c, text.c_str());
        return surface.ink(1);
    }
    double x = size;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t n = 1;
        while (i + n < text.size() && (text[i + n] & 0xC0) == 0x80) ++n;
        const std::string letter = text.substr(i, n);
        cairo_text_extents_t extents;
        cairo_text_extents(c, letter.c_str(), &extents);
        cairo_save(c);
        cairo_translate(c, x, size * 1.5 + random.normal(0, 0.04 * size));
        cairo_rotate(c, random.normal(0, 0.06));
        const double scale = random.real(0.9, 1.1);
        cairo_scale(c, scale, scale);
        cairo_move_to(c, 0, 0);
        cairo_show_text(c, letter.c_str());
        cairo_restore(c);
        x += extents.x_advance * random.real(0.92, 1.1);
        i += n;
    }
    return surface.ink(random.real(0.55, 0.95));
}

cv::Mat draw_mark(Random& random, Mark mark, const std::string& text) {
    switch (mark) {
        case Mark::Signature:
            return draw_signature(random, random_pen(random), random.real(22, 65),
                                  random.real(7, 18));
        case Mark::Initials:
            return draw_strokes(random, random_pen(random), random.real(5, 9), random.real(4, 7),
                                random.whole(1, 2));
        case Mark::Scribble:
            return draw_strokes(random, random_pen(random), random.real(3, 6), random.real(2, 4),
                                1);
        case Mark::Stamp: return draw_stamp(random);
        case Mark::Smudge: return draw_smudge(random);
        case Mark::TypedName:
            return cut_tight(draw_text(random, text, random.pick(print_fonts()), random.real(9, 18),
                                       random.chance(0.2), random.chance(0.35), false)) *
                   random.real(0.6, 1.0);
        case Mark::ScriptName:
            return cut_tight(draw_text(random, text, random.pick(hand_fonts()), random.real(11, 24),
                                       random.chance(0.2), false, false)) *
                   random.real(0.6, 1.0);
        case Mark::HandWriting:
            return cut_tight(turned(draw_text(random, text, random.pick(hand_fonts()),
                                              random.real(11, 24), false, false, true),
                                    random.normal(0, 2)));
        default: return draw_small(random, mark);
    }
}

void wipe(cv::Mat& page, const BoxPt& box) {
    const auto px = [](double pt) { return static_cast<int>(std::lround(pt * kSheetPxPerPt)); };
    cv::rectangle(page, {px(box.x), px(box.y), px(box.w), px(box.h)}, 255, cv::FILLED);
}

void cross_out(Random& random, cv::Mat& page, const BoxPt& box) {
    const Pen pen = random_pen(random);
    const int w = static_cast<int>(box.w * kSheetPxPerPt),
              h = static_cast<int>(box.h * kSheetPxPerPt);
    InkSurface surface(w, h);
    const int lines = random.whole(1, 2);
    for (int i = 0; i < lines; ++i) {
        std::vector<cv::Point2d> line;
        const double y0 = h * random.real(0.3, 0.7), y1 = h * random.real(0.3, 0.7);
        for (int k = 0; k <= 40; ++k)
            line.emplace_back(w * (0.01 + 0.6 * k / 40.0),
                              y0 + (y1 - y0) * k / 40 + random.real(-1.5, 1.5));
        pull_pen(surface.get(), random, line, pen.width_mm * kSheetPxPerMm);
    }
    lay_ink(page, surface.ink(pen.darkness),
            {static_cast<int>(box.x * kSheetPxPerPt), static_cast<int>(box.y * kSheetPxPerPt)});
}

}  // namespace avtalskoll::simulator
