#include "ocr/comparing/page_comparison.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/comparing/alignment.h"
#include "ocr/comparing/ink_residue.h"
#include "ocr/comparing/laid_page.h"
#include "ocr/matching/blank_page.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kMm2PerPx = 1 / (kReadPxPerMm * kReadPxPerMm);

// The two pages in the frame of the form, the copy laid on the approved page.
struct LaidPair {
    LaidPage approved, copy;
    cv::Mat shifts;         // approved to copy
    cv::Mat print;          // 8-bit, the blank's
    cv::Mat first, second;  // darkness
    double aligned = 0;
};

const BlankPage* blank_of(const Blanks& blanks, const FormPage& page) {
    const auto at = std::find_if(blanks.pages.begin(), blanks.pages.end(), [&](const BlankPage& b) {
        return b.form == page.form && b.page == page.page;
    });
    return at == blanks.pages.end() ? nullptr : &*at;
}

BoxPt in_points(const cv::Rect& box) {
    return {box.x / kReadPxPerPt, box.y / kReadPxPerPt, box.width / kReadPxPerPt,
            box.height / kReadPxPerPt};
}

cv::Rect in_pixels(const BoxPt& box, double around_mm = 0) {
    const double around = around_mm * kReadPxPerMm;
    return {cv::Point(static_cast<int>(box.x * kReadPxPerPt - around),
                      static_cast<int>(box.y * kReadPxPerPt - around)),
            cv::Point(static_cast<int>(box.right() * kReadPxPerPt + around),
                      static_cast<int>(box.bottom() * kReadPxPerPt + around))};
}

// A box of the form on a scan, in shares of it; `shift` is added first.
BoxShare on_scan(const cv::Rect& box, cv::Point2d shift, const LaidPage& page) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    for (const cv::Point corner :
         {box.tl(), cv::Point(box.br().x, box.y), box.br(), cv::Point(box.x, box.br().y)}) {
        const cv::Point2d at =
            page.registration.to_scan((cv::Point2d(corner) + shift) * (kMatchDpi / kReadDpi));
        left = std::min(left, at.x), right = std::max(right, at.x);
        top = std::min(top, at.y), bottom = std::max(bottom, at.y);
    }
    const auto share = [](double v, int of) { return std::clamp(v / of, 0.0, 1.0); };
    const double x = share(left, page.scan.width), y = share(top, page.scan.height);
    return {x, y, share(right, page.scan.width) - x, share(bottom, page.scan.height) - y};
}

// 255 in the other party's places, with the lines for place, date and name above and below them,
// without all places of the sender's.
cv::Mat other_partys_places(const Form& form, int page, cv::Size size) {
    constexpr double kBeside_mm = 4, kAbove_mm = 24, kBelow_mm = 20, kOwn_mm = 2;
    cv::Mat mask = cv::Mat::zeros(size, CV_8U);
    const cv::Rect sheet({}, size);
    for_each_field(form, [&](const FormPoint&, const Field& field) {
        for (const Place& place : field.keep_empty) {
            if (place.page != page) continue;
            const BoxPt box{place.box.x - kBeside_mm * kPointsPerMm,
                            place.box.y - kAbove_mm * kPointsPerMm,
                            place.box.w + 2 * kBeside_mm * kPointsPerMm,
                            place.box.h + (kAbove_mm + kBelow_mm) * kPointsPerMm};
            mask(in_pixels(box) & sheet).setTo(255);
        }
    });
    for_each_field(form, [&](const FormPoint&, const Field& field) {
        if (field.place.page == page) mask(in_pixels(field.place.box, kOwn_mm) & sheet).setTo(0);
    });
    return mask;
}

// Sums over the pixels of one spot.
struct Spot {
    cv::Rect box;
    double added = 0, lost = 0, expected = 0, peak = 0;
    int area_px = 0;
};

// Neighbouring pixels in which the pictures differ, spots of one letter together.
std::vector<Spot> spots_in(const InkResidue& residue, const cv::Mat& expected) {
    constexpr float kDiffers = 0.16F;
    constexpr int kTogether_px = 9;  // 1.1 mm
    const cv::Mat most = cv::max(residue.added, residue.lost), differs = most > kDiffers;
    cv::Mat joined, labels, stats, centres;
    cv::dilate(differs, joined,
               cv::getStructuringElement(cv::MORPH_ELLIPSE, {kTogether_px, kTogether_px}));
    const int count = cv::connectedComponentsWithStats(joined, labels, stats, centres);
    std::vector<Spot> spots(static_cast<std::size_t>(count));
    for (int y = 0; y < most.rows; ++y)
        for (int x = 0; x < most.cols; ++x) {
            const auto label = static_cast<std::size_t>(labels.at<int>(y, x));
            if (label == 0 || differs.at<unsigned char>(y, x) == 0) continue;
            Spot& spot = spots[label];
            const cv::Rect pixel(x, y, 1, 1);
            spot.box = spot.area_px == 0 ? pixel : spot.box | pixel;
            ++spot.area_px;
            spot.added += residue.added.at<float>(y, x);
            spot.lost += residue.lost.at<float>(y, x);
            if (expected.at<unsigned char>(y, x) != 0)
                spot.expected += residue.added.at<float>(y, x);
            spot.peak = std::max<double>(spot.peak, most.at<float>(y, x));
        }
    std::erase_if(spots, [](const Spot& spot) { return spot.area_px == 0; });
    return spots;
}

