#include "ocr/signature.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <numeric>
#include <opencv2/imgproc.hpp>

#include "ocr/ink.h"

namespace avtalskoll::ocr {
namespace {

// Places in signature_feature_names() that are asked for by name.
enum class Measure : std::size_t { Ink = 0, Ring = 19, Box = 20, FrameArea = 21, TypeConfidence = 26 };

constexpr double kAbove_mm = 3, kBelow_mm = 5, kBeside_mm = 5;  // a signature leaves its place this far
constexpr double kLevel = 0.28;                                 // pencil and thin blue ink are a third as dark as print

struct SignatureInk {
    cv::Mat mask;  // 8-bit, the pieces that belong to the place
    std::vector<InkPiece> pieces;
    cv::Rect hull;
    double area_mm2 = 0;
    double in_place = 0;  // share of the ink that lies in the place itself
};

cv::Rect zone_of(const FieldCrop& crop) {
    const auto px = [](double mm) { return static_cast<int>(mm * kReadPxPerMm); };
    return cv::Rect(crop.place.x - px(kBeside_mm), crop.place.y - px(kAbove_mm), crop.place.width + 2 * px(kBeside_mm), crop.place.height + px(kAbove_mm + kBelow_mm)) &
           cv::Rect({}, crop.page.size());
}

// The pieces of ink that belong to the place, each taken whole: what hangs out of the zone is theirs too.
SignatureInk collect(const FieldCrop& crop) {
    constexpr double kOwnShare = 0.25;  // of a piece's ink, in the zone, for it to belong
    const cv::Rect zone = zone_of(crop);
    FieldCrop wide = crop;
    wide.place = cv::Rect({}, crop.page.size());
    InkOptions options;
    options.level = kLevel;
    options.edge_mm = 0;
    options.level_lines = true;
    const ResidualInk ink = residual_ink(wide, options);
    SignatureInk own;
    own.mask = cv::Mat::zeros(ink.mask.size(), CV_8U);
    int all_px = 0, inside_px = 0;
    for (const InkPiece& piece : ink.pieces) {
        const cv::Mat pixels = ink.labels(piece.box) == piece.label;
        const auto ink_in = [&](const cv::Rect& area) {
            const cv::Rect overlap = piece.box & area;
            return overlap.empty() ? 0 : cv::countNonZero(pixels(overlap - piece.box.tl()));
        };
        if (ink_in(zone) < kOwnShare * piece.area_px) continue;
        own.mask(piece.box).setTo(255, pixels);
        own.pieces.push_back(piece);
        own.hull = own.hull.empty() ? piece.box : own.hull | piece.box;
        all_px += piece.area_px;
        inside_px += ink_in(crop.place);
    }
    own.area_mm2 = all_px / kPxPerMm2;
    own.in_place = all_px ? static_cast<double>(inside_px) / all_px : 0;
    return own;
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

double spread(const std::vector<double>& values) {
    if (values.size() < 2) return 0;
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    double squares = 0;
    for (const double v : values) squares += (v - mean) * (v - mean);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

struct StrokeWidths {
    double mean_mm = 0, spread_mm = 0, widest_mm = 0;
};

// Widths along the strokes' middle: ridges of the distance to paper.
StrokeWidths stroke_widths(const cv::Mat& mask) {
    cv::Mat distance, highest;
    cv::distanceTransform(mask, distance, cv::DIST_L2, 5);
    cv::dilate(distance, highest, cv::Mat());
    std::vector<double> widths;
    for (int y = 0; y < mask.rows; ++y)
        for (int x = 0; x < mask.cols; ++x) {
            const float d = distance.at<float>(y, x);
            if (d > 0.5F && d >= highest.at<float>(y, x)) widths.push_back(2 * d / kReadPxPerMm);
        }
    if (widths.empty()) return {};
    const double mean = std::accumulate(widths.begin(), widths.end(), 0.0) / static_cast<double>(widths.size());
    const double widest = *std::max_element(widths.begin(), widths.end());
    return {mean, spread(widths), widest};
}

struct Directions {
    double upright = 0, level = 0, entropy = 0;
};

// Where the edges of the ink point: type is upright and level, a hand runs every way.
Directions edge_directions(const cv::Mat& mask) {
    cv::Mat soft, gx, gy;
    cv::GaussianBlur(mask, soft, {0, 0}, 1.2);
    cv::Sobel(soft, gx, CV_32F, 1, 0);
    cv::Sobel(soft, gy, CV_32F, 0, 1);
    constexpr int kBins = 12;
    std::array<double, kBins> bins{};
    double total = 0;
    for (int y = 0; y < mask.rows; ++y)
        for (int x = 0; x < mask.cols; ++x) {
            const double dx = gx.at<float>(y, x), dy = gy.at<float>(y, x);
            const double strength = std::hypot(dx, dy);
            if (strength < 60) continue;
            double angle = std::atan2(dy, dx);
            if (angle < 0) angle += CV_PI;
            bins[static_cast<std::size_t>(std::lround(angle / CV_PI * kBins)) % kBins] += strength;
            total += strength;
        }
    Directions d;
    if (total <= 0) return d;
    for (const double b : bins)
        if (b > 0) d.entropy -= b / total * std::log2(b / total);
    d.upright = bins[0] / total;
    d.level = bins[kBins / 2] / total;
    return d;
}

struct Enclosure {
    double ring = 0;      // share of the largest enclosed outline's length that lies on a circle or ellipse
    double box = 0;       // the same for a rectangle, turned or not
    double area_mm2 = 0;  // what it encloses
};

// A stamp's frame: an outline around a large area, round or four-sided.
Enclosure find_frame(const cv::Mat& mask) {
    cv::Mat joined;
    cv::morphologyEx(mask, joined, cv::MORPH_CLOSE, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
    std::vector<std::vector<cv::Point>> contours;
    cv::findContours(joined, contours, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    Enclosure best;
    for (const auto& contour : contours) {
        if (contour.size() < 40) continue;
        const double area = cv::contourArea(contour) / kPxPerMm2;
        if (area < 40 || area < best.area_mm2) continue;
        const cv::RotatedRect box = cv::minAreaRect(contour);
        const double box_area = static_cast<double>(box.size.area()) / kPxPerMm2;
        best.area_mm2 = area;
        best.box = box_area > 0 ? area / box_area : 0;
        const cv::RotatedRect ellipse = cv::fitEllipse(contour);
        int close = 0;
        const double a = ellipse.size.width / 2, b = ellipse.size.height / 2, turn = ellipse.angle * CV_PI / 180;
        for (const cv::Point& p : contour) {
            const double x = static_cast<double>(p.x) - ellipse.center.x, y = static_cast<double>(p.y) - ellipse.center.y;
            const double u = (x * std::cos(turn) + y * std::sin(turn)) / a, v = (-x * std::sin(turn) + y * std::cos(turn)) / b;
            close += std::abs(std::hypot(u, v) - 1) < 0.06;
        }
        best.ring = static_cast<double>(close) / static_cast<double>(contour.size());
    }
    return best;
}

// Share of the ink that lies on long straight lines.
double straight_share(const cv::Mat& mask, double area_px) {
    std::vector<cv::Vec4i> lines;
    cv::HoughLinesP(mask, lines, 1, CV_PI / 180, 40, 7 * kReadPxPerMm, 2);
    cv::Mat drawn = cv::Mat::zeros(mask.size(), CV_8U);
    for (const cv::Vec4i& l : lines) cv::line(drawn, {l[0], l[1]}, {l[2], l[3]}, 255, 3);
    drawn &= mask;
    return area_px > 0 ? cv::countNonZero(drawn) / area_px : 0;
}

struct Holes {
    double count = 0, largest_mm2 = 0;
};

Holes count_holes(const cv::Mat& mask) {
    std::vector<std::vector<cv::Point>> contours;
    std::vector<cv::Vec4i> tree;
    cv::findContours(mask, contours, tree, cv::RETR_CCOMP, cv::CHAIN_APPROX_NONE);
    Holes holes;
    for (std::size_t i = 0; i < contours.size(); ++i) {
        if (tree[i][3] < 0) continue;
        const double area = cv::contourArea(contours[i]) / kPxPerMm2;
        if (area < 0.1) continue;
        ++holes.count;
        holes.largest_mm2 = std::max(holes.largest_mm2, area);
    }
    return holes;
}

struct Lettering {
    double pieces = 0;         // of a letter's size
    double height_spread = 0;  // of those, relative
    double enclosed = 0;       // share of the ink that lies within the largest piece's box: a stamp's words in its frame
};

Lettering find_lettering(const SignatureInk& own, const InkPiece& largest) {
    constexpr double kLow_mm = 1.0, kHigh_mm = 5.0, kWide_mm = 6.0;
    std::vector<double> heights;
    double inside_px = 0, all_px = 0;
    for (const InkPiece& piece : own.pieces) {
        const double h = piece.box.height / kReadPxPerMm, w = piece.box.width / kReadPxPerMm;
        if (h >= kLow_mm && h <= kHigh_mm && w <= kWide_mm) heights.push_back(h);
        all_px += piece.area_px;
        if (piece.label != largest.label && (piece.box & largest.box) == piece.box) inside_px += piece.area_px;
    }
    const double middle = median(heights);
    return {static_cast<double>(heights.size()), middle > 0 ? spread(heights) / middle : 0, all_px > 0 ? inside_px / all_px : 0};
}

// How much of its convex hull the longest outline fills: near 1 for a ring or a box, less for a scrawl.
double outline_solidity(const std::vector<std::vector<cv::Point>>& outlines) {
    const auto longest = std::max_element(outlines.begin(), outlines.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
    if (longest == outlines.end() || longest->size() < 5) return 0;
    std::vector<cv::Point> hull;
    cv::convexHull(*longest, hull);
    const double area = cv::contourArea(hull);
    return area > 0 ? cv::contourArea(*longest) / area : 0;
}

// How surely the ink reads as type: an engine is sure of type and unsure of a hand.
double read_as_type(const FieldCrop& crop, const SignatureInk& own, TextEngines& engines, double* letters) {
    const cv::Rect hull = own.hull & cv::Rect({}, crop.page.size());
    *letters = 0;
    if (hull.height < 1.2 * kReadPxPerMm || hull.width < 2 * kReadPxPerMm) return 0;
    cv::Mat picture(crop.page.size(), CV_8U, cv::Scalar(255)), near;
    cv::dilate(own.mask, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
    black_ink(crop).copyTo(picture, near);
    cv::Mat padded;
    cv::copyMakeBorder(picture(hull), padded, 12, 12, 12, 12, cv::BORDER_CONSTANT, 255);
    const TextVote vote = engines.read(padded, TextModel::Latin, hull.height < 8 * kReadPxPerMm);
    for (const char c : vote.text) *letters += std::isalnum(static_cast<unsigned char>(c)) || (c & 0x80) ? ((c & 0xC0) == 0x80 ? 0 : 1) : 0;
    return *letters >= 2 ? vote.confidence : 0;
}

}  // namespace

const std::vector<std::string>& signature_feature_names() {
    static const std::vector<std::string> names{"ink_mm2",
                                                "in_place",
                                                "width_mm",
                                                "height_mm",
                                                "pieces",
                                                "largest_share",
                                                "largest_width_mm",
                                                "largest_height_mm",
                                                "height_median_mm",
                                                "height_spread",
                                                "bottom_spread_mm",
                                                "stroke_mm",
                                                "stroke_spread",
                                                "stroke_widest_mm",
                                                "hull_fill",
                                                "outline_per_ink",
                                                "upright",
                                                "level",
                                                "direction_entropy",
                                                "ring",
                                                "box",
                                                "frame_mm2",
                                                "straight",
                                                "holes",
                                                "largest_hole_mm2",
                                                "darkness",
                                                "type_confidence",
                                                "letters",
                                                "letters_per_piece",
                                                "piece_fill",
                                                "letter_pieces",
                                                "letter_height_spread",
                                                "enclosed",
                                                "solidity"};
    return names;
}

std::vector<float> signature_features(const FieldCrop& crop, TextEngines& engines) {
    const SignatureInk own = collect(crop);
    std::vector<float> features(signature_feature_names().size(), 0.0F);
    if (own.pieces.empty()) return features;

    std::vector<double> heights, bottoms, fills;
    const InkPiece* largest = &own.pieces.front();
    double pieces = 0;
    for (const InkPiece& piece : own.pieces) {
        if (piece.area_px > largest->area_px) largest = &piece;
        if (piece.area_px < 0.25 * kPxPerMm2) continue;
        ++pieces;
        heights.push_back(piece.box.height / kReadPxPerMm);
        bottoms.push_back(piece.box.br().y / kReadPxPerMm);
        fills.push_back(static_cast<double>(piece.area_px) / piece.box.area());
    }
    const double area_px = own.area_mm2 * kPxPerMm2;
    const double height = median(heights);
    const StrokeWidths widths = stroke_widths(own.mask);
    const Directions directions = edge_directions(own.mask);
    const Enclosure frame = find_frame(own.mask);
    const Holes holes = count_holes(own.mask);
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(own.mask, outlines, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
    double outline_px = 0;
    for (const auto& o : outlines) outline_px += static_cast<double>(o.size());
    double letters = 0;
    const double type = read_as_type(crop, own, engines, &letters);
    const double darkness = (255 - cv::mean(crop.page, own.mask)[0]) / crop.print_level;

    const Lettering lettering = find_lettering(own, *largest);
    const std::array<double, 34> values{own.area_mm2,
                                        own.in_place,
                                        own.hull.width / kReadPxPerMm,
                                        own.hull.height / kReadPxPerMm,
                                        pieces,
                                        largest->area_px / area_px,
                                        largest->box.width / kReadPxPerMm,
                                        largest->box.height / kReadPxPerMm,
                                        height,
                                        height > 0 ? spread(heights) / height : 0,
                                        spread(bottoms),
                                        widths.mean_mm,
                                        widths.mean_mm > 0 ? widths.spread_mm / widths.mean_mm : 0,
                                        widths.widest_mm,
                                        area_px / std::max(1, own.hull.area()),
                                        outline_px / area_px,
                                        directions.upright,
                                        directions.level,
                                        directions.entropy,
                                        frame.ring,
                                        frame.box,
                                        frame.area_mm2,
                                        straight_share(own.mask, area_px),
                                        holes.count,
                                        holes.largest_mm2,
                                        darkness,
                                        type,
                                        letters,
                                        pieces > 0 ? letters / pieces : 0,
                                        median(fills),
                                        lettering.pieces,
                                        lettering.height_spread,
                                        lettering.enclosed,
                                        outline_solidity(outlines)};
    std::transform(values.begin(), values.end(), features.begin(), [](double v) { return static_cast<float>(v); });
    return features;
}

SignatureMeasure measure_signature(const FieldCrop& crop, const SignatureModel& model, TextEngines& engines) {
    SignatureMeasure measure;
    measure.features = signature_features(crop, engines);
    const auto value = [&](Measure m) { return static_cast<double>(measure.features[static_cast<std::size_t>(m)]); };
    constexpr double kFrame_mm2 = 40, kRound = 0.7, kFourSided = 0.85;
    measure.ink_mm2 = value(Measure::Ink);
    measure.printed_words = value(Measure::TypeConfidence);
    measure.frame = value(Measure::FrameArea) > kFrame_mm2 && (value(Measure::Ring) > kRound || value(Measure::Box) > kFourSided);
    measure.signed_score = model.score(measure.features);
    return measure;
}

}  // namespace avtalskoll::ocr
