#include "ocr/comparing/ink_residue.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace avtalskoll::ocr {
namespace {

constexpr int kKernel_px = 7, kTerms = kKernel_px * kKernel_px + 1;
constexpr float kInk = 0.25F;
constexpr double kSpot_px = 1.2;  // 0.15 mm: what is smaller is noise

// A way to make one picture's strokes like another's: thicker or thinner by `px` (below 0), then
// through a linear filter.
struct Likening {
    int px = 0;
    cv::Mat kernel;
    double constant = 0;
    double error = 0;  // mean square of what is left
};

// What a picture becomes before its filter.
cv::Mat thickened(const cv::Mat& ink, int px) {
    cv::Mat thick;
    const int size = 2 * std::abs(px) + 1;
    const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {size, size});
    if (px > 0) cv::dilate(ink, thick, disc);
    else if (px < 0) cv::erode(ink, thick, disc);
    else thick = ink;
    return thick;
}

// A pixel and its neighbours for each of `points`, and a one.
cv::Mat samples_at(const cv::Mat& ink, const std::vector<cv::Point>& points) {
    constexpr int kHalf = kKernel_px / 2;
    cv::Mat samples(static_cast<int>(points.size()), kTerms, CV_32F);
    for (std::size_t i = 0; i < points.size(); ++i) {
        auto* sample = samples.ptr<float>(static_cast<int>(i));
        for (int y = -kHalf; y <= kHalf; ++y)
            sample = std::copy_n(ink.ptr<float>(points[i].y + y) + points[i].x - kHalf, kKernel_px,
                                 sample);
        *sample = 1;
    }
    return samples;
}

// No ink is darker than print: thickening fills a bold letter, and no more.
cv::Mat as_ink(const cv::Mat& values) { return cv::max(cv::min(values, 1.0), 0.0); }

// The filter with the least squares at `points`.
Likening fitted(const cv::Mat& from, const cv::Mat& wanted, const std::vector<cv::Point>& points,
                int px) {
    // Keeps the filter near the plain one where the ink does not decide.
    constexpr double kRidge = 2.0;
    constexpr int kMiddle = (kTerms - 1) / 2;
    const cv::Mat samples = samples_at(thickened(from, px), points);
    cv::Mat normal, right, solved, as_float;
    cv::mulTransposed(samples, normal, true, cv::noArray(), 1, CV_64F);
    cv::gemm(samples, wanted, 1, cv::noArray(), 0, right, cv::GEMM_1_T);
    right.convertTo(right, CV_64F);
    for (int i = 0; i < kTerms; ++i) normal.at<double>(i, i) += kRidge;
    right.at<double>(kMiddle, 0) += kRidge;
    cv::solve(normal, right, solved, cv::DECOMP_CHOLESKY);
    solved.convertTo(as_float, CV_32F);
    const cv::Mat left = as_ink(samples * as_float) - wanted;
    Likening likening{
        px, as_float.rowRange(0, kTerms - 1).clone().reshape(1, kKernel_px),
        solved.at<double>(kTerms - 1, 0),
        left.dot(left) / static_cast<double>(std::max<std::size_t>(1, points.size()))};
    return likening;
}

// The best likening of `from` to `to` at the pixels of `where`.
Likening likening_of(const cv::Mat& from, const cv::Mat& to, const cv::Mat& where) {
    constexpr std::size_t kMost = 12'000;
    constexpr int kHalf = kKernel_px / 2, kThickest_px = 2;
    std::vector<cv::Point> all, points;
    cv::findNonZero(where, all);
    const cv::Rect inside(kHalf, kHalf, from.cols - 2 * kHalf, from.rows - 2 * kHalf);
    for (std::size_t i = 0; i < all.size(); i += all.size() / kMost + 1)
        if (inside.contains(all[i])) points.push_back(all[i]);
    if (points.empty()) return {0, cv::Mat(), 0, 0};
    cv::Mat wanted(static_cast<int>(points.size()), 1, CV_32F);
    for (std::size_t i = 0; i < points.size(); ++i)
        wanted.at<float>(static_cast<int>(i), 0) = to.at<float>(points[i]);
    Likening best = fitted(from, wanted, points, 0);
    for (const int step : {-1, 1})
        for (int px = step; std::abs(px) <= kThickest_px; px += step) {
            Likening other = fitted(from, wanted, points, px);
            if (other.error >= best.error) break;
            best = std::move(other);
        }
    return best;
}

cv::Mat made_alike(const cv::Mat& from, const Likening& likening) {
    if (likening.kernel.empty()) return from;
    cv::Mat alike;
    cv::filter2D(thickened(from, likening.px), alike, CV_32F, likening.kernel, {-1, -1},
                 likening.constant, cv::BORDER_REPLICATE);
    return as_ink(alike);
}

