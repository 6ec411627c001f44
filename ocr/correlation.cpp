#include "ocr/correlation.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

constexpr double kFlat = 1;  // spread of a patch without print

cv::Mat halved(const cv::Mat& grey) {
    cv::Mat half;
    cv::resize(grey, half, {grey.cols / 2, grey.rows / 2}, 0, 0, cv::INTER_AREA);
    return half;
}

// A patch with its mean taken away: what is left of the correlation is then a plain sum of products.
struct Patch {
    explicit Patch(const cv::Mat& grey) {
        grey.convertTo(pixels, CV_16S, 1, -std::round(cv::mean(grey)[0]));
        sum = cv::sum(pixels)[0];
        spread = std::sqrt(std::max(0.0, pixels.dot(pixels) - sum * sum / static_cast<double>(pixels.total())));
    }
    cv::Mat pixels;     // 16-bit
    double sum = 0;     // nearly 0: the mean was rounded
    double spread = 0;  // standard deviation times the root of the area
};

double sum_of_products(const cv::Mat& patch, const cv::Mat& picture, cv::Point at) {
    cv::v_int32x4 total = cv::v_setzero_s32();
    int rest = 0;
    for (int y = 0; y < patch.rows; ++y) {
        const short* p = patch.ptr<short>(y);
        const short* q = picture.ptr<short>(at.y + y) + at.x;
        int x = 0;
        for (; x + 8 <= patch.cols; x += 8) total = cv::v_dotprod(cv::v_load(p + x), cv::v_load(q + x), total);
        for (; x < patch.cols; ++x) rest += p[x] * q[x];
    }
    return cv::v_reduce_sum(total) + rest;  // 145 million at most: 56 x 40 x 255 x 255
}

// The correlation with every place within `reach` of `guess`; empty when some of them lie outside.
cv::Mat correlations(const Patch& patch, const CorrelationPicture::Level& in, cv::Point guess, int reach) {
    const cv::Rect reached(guess.x - reach, guess.y - reach, patch.pixels.cols + 2 * reach, patch.pixels.rows + 2 * reach);
    if (patch.spread < kFlat || (reached & cv::Rect({}, in.pixels.size())) != reached) return {};
    const double area = static_cast<double>(patch.pixels.total());
    cv::Mat map(2 * reach + 1, 2 * reach + 1, CV_32F);
    for (int dy = 0; dy < map.rows; ++dy)
        for (int dx = 0; dx < map.cols; ++dx) {
            const cv::Rect there({reached.x + dx, reached.y + dy}, patch.pixels.size());
            const double sum = in.sum(in.sums, there), spread = std::sqrt(std::max(0.0, in.sum(in.squares, there) - sum * sum / area));
            const double common = sum_of_products(patch.pixels, in.pixels, there.tl()) - patch.sum * sum / area;
            map.at<float>(dy, dx) = spread < kFlat ? 0 : static_cast<float>(common / (patch.spread * spread));
        }
    return map;
}

}  // namespace

CorrelationPicture::Level::Level(const cv::Mat& grey) : sums(grey.total() + static_cast<std::size_t>(grey.rows + grey.cols + 1)), squares(sums.size()) {
    grey.convertTo(pixels, CV_16S);
    const auto wide = static_cast<std::size_t>(grey.cols) + 1;
    for (int y = 0; y < grey.rows; ++y) {
        const unsigned char* p = grey.ptr(y);
        std::uint32_t *sum = sums.data() + static_cast<std::size_t>(y + 1) * wide + 1, *square = squares.data() + static_cast<std::size_t>(y + 1) * wide + 1;
        std::uint32_t row_sum = 0, row_square = 0;
        for (int x = 0; x < grey.cols; ++x) {
            row_sum += p[x];
            row_square += static_cast<std::uint32_t>(p[x]) * p[x];
            sum[x] = *(sum + x - wide) + row_sum;
            square[x] = *(square + x - wide) + row_square;
        }
    }
}

double CorrelationPicture::Level::sum(const std::vector<std::uint32_t>& integral, const cv::Rect& r) const {
    const auto at = [&](int x, int y) { return integral[static_cast<std::size_t>(y) * (static_cast<std::size_t>(pixels.cols) + 1) + static_cast<std::size_t>(x)]; };
    return at(r.x, r.y) + at(r.br().x, r.br().y) - at(r.br().x, r.y) - at(r.x, r.br().y);
}

CorrelationPicture::CorrelationPicture(const cv::Mat& grey) : full_(grey), half_(halved(grey)) {}

Peak find_shift(const cv::Mat& from, const cv::Rect& patch, const CorrelationPicture& in, int reach) {
    constexpr int kFine = 2;  // half size tells the place to one pixel; one more for the peak's neighbours
    const cv::Mat coarse = correlations(Patch(halved(from(patch))), in.half(), patch.tl() / 2, (reach + 1) / 2);
    if (coarse.empty()) return {};
    cv::Point best;
    cv::minMaxLoc(coarse, nullptr, nullptr, nullptr, &best);
    const cv::Point guess = 2 * (best - cv::Point(coarse.cols / 2, coarse.rows / 2));
    const cv::Mat fine = correlations(Patch(from(patch)), in.full(), patch.tl() + guess, kFine);
    if (fine.empty()) return {};
    const Peak peak = find_peak(fine);
    return {peak.at + cv::Point2d(guess - cv::Point(kFine, kFine)), peak.score};
}

}  // namespace avtalskoll::ocr