// The rest of a streak that was too faint to be known before.
bool is_rest_of_streak(const Spot& spot) {
    constexpr double kThin_mm = 1.3, kLong_mm = 5;
    constexpr int kSlim = 4;
    return spot.box.width < kThin_mm * kReadPxPerMm && spot.box.height > kLong_mm * kReadPxPerMm &&
           spot.box.height > kSlim * spot.box.width;
}

// Where the sheet is bent, print differs that only lies otherwise.
Spot looked_at_closely(Spot spot, const InkResidue& residue) {
    constexpr double kWorthIt = 0.25;
    if (spot.peak < kWorthIt) return spot;
    const double share = std::min(1.0, residue.remains_when_moved(spot.box) / spot.peak);
    spot.peak *= share;
    spot.added *= share;
    spot.lost *= share;
    spot.expected *= share;
    return spot;
}

InkDifference difference_of(const Spot& spot, const LaidPair& pair) {
    constexpr double kPlainly = 0.75;  // of the strength
    InkDifference difference;
    const double all = spot.added + spot.lost;
    if (spot.added > kPlainly * all) difference.kind = DifferenceKind::AddedInk;
    else if (spot.lost > kPlainly * all) difference.kind = DifferenceKind::LostInk;
    difference.box = in_points(spot.box);
    const cv::Vec2f shift = pair.shifts.at<cv::Vec2f>((spot.box.tl() + spot.box.br()) / 2);
    difference.on_approved = on_scan(spot.box, {0, 0}, pair.approved);
    difference.on_copy = on_scan(spot.box, {shift[0], shift[1]}, pair.copy);
    difference.area_mm2 = spot.area_px * kMm2PerPx;
    difference.strength = all * kMm2PerPx;
    difference.peak = spot.peak;
    constexpr double kMostly = 0.7;
    difference.expected = spot.expected > kMostly * all;
    return difference;
}

// The form's lines: a poor scan breaks them, and nobody writes in them.
cv::Mat ruled_lines(const cv::Mat& print) {
    constexpr double kLevel_mm = 8, kUpright_mm = 5.5;
    const auto px = [](double mm) { return static_cast<int>(mm * kReadPxPerMm); };
    const cv::Mat ink = print < 160;
    cv::Mat level, upright, lines;
    cv::morphologyEx(ink, level, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {px(kLevel_mm), 1}));
    cv::morphologyEx(ink, upright, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {1, px(kUpright_mm)}));
    cv::dilate(level | upright, lines, cv::getStructuringElement(cv::MORPH_RECT, {7, 7}));
    return lines;
}

// Where one of the two shows no paper, and the sheet's very edge.
cv::Mat unknown_parts(const LaidPair& pair) {
    constexpr double kEdge_mm = 4;
    const int edge = static_cast<int>(kEdge_mm * kReadPxPerMm);
    cv::Mat unknown = pair.approved.outside | moved_by(pair.copy.outside, pair.shifts, 255);
    cv::Mat inside = cv::Mat::zeros(unknown.size(), CV_8U);
    inside(cv::Rect(edge, edge, inside.cols - 2 * edge, inside.rows - 2 * edge)).setTo(255);
    unknown.setTo(255, inside == 0);
    // A pale streak covers the ink that it crosses.
    return unknown | pair.approved.streaks | (moved_by(pair.copy.streaks, pair.shifts, 0) > 0);
}

}  // namespace

PageComparison compare_pages(const PagePictures& pictures, const FormPage& page,
                             const FormLibrary& forms) {
    constexpr double kLeastAligned = 0.6, kLeastReach = 0.93;
    PageComparison result;
    const BlankPage* blank = blank_of(forms.blanks(), page);
    auto approved = lay_page(pictures.approved, *blank), copy = lay_page(pictures.copy, *blank);
    if (!approved || !copy) {
        result.trouble = Message("comparison.not_laid");
        return result;
    }
    LaidPair pair{std::move(*approved), std::move(*copy), {}, blank->read.whole(), {}, {}, 0};
    const PictureAlignment alignment = align_pictures(pair.approved.grey, pair.copy.grey);
    pair.shifts = alignment.shifts;
    pair.first = darkness_of(pair.approved.grey, pair.print);
    pair.second = darkness_of(moved_by(pair.copy.grey, pair.shifts, 255), pair.print);
    const cv::Mat unknown = unknown_parts(pair);
    const cv::Mat printed = pair.print < 128;
    const double all = std::max(1, cv::countNonZero(printed));
    result.reach = cv::countNonZero(printed & (unknown == 0)) / all;
    if (alignment.aligned < kLeastAligned || result.reach < kLeastReach)
        result.trouble = Message("comparison.not_laid");
    const Form& form = forms.forms().forms[static_cast<std::size_t>(page.form)];
    const cv::Mat expected = other_partys_places(form, page.page, printed.size());
    const InkResidue residue =
        residue_between(pair.first, pair.second, unknown | ruled_lines(pair.print), printed);
    result.noise = residue.noise;
    for (const Spot& spot : spots_in(residue, expected))
        if (!is_rest_of_streak(spot))
            result.differences.push_back(difference_of(looked_at_closely(spot, residue), pair));
    std::stable_sort(
        result.differences.begin(), result.differences.end(),
        [](const InkDifference& a, const InkDifference& b) { return a.strength > b.strength; });
    return result;
}

}  // namespace avtalskoll::ocr
