#include "tests/simulator/filling.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <sstream>
#include <utility>
#include <vector>

#include "models/text.h"
#include "tests/simulator/pen.h"

namespace avtalskoll::simulator {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// Breaks a long line at spaces so that it fits.
std::vector<std::string> wrapped(const std::string& text, std::size_t most) {
    std::vector<std::string> out;
    for (const std::string& line : lines_of(text)) {
        std::string current;
        std::istringstream words(line);
        for (std::string word; words >> word;) {
            if (!current.empty() && current.size() + word.size() + 1 > most)
                out.push_back(std::exchange(current, {}));
            current += (current.empty() ? "" : " ") + word;
        }
        if (!current.empty()) out.push_back(current);
    }
    return out;
}

std::vector<std::string> letters_of(const std::string& text) {
    std::vector<std::string> letters;
    for (const char32_t letter : code_points_of(text))
        letters.push_back(utf8_of(std::u32string_view(&letter, 1)));
    return letters;
}

// The letters for `cells` cells: marks between groups stand in none where they do not fit.
std::vector<std::string> letters_for(const std::string& value, int cells) {
    std::vector<std::string> letters = letters_of(value);
    for (const char* mark : {" ", "-"})
        if (static_cast<int>(letters.size()) > cells) std::erase(letters, mark);
    return letters;
}

void write_in_cells(Random& random, cv::Mat& sheet, const Field& field, const std::string& value,
                    const Writing& writing) {
    std::vector<BoxPt> parts = field.parts;
    if (parts.empty()) parts.push_back(field.place.box);
    double width = 0;
    for (const BoxPt& part : parts) width += part.w;
    const std::vector<std::string> letters = letters_for(value, field.cells);
    std::size_t next = 0;
    for (const BoxPt& part : parts) {
        const int cells = static_cast<int>(std::lround(field.cells * part.w / width));
        for (int i = 0; i < cells && next < letters.size(); ++i) {
            const double w = part.w / cells, room = std::max(0.0, w - 8);
            write_text(random, sheet, {part.x + i * w + room / 2 - 1, part.y, w, part.h},
                       letters[next++], writing);
        }
    }
}

// The pieces of a value for so many boxes: between its marks where these are as many.
std::vector<std::string> pieces_for(const std::string& value, std::size_t boxes) {
    std::vector<std::string> pieces{""};
    for (const char c : value) {
        if (c == ' ' || c == '-') pieces.emplace_back();
        else pieces.back() += c;
    }
    if (pieces.size() == boxes) return pieces;
    const std::vector<std::string> letters = letters_of(value);
    pieces.assign(boxes, "");
    for (std::size_t i = 0; i < letters.size(); ++i)
        pieces[i * boxes / letters.size()] += letters[i];
    return pieces;
}

}  // namespace

void write_text(Random& random, cv::Mat& sheet, const BoxPt& box, const std::string& value,
                const Writing& writing) {
    const Typeface& face = writing.face;
    const bool many_lines = writing.many_lines, by_hand = writing.by_hand;
    const std::string family = by_hand ? random.pick(hand_fonts()) : face.family;
    // Who types makes the letters fit the line.
    constexpr double kOfLine = 0.85;
    const double base =
        by_hand ? random.real(12, 17) : std::min(face.size_pt, std::max(6.0, kOfLine * box.h));
    const std::vector<std::string> lines =
        many_lines ? wrapped(value, static_cast<std::size_t>(box.w / (0.56 * base)))
                   : std::vector<std::string>{value};
    double y = many_lines ? box.y + 1
                          : box.y + box.h / 2 - base * 0.68 - 0.45 * base + random.real(-0.8, 0.8);
    if (many_lines) y -= 0.7 * base;
    for (const std::string& line : lines) {
        cv::Mat ink = draw_text(random, line, family, base, face.bold && !by_hand, false, by_hand);
        const double wide = (box.w - 3) * kSheetPxPerPt + base * kSheetPxPerPt;
        std::vector<cv::Point> points;
        cv::findNonZero(ink > 0.05F, points);
        const int used = points.empty() ? 0 : cv::boundingRect(points).br().x;
        if (used > wide) cv::resize(ink, ink, {}, wide / used, wide / used, cv::INTER_AREA);
        lay_ink(sheet, ink,
                {static_cast<int>((box.x + 2) * kSheetPxPerPt - base * kSheetPxPerPt),
                 static_cast<int>(y * kSheetPxPerPt)});
        y += base * 1.2;
    }
}

void write_value(Random& random, cv::Mat& sheet, const Field& field, const std::string& value,
                 const Writing& writing) {
    if (field.cells > 0) return write_in_cells(random, sheet, field, value, writing);
    if (field.parts.empty()) return write_text(random, sheet, field.place.box, value, writing);
    const std::vector<std::string> pieces = pieces_for(value, field.parts.size());
    for (std::size_t i = 0; i < pieces.size(); ++i)
        write_text(random, sheet, field.parts[i], pieces[i], writing);
}

namespace {

// A tick or a cross as large as a box asks for, in mm.
std::vector<Stroke> tick_strokes(Random& random, double side) {
    const double s = side * random.real(0.7, 1.5), lean = random.real(-0.1, 0.1) * s;
    if (random.chance(0.5))
        return {{{-0.45 * s, 0}, {-0.1 * s, 0.4 * s}, {0.5 * s + lean, -0.6 * s}}};
    return {{{-s / 2, -s / 2 + lean}, {s / 2, s / 2}}, {{s / 2, -s / 2}, {-s / 2 + lean, s / 2}}};
}

}  // namespace

void tick(Random& random, cv::Mat& sheet, const BoxPt& box) {
    const bool typed = random.chance(0.25);
    cv::Mat ink;
    if (typed) {
        ink = cut_tight(draw_text(random, random.chance(0.5) ? "X" : "x",
                                  random.pick(print_fonts()), box.h, false, false, false));
        const double scale = box.h * kSheetPxPerPt * random.real(0.5, 0.8) / ink.rows;
        cv::resize(ink, ink, {}, scale, scale, cv::INTER_AREA);
    } else {
        const Pen pen = random_pen(random);
        ink = pull_strokes(random, pen, tick_strokes(random, box.h / kPointsPerMm));
    }
    const double off = typed ? 0.05 : 0.18;
    const auto at = [&](double begin, double size, int px) {
        return static_cast<int>((begin + size * (0.5 + random.real(-off, off))) * kSheetPxPerPt) -
               px / 2;
    };
    lay_ink(sheet, ink, {at(box.x, box.w, ink.cols), at(box.y, box.h, ink.rows)});
}

}  // namespace avtalskoll::simulator