double quantile_of(const cv::Mat& values, const cv::Mat& where, double share) {
    std::vector<float> list;
    for (int y = 0; y < values.rows; ++y)
        for (int x = 0; x < values.cols; ++x)
            if (where.at<unsigned char>(y, x)) list.push_back(values.at<float>(y, x));
    if (list.empty()) return 0;
    const auto at =
        list.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(list.size() - 1));
    std::nth_element(list.begin(), at, list.end());
    return *at;
}

// The darkness of print on the page: 0.7 of the printed pixels are no darker.
double print_level(const cv::Mat& grey, const cv::Mat& print) {
    std::vector<unsigned char> dark;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (print.at<unsigned char>(y, x) < 100)
                dark.push_back(static_cast<unsigned char>(255 - grey.at<unsigned char>(y, x)));
    if (dark.size() < 100) return 200;
    const auto at =
        dark.begin() + static_cast<std::ptrdiff_t>(0.7 * static_cast<double>(dark.size()));
    std::nth_element(dark.begin(), at, dark.end());
    return std::max<double>(60, *at);
}

cv::Mat positive(const cv::Mat& values) { return cv::max(values, 0); }

// The largest difference in `box` where the two patches around it fit best.
double least_difference(const cv::Mat& alike, const cv::Mat& picture, const cv::Rect& box) {
    constexpr int kMoved_px = 4, kAround_px = 14;
    const auto grown = [](const cv::Rect& r, int px) {
        return cv::Rect(r.x - px, r.y - px, r.width + 2 * px, r.height + 2 * px);
    };
    const cv::Rect sheet(kMoved_px, kMoved_px, picture.cols - 2 * kMoved_px,
                         picture.rows - 2 * kMoved_px),
        patch = grown(box, kAround_px) & sheet;
    if ((box & patch) != box) return 1;
    cv::Mat map, left;
    cv::matchTemplate(alike(grown(patch, kMoved_px)), picture(patch), map, cv::TM_SQDIFF);
    cv::Point best;
    cv::minMaxLoc(map, nullptr, nullptr, &best);
    const cv::Rect there = patch + best - cv::Point(kMoved_px, kMoved_px);
    cv::GaussianBlur(picture(patch) - alike(there), left, {0, 0}, kSpot_px);
    double least = 0, most = 0;
    cv::minMaxLoc(left(box - patch.tl()), &least, &most);
    return std::max(most, -least);
}

}  // namespace

cv::Mat darkness_of(const cv::Mat& grey, const cv::Mat& print) {
    constexpr int kStroke_px = 35;  // 4.4 mm: no stroke is thicker
    cv::Mat paper, dark;
    cv::GaussianBlur(grey, paper, {0, 0}, 1.5);
    cv::morphologyEx(paper, paper, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {kStroke_px, kStroke_px}));
    cv::GaussianBlur(paper, paper, {0, 0}, 8);
    cv::subtract(paper, grey, dark);
    dark.convertTo(dark, CV_32F, 1 / print_level(255 - dark, print));
    return cv::min(dark, 1.0);
}

double InkResidue::remains_when_moved(const cv::Rect& box) const {
    return std::min(least_difference(first_as_second, second, box),
                    least_difference(second_as_first, first, box));
}

InkResidue residue_between(const cv::Mat& first, const cv::Mat& second, const cv::Mat& left_out,
                           const cv::Mat& printed) {
    constexpr double kCalm_px = 0.7;  // 0.09 mm
    cv::Mat a, b, near;
    cv::GaussianBlur(first, a, {0, 0}, kCalm_px);
    cv::GaussianBlur(second, b, {0, 0}, kCalm_px);
    cv::Mat ink = (a > kInk) | (b > kInk);
    ink.setTo(0, left_out);
    cv::dilate(ink, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
    InkResidue residue;
    const cv::Mat a_as_b = made_alike(a, likening_of(a, b, near)),
                  b_as_a = made_alike(b, likening_of(b, a, near));
    cv::Mat forth, back;
    cv::GaussianBlur(b - a_as_b, forth, {0, 0}, kSpot_px);
    cv::GaussianBlur(a - b_as_a, back, {0, 0}, kSpot_px);
    residue.added = cv::min(positive(forth), positive(-back));
    residue.lost = cv::min(positive(-forth), positive(back));
    residue.added.setTo(0, left_out);
    residue.lost.setTo(0, left_out);
    residue.first = a;
    residue.second = b;
    residue.first_as_second = a_as_b;
    residue.second_as_first = b_as_a;
    residue.noise =
        quantile_of(cv::max(residue.added, residue.lost), printed & (left_out == 0), 0.995);
    return residue;
}

}  // namespace avtalskoll::ocr
