#include "ocr/ink/tick.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ocr/ink/ink.h"

namespace avtalskoll::ocr {
namespace {

cv::Rect grown(const cv::Rect& box, double by_mm) {
    const int px = static_cast<int>(by_mm * kReadPxPerMm);
    return {box.x - px, box.y - px, box.width + 2 * px, box.height + 2 * px};
}

// The longer side of the largest piece of ink, mm.
double longest_piece_mm(const cv::Mat& mask) {
    cv::Mat labels, stats, centroids;
    const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8);
    int longest = 0;
    for (int i = 1; i < count; ++i)
        longest = std::max(
            {longest, stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)});
    return longest / kReadPxPerMm;
}

}  // namespace

constexpr double kSoftEdge_mm = 0.35;  // of the frame, where a scan is blurred or thickened

// A stroke that comes near the middle of the box, not the frame's own ink.
bool has_stroke(const cv::Mat& ink, const cv::Rect& middle) {
    constexpr double kStroke_mm = 0.8, kCrosses_mm2 = 0.1;
    const cv::Rect inner = grown(middle, -kSoftEdge_mm);
    return longest_piece_mm(ink(middle)) >= kStroke_mm &&
           (inner.empty() || cv::countNonZero(ink(inner)) >= kCrosses_mm2 * kPxPerMm2);
}

// Ink too light to be taken for ink, yet darker than the paper: a pencil's tick, or a shadow.
bool may_hold_faint_stroke(const FieldCrop& crop, const cv::Rect& middle) {
    constexpr double kFaint = 0.1;  // of the printed ink near by
    constexpr double kLeastLong_mm = 1;
    const cv::Rect inner = grown(middle, -kSoftEdge_mm);
    if (inner.width < 3 || inner.height < 3) return false;
    const double least_dark = std::max({kFaint * crop.print_level, 5 * crop.noise, 10.0});
    cv::Mat paper;
    cv::medianBlur(crop.calm(inner), paper, 3);
    return longest_piece_mm(paper < 255 - least_dark) >= kLeastLong_mm;
}

TickMeasure measure_tick(const FieldCrop& crop) {
    // The frame of a poor scan bleeds so far into the box, and out of it.
    constexpr double kFrame_mm = 0.55, kFrameShare = 0.17;
    constexpr double kBeside_mm = 1.6;  // ticks of neighbours begin farther away
    // Set on simulated boxes of all qualities of scans; docs/accuracy.md has the counts.
    constexpr double kEmpty_mm2 = 0.02, kTicked_mm2 = 0.22, kBesideEmpty_mm2 = 0.12;
    constexpr double kLeavesBox_mm2 = 0.8;  // of a tick that only touches the box
    constexpr double kBlack = 0.85;         // share of the box that no tick covers
    constexpr double kBlinding = 0.12;  // noise of this share of the print could hide a faint tick
    InkOptions options;
    options.edge_mm = -kBeside_mm;
    const cv::Mat ink = residual_ink(crop, options).mask;
    const cv::Rect all({}, ink.size());
    const double side_mm = std::min(crop.place.width, crop.place.height) / kReadPxPerMm;
    const double frame_mm = std::max(kFrame_mm, kFrameShare * side_mm);
    const cv::Rect middle = grown(crop.place, -frame_mm) & all,
                   frame = grown(crop.place, kFrame_mm) & all,
                   around = grown(crop.place, kBeside_mm) & all;
    TickMeasure measure;
    if (middle.empty()) return measure;
    measure.inside_mm2 = cv::countNonZero(ink(middle)) / kPxPerMm2;
    measure.beside_mm2 = (cv::countNonZero(ink(around)) - cv::countNonZero(ink(frame))) / kPxPerMm2;
    const double black = measure.inside_mm2 * kPxPerMm2 / middle.area();
    if (black > kBlack) {
        measure.confidence = 0.6;
    } else if (measure.inside_mm2 >= kTicked_mm2 &&
               (has_stroke(ink, middle) || measure.beside_mm2 >= kLeavesBox_mm2)) {
        measure.tick = Tick::Ticked;
        measure.confidence = std::min(0.995, 0.9 + 0.1 * (measure.inside_mm2 - kTicked_mm2));
    } else if (measure.inside_mm2 <= kEmpty_mm2 && measure.beside_mm2 <= kBesideEmpty_mm2 &&
               crop.noise <= kBlinding * crop.print_level && !may_hold_faint_stroke(crop, middle)) {
        measure.tick = Tick::Empty;
        measure.confidence = 0.99 - measure.inside_mm2;
    }
    return measure;
}

}  // namespace avtalskoll::ocr
