#include "ocr/comparing/ink_residue.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace avtalskoll::ocr {
namespace {

constexpr int kKernel_px = 7, kTerms = kKernel_px * kKernel_px + 1;
constexpr float kInk = 0.25F;

// The filter, and its constant, that make `from` most like `to` at the pixels of `where`.
struct Likening {
    cv::Mat kernel;
    double constant = 0;
};

Likening likening_of(const cv::Mat& from, const cv::Mat& to, const cv::Mat& where) {
    constexpr int kMost = 60'000, kHalf = kKernel_px / 2;
    // Keeps the filter near the plain one where the ink does not decide.
    constexpr double kRidge = 2.0;
    std::vector<cv::Point> points;
    cv::findNonZero(where, points);
    const std::size_t every = points.size() / kMost + 1;
    cv::Mat samples(static_cast<int>(points.size() / every + 1), kTerms, CV_32F, cv::Scalar(0)),
        wanted(samples.rows, 1, CV_32F, cv::Scalar(0));
    int row = 0;
    for (std::size_t i = 0; i < points.size(); i += every) {
        const cv::Point p = points[i];
        if (p.x < kHalf || p.y < kHalf || p.x >= from.cols - kHalf || p.y >= from.rows - kHalf)
            continue;
        auto* sample = samples.ptr<float>(row);
        for (int y = -kHalf; y <= kHalf; ++y)
            sample = std::copy_n(from.ptr<float>(p.y + y) + p.x - kHalf, kKernel_px, sample);
        *sample = 1;
        wanted.at<float>(row++, 0) = to.at<float>(p);
    }
    cv::Mat normal, right, solved;
    cv::mulTransposed(samples, normal, true, cv::noArray(), 1, CV_64F);
    cv::gemm(samples, wanted, 1, cv::noArray(), 0, right, cv::GEMM_1_T);
    right.convertTo(right, CV_64F);
    constexpr int kMiddle = (kTerms - 1) / 2;
    for (int i = 0; i < kTerms; ++i) normal.at<double>(i, i) += kRidge;
    right.at<double>(kMiddle, 0) += kRidge;
    cv::solve(normal, right, solved, cv::DECOMP_CHOLESKY);
    Likening likening{cv::Mat(kKernel_px, kKernel_px, CV_32F), solved.at<double>(kTerms - 1, 0)};
    for (int i = 0; i + 1 < kTerms; ++i)
        likening.kernel.at<float>(i / kKernel_px, i % kKernel_px) =
            static_cast<float>(solved.at<double>(i, 0));
    return likening;
}

cv::Mat made_alike(const cv::Mat& from, const Likening& likening) {
    cv::Mat alike;
    cv::filter2D(from, alike, CV_32F, likening.kernel, {-1, -1}, 0, cv::BORDER_REPLICATE);
    return alike;
}

double correlation_of(const cv::Mat& a, const cv::Mat& b, const cv::Mat& where) {
    cv::Scalar mean_a, mean_b, spread_a, spread_b;
    cv::meanStdDev(a, mean_a, spread_a, where);
    cv::meanStdDev(b, mean_b, spread_b, where);
    cv::Mat product = a.mul(b);
    const double common = cv::mean(product, where)[0] - mean_a[0] * mean_b[0];
    return common / std::max(1e-9, spread_a[0] * spread_b[0]);
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

cv::Mat positive(const cv::Mat& values) { return cv::max(values, 0); }

}  // namespace

InkResidue residue_between(const cv::Mat& first, const cv::Mat& second, const cv::Mat& left_out) {
    constexpr double kCalm_px = 0.7, kSpot_px = 1.2;  // 0.09 and 0.15 mm
    cv::Mat a, b, near;
    cv::GaussianBlur(first, a, {0, 0}, kCalm_px);
    cv::GaussianBlur(second, b, {0, 0}, kCalm_px);
    cv::Mat ink = (a > kInk) | (b > kInk);
    ink.setTo(0, left_out);
    cv::dilate(ink, near, cv::getStructuringElement(cv::MORPH_ELLIPSE, {7, 7}));
    InkResidue residue;
    const cv::Mat a_as_b = made_alike(a, likening_of(a, b, near)),
                  b_as_a = made_alike(b, likening_of(b, a, near));
    residue.likeness = std::max(correlation_of(a_as_b, b, near), correlation_of(b_as_a, a, near));
    cv::Mat forth, back;
    cv::GaussianBlur(b - a_as_b, forth, {0, 0}, kSpot_px);
    cv::GaussianBlur(a - b_as_a, back, {0, 0}, kSpot_px);
    residue.added = cv::min(positive(forth), positive(-back));
    residue.lost = cv::min(positive(-forth), positive(back));
    residue.added.setTo(0, left_out);
    residue.lost.setTo(0, left_out);
    residue.noise = quantile_of(cv::max(residue.added, residue.lost), ink, 0.995);
    return residue;
}

}  // namespace avtalskoll::ocr
