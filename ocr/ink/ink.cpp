#include "ocr/ink/ink.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/ink/crossed_out.h"

namespace avtalskoll::ocr {
namespace {

cv::Rect inside_of(const FieldCrop& crop, double edge_mm) {
    const int edge = static_cast<int>(std::lround(edge_mm * kReadPxPerMm));
    return cv::Rect(crop.place.x + edge, crop.place.y + edge, crop.place.width - 2 * edge,
                    crop.place.height - 2 * edge) &
           cv::Rect({}, crop.page.size());
}

cv::Mat widened_print(const FieldCrop& crop) {
    const double widen_mm = 0.25 + std::min(0.4, crop.place_error_mm);
    const int px = std::max(1, static_cast<int>(std::lround(widen_mm * kReadPxPerMm)));
    cv::Mat print = crop.print < 200;
    cv::dilate(print, print,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * px + 1, 2 * px + 1}));
    return print;
}

// The sides of the place and of its neighbours, widened as the print is.
cv::Mat upright_rules(const FieldCrop& crop) {
    constexpr double kLeast = 0.6;  // of the place's height
    cv::Mat rules;
    const int least = std::max(3, static_cast<int>(kLeast * crop.place.height));
    cv::morphologyEx(widened_print(crop), rules, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {1, least}));
    return rules;
}

// Share of a line's pixels that have ink on them or beside them; where print was taken away nothing
// is known.
double covered(const cv::Mat& mask, const cv::Mat& print, const cv::Vec4i& l) {
    int inked = 0, known = 0;
    cv::LineIterator at(mask, {l[0], l[1]}, {l[2], l[3]});
    for (int i = 0; i < at.count; ++i, ++at) {
        const cv::Rect around =
            cv::Rect(at.pos().x - 1, at.pos().y - 1, 3, 3) & cv::Rect({}, mask.size());
        if (print.at<unsigned char>(at.pos())) continue;
        ++known;
        inked += cv::countNonZero(mask(around)) > 0;
    }
    return known > 0 ? static_cast<double>(inked) / known : 0;
}

// How many rows (columns) have something in them.
int reached(const cv::Mat& mask, bool rows) {
    cv::Mat most;
    cv::reduce(mask, most, rows ? 1 : 0, cv::REDUCE_MAX);
    return cv::countNonZero(most);
}

// Thin straight lines through nearly the whole crop, upright or level: a scanner's streak, a fold's
// crease. No stroke of a letter or a signature runs so straight so far.
cv::Mat long_lines(const cv::Mat& mask, const cv::Mat& print, bool level_too) {
    // A row of letters covers two thirds of its line.
    constexpr double kThrough = 0.72, kLean_deg = 4, kCovered = 0.9;
    // Ink wider than a streak is writing that the streak crosses.
    constexpr int kLine_px = 5, kStroke_px = 7;
    cv::Mat drawn = cv::Mat::zeros(mask.size(), CV_8U);
    const auto draw = [&](int through, bool upright) {
        if (through < 12 * kReadPxPerMm || reached(mask | print, upright) < kThrough * through)
            return;
        std::vector<cv::Vec4i> lines;
        cv::HoughLinesP(mask, lines, 1, CV_PI / 360, static_cast<int>(0.55 * kThrough * through),
                        kThrough * through, 0.14 * through);
        for (const cv::Vec4i& l : lines) {
            const double lean =
                std::abs(std::atan2(l[upright ? 2 : 3] - l[upright ? 0 : 1],
                                    std::abs(l[upright ? 3 : 2] - l[upright ? 1 : 0]))) *
                180 / CV_PI;
            if (lean < kLean_deg && covered(mask, print, l) > kCovered)
                cv::line(drawn, {l[0], l[1]}, {l[2], l[3]}, 255, kLine_px);
        }
    };
    draw(mask.rows, true);
    if (level_too) draw(mask.cols, false);
    if (cv::countNonZero(drawn) == 0) return drawn;
    cv::Mat wide, tall;
    cv::morphologyEx(mask, wide, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {kStroke_px, 1}));
    cv::morphologyEx(mask, tall, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {1, kStroke_px}));
    drawn.setTo(0, wide & tall);
    return drawn & mask;
}

