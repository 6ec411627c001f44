// Draws what hands and stamps leave on paper: signatures, initials, ticks, smudges, stamps,
// crossing-out.
//
// All drawing is onto a page at kSheetDpi, 8-bit grey, ink darkening what is there; lengths in mm.
// Seeded by the caller.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "models/geometry.h"
#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

inline constexpr double kSheetDpi = 300;
inline constexpr double kSheetPxPerPt = kSheetDpi / kPointsPerInch;
inline constexpr double kSheetPxPerMm = kSheetDpi / kMmPerInch;

struct Pen {
    double width_mm = 0.5;
    double darkness = 0.8;  // 0..1
};
Pen random_pen(Random& random);  // ballpoint, felt tip, pencil

enum class Mark {
    Signature,
    Initials,
    Tick,
    Line,
    Dot,
    Smudge,
    Stamp,
    TypedName,
    ScriptName,
    Scribble,
    HandWriting
};

inline cv::Point2f centre_of(const cv::Mat& m) {
    return {static_cast<float>(m.cols) / 2, static_cast<float>(m.rows) / 2};
}

// The part of `ink` (CV_32F) that holds any.
cv::Mat cut_tight(const cv::Mat& ink);

// Lays `ink` (0..1, CV_32F) on `page` with its top left at `at`; what falls outside is cut off.
void lay_ink(cv::Mat& page, const cv::Mat& ink, cv::Point at);

// A made-up signature: one to five strokes of loops and waves with changing width. CV_32F ink, cut
// tight.
cv::Mat draw_signature(Random& random, const Pen& pen, double width_mm, double height_mm);

// What a pen leaves that is pulled along `strokes` (mm, any origin). CV_32F ink, cut tight.
using Stroke = std::vector<cv::Point2d>;
cv::Mat pull_strokes(Random& random, const Pen& pen, const std::vector<Stroke>& strokes);

// A scanned signature (8-bit grey, dark on light) as ink: paper taken away, scaled to `width_mm`.
cv::Mat ink_of_picture(const cv::Mat& grey, double width_mm, double darkness);

// Lays `ink` in `box` (points) of `sheet` as people do: on its line if it fits, `loose` of the
// box's height up or down. Returns where it went.
cv::Rect lay_mark(Random& random, cv::Mat& sheet, const BoxPt& box, const cv::Mat& ink,
                  double loose);

// Ink for a mark that is no signature (or, for Signature, one that is), about as large as people
// make it. `text`: the text of TypedName, ScriptName (typed too, in a typeface that looks written)
// and HandWriting.
cv::Mat draw_mark(Random& random, Mark mark, const std::string& text);

// A line or a scrawl through a box.
void cross_out(Random& random, cv::Mat& page, const BoxPt& box);

// Leaves white paper in a box, as a word processor does with words that a value replaces.
void wipe(cv::Mat& page, const BoxPt& box);

// Text in a font as ink (fontconfig family), letters `size_pt` high; `hand` wobbles every letter.
cv::Mat draw_text(Random& random, const std::string& text, const std::string& family,
                  double size_pt, bool bold, bool italic, bool hand);

const std::vector<std::string>& print_fonts();
const std::vector<std::string>& hand_fonts();

}  // namespace avtalskoll::simulator