// A sliver along the place's edge: what the scan shows of its frame beyond the blank's.
bool is_rest_of_frame(const InkPiece& piece, const cv::Rect& inside) {
    constexpr double kSliver_mm = 0.45;
    const int sliver = static_cast<int>(kSliver_mm * kReadPxPerMm) + 1;
    const bool beside = piece.box.x <= inside.x + 1 || piece.box.br().x >= inside.br().x - 1;
    const bool over = piece.box.y <= inside.y + 1 || piece.box.br().y >= inside.br().y - 1;
    const int longer_than_underscore = static_cast<int>(3 * kReadPxPerMm);
    return (beside && piece.box.width <= sliver) ||
           (over && piece.box.height <= sliver && piece.box.width > longer_than_underscore);
}

bool is_streak(const InkPiece& piece, const cv::Rect& inside) {
    constexpr double kThin_mm = 0.6;
    const double thin = kThin_mm * kReadPxPerMm;
    const bool upright = piece.box.width <= thin && piece.box.height >= 0.85 * inside.height &&
                         inside.height > 3 * thin;
    const bool level = piece.box.height <= thin && piece.box.width >= 0.85 * inside.width;
    return upright || level || is_rest_of_frame(piece, inside);
}

// Small pieces that stand far from every letter: what is left of the place's rules, dirt beside the
// line.
std::vector<InkPiece> without_crumbs(const std::vector<InkPiece>& pieces) {
    constexpr double kLetter_mm = 1.2, kNear_mm = 2.2;
    const auto is_letter = [](const InkPiece& p) {
        return p.box.height >= kLetter_mm * kReadPxPerMm && p.area_px >= 0.25 * kPxPerMm2 &&
               p.box.width >= 3;
    };
    std::vector<InkPiece> kept;
    for (const InkPiece& piece : pieces) {
        const cv::Rect near(piece.box.x - static_cast<int>(kNear_mm * kReadPxPerMm),
                            piece.box.y - static_cast<int>(kNear_mm * kReadPxPerMm),
                            piece.box.width + static_cast<int>(2 * kNear_mm * kReadPxPerMm),
                            piece.box.height + static_cast<int>(2 * kNear_mm * kReadPxPerMm));
        const auto neighbours = std::count_if(pieces.begin(), pieces.end(), [&](const InkPiece& p) {
            return p.label != piece.label && is_letter(p) && !(p.box & near).empty();
        });
        if (neighbours > 0 || (is_letter(piece) && piece.area_px > kPxPerMm2))
            kept.push_back(piece);
    }
    return kept.empty() ? pieces : kept;
}

}  // namespace

ResidualInk residual_ink(const FieldCrop& crop, const InkOptions& options) {
    ResidualInk ink;
    const double least_dark =
        std::max({options.level * crop.print_level, 4 * crop.noise + 8, 16.0});
    ink.mask = crop.calm < 255 - least_dark;
    const cv::Mat print = widened_print(crop);
    ink.mask.setTo(0, print);
    ink.mask.setTo(0, long_lines(ink.mask, print, options.level_lines));
    const cv::Rect inside = inside_of(crop, options.edge_mm);
    cv::Mat outside(ink.mask.size(), CV_8U, cv::Scalar(255));
    outside(inside).setTo(0);
    ink.mask.setTo(0, outside);
    cv::Mat stats, centroids;
    const int count = cv::connectedComponentsWithStats(ink.mask, ink.labels, stats, centroids, 8);
    for (int i = 1; i < count; ++i) {
        const InkPiece piece{
            i,
            {stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
             stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT)},
            stats.at<int>(i, cv::CC_STAT_AREA)};
        if (is_streak(piece, inside)) ink.streaks.push_back(piece);
        else if (piece.area_px >= options.min_piece_mm2 * kPxPerMm2) ink.pieces.push_back(piece);
    }
    return ink;
}

InkMeasure measure_ink(const FieldCrop& crop, const ResidualInk& ink) {
    // Empty places of 60 scans held at most 1.4 mm², all of it streaks; filled ones at least 7.3
    // mm².
    constexpr double kEmpty_mm2 = 1.0, kFilled_mm2 = 2.5, kLetter_mm = 1.0;
    // Two printed words have more; the frame is left out.
    constexpr double kHint_mm2 = 2, kHintEdge_mm = 1;
    constexpr double kBlinding = 0.12;  // noise of this share of the print could hide faint writing
    InkMeasure measure;
    measure.hint =
        cv::countNonZero(crop.print(inside_of(crop, kHintEdge_mm)) < 128) > kHint_mm2 * kPxPerMm2;
    int letters = 0;
    for (const InkPiece& piece : ink.pieces) {
        measure.area_mm2 += piece.area_px / kPxPerMm2;
        letters += std::max(piece.box.width, piece.box.height) >= kLetter_mm * kReadPxPerMm;
    }
    for (const InkPiece& streak : ink.streaks) measure.streak_mm2 += streak.area_px / kPxPerMm2;
    if (measure.area_mm2 < kEmpty_mm2 || letters == 0) {
        measure.fill = measure.area_mm2 < 0.3 ? Fill::Empty : Fill::Dirt;
        measure.confidence = letters == 0 && measure.area_mm2 < kFilled_mm2
                                 ? 0.99 - 0.2 * std::min(1.0, measure.area_mm2 / kEmpty_mm2)
                                 : 0.6;
        if (crop.noise > kBlinding * crop.print_level) measure.confidence = 0.5;
        return measure;
    }
    measure.fill = measure.area_mm2 < kFilled_mm2 ? Fill::Dirt : Fill::Filled;
    measure.confidence = measure.fill == Fill::Filled
                             ? std::min(0.999, 0.8 + 0.04 * (measure.area_mm2 - kFilled_mm2))
                             : 0.5;
    if (const double belief = measure.fill == Fill::Filled ? crossed_out_belief(crop, ink) : 0;
        belief > 0) {
        measure.fill = Fill::CrossedOut;
        measure.confidence = belief;
    }
    return measure;
}

cv::Rect hull_of(const std::vector<InkPiece>& pieces) {
    cv::Rect hull;
    for (const InkPiece& piece : pieces) hull = hull.empty() ? piece.box : hull | piece.box;
    return hull;
}

cv::Rect writing_box(const ResidualInk& ink) { return hull_of(without_crumbs(ink.pieces)); }

cv::Mat writing_on_paper(const FieldCrop& crop, const ResidualInk& ink,
                         const std::vector<InkPiece>& pieces) {
    // Everything that is not near a piece of writing becomes paper: specks, streaks, the place's
    // own rules.
    cv::Mat writing = cv::Mat::zeros(ink.mask.size(), CV_8U);
    for (const InkPiece& piece : pieces) {
        const cv::Mat own = ink.labels(piece.box) == piece.label;
        writing(piece.box).setTo(255, own);
    }
    // The grey edge of a stroke helps the engine, and the dot of an i may be a speck's size.
    constexpr int kHalo_px = 5;
    cv::dilate(writing, writing,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * kHalo_px + 1, 2 * kHalo_px + 1}));
    cv::Mat stretched = black_ink(crop);
    // Writing begins close to a cell's side, which reads as 1 or I.
    stretched.setTo(255, ~writing | (upright_rules(crop) & ~ink.mask));
    return stretched;
}

cv::Mat writing_only(const FieldCrop& crop, const ResidualInk& ink, double least_mm2) {
    std::vector<InkPiece> pieces = without_crumbs(ink.pieces);
    std::erase_if(pieces, [&](const InkPiece& p) { return p.area_px < least_mm2 * kPxPerMm2; });
    const cv::Rect hull = hull_of(pieces);
    if (hull.empty()) return {};
    constexpr int kPad_px = 10;
    cv::Mat tight;
    cv::copyMakeBorder(writing_on_paper(crop, ink, pieces)(hull), tight, kPad_px, kPad_px, kPad_px,
                       kPad_px, cv::BORDER_CONSTANT, 255);
    return tight;
}

}  // namespace avtalskoll::ocr
