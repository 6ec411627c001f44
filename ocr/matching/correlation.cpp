#include "ocr/matching/correlation.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace avtalskoll::ocr {
namespace {

constexpr double kFlat = 1;  // spread of a patch without print

cv::Mat halved(const cv::Mat& grey) {
    cv::Mat half;
    cv::resize(grey(cv::Rect(0, 0, grey.cols / 2 * 2, grey.rows / 2 * 2)), half,
               {grey.cols / 2, grey.rows / 2}, 0, 0, cv::INTER_AREA);
    return half;
}

int sum_of_products(const cv::Mat& patch, const cv::Mat& picture, cv::Point at) {
    cv::v_int32x4 total = cv::v_setzero_s32();
    int rest = 0;
    for (int y = 0; y < patch.rows; ++y) {
        const short* p = patch.ptr<short>(y);
        const short* q = picture.ptr<short>(at.y + y) + at.x;
        int x = 0;
        for (; x + 8 <= patch.cols; x += 8)
            total = cv::v_dotprod(cv::v_load(p + x), cv::v_load(q + x), total);
        for (; x < patch.cols; ++x) rest += p[x] * q[x];
    }
    return cv::v_reduce_sum(total) + rest;  // 145 million at most: 56 x 40 x 255 x 255
}

// Sums over any rectangle of a picture's pixels and of their squares.
class Integrals {
public:
    explicit Integrals(const cv::Mat& grey)
        : wide_(static_cast<std::size_t>(grey.cols) + 1),
          sums_(wide_ * (static_cast<std::size_t>(grey.rows) + 1)),
          squares_(sums_.size()) {
        for (int y = 0; y < grey.rows; ++y) {
            const unsigned char* p = grey.ptr(y);
            std::uint32_t *sum = sums_.data() + static_cast<std::size_t>(y + 1) * wide_ + 1,
                          *square = squares_.data() + static_cast<std::size_t>(y + 1) * wide_ + 1;
            std::uint32_t row_sum = 0, row_square = 0;
            for (int x = 0; x < grey.cols; ++x) {
                row_sum += p[x];
                row_square += static_cast<std::uint32_t>(p[x]) * p[x];
                sum[x] = *(sum + x - wide_) + row_sum;
                square[x] = *(square + x - wide_) + row_square;
            }
        }
    }
    double sum(const cv::Rect& r) const { return of(sums_, r); }
    double squares(const cv::Rect& r) const { return of(squares_, r); }

private:
    double of(const std::vector<std::uint32_t>& integral, const cv::Rect& r) const {
        const auto at = [&](int x, int y) {
            return integral[static_cast<std::size_t>(y) * wide_ + static_cast<std::size_t>(x)];
        };
        return at(r.x, r.y) + at(r.br().x, r.br().y) - at(r.br().x, r.y) - at(r.x, r.br().y);
    }
    std::size_t wide_;
    std::vector<std::uint32_t> sums_, squares_;  // a row and a column of zeros first
};

}  // namespace

PrintPatch::Level::Level(const cv::Mat& grey) {
    grey.convertTo(pixels, CV_16S, 1, -std::round(cv::mean(grey)[0]));
    sum = cv::sum(pixels)[0];
    spread = std::sqrt(
        std::max(0.0, pixels.dot(pixels) - sum * sum / static_cast<double>(pixels.total())));
}

PrintPatch::PrintPatch(const cv::Mat& grey) : full_(grey), half_(halved(grey)) {}

// The correlation with every place within `reach` of `guess`, which must lie inside the picture.
cv::Mat PrintPatch::correlations(const Level& patch, const cv::Mat& picture, cv::Point guess,
                                 int reach) {
    const cv::Mat seen =
        picture(cv::Rect(guess.x - reach, guess.y - reach, patch.pixels.cols + 2 * reach,
                         patch.pixels.rows + 2 * reach));
    const Integrals integrals(seen);
    cv::Mat pixels;
    seen.convertTo(pixels, CV_16S);
    const double area = static_cast<double>(patch.pixels.total());
    cv::Mat map(2 * reach + 1, 2 * reach + 1, CV_32F);
    for (int dy = 0; dy < map.rows; ++dy)
        for (int dx = 0; dx < map.cols; ++dx) {
            const cv::Rect there({dx, dy}, patch.pixels.size());
            const double sum = integrals.sum(there),
                         spread =
                             std::sqrt(std::max(0.0, integrals.squares(there) - sum * sum / area));
            const double common =
                sum_of_products(patch.pixels, pixels, there.tl()) - patch.sum * sum / area;
            map.at<float>(dy, dx) =
                spread < kFlat ? 0 : static_cast<float>(common / (patch.spread * spread));
        }
    return map;
}

Peak PrintPatch::find_in(const cv::Mat& around, int reach) const {
    if (full_.spread < kFlat || half_.spread < kFlat) return {};
    const int margin = margin_px(reach);
    const cv::Mat coarse =
        correlations(half_, halved(around), cv::Point(margin, margin) / 2, reach / 2);
    cv::Point best;
    cv::minMaxLoc(coarse, nullptr, nullptr, nullptr, &best);
    const cv::Point guess = 2 * (best - cv::Point(coarse.cols / 2, coarse.rows / 2));
    const Peak peak =
        find_peak(correlations(full_, around, cv::Point(margin, margin) + guess, kFine_px));
    return {peak.at + cv::Point2d(guess - cv::Point(kFine_px, kFine_px)), peak.score};
}

}  // namespace avtalskoll::ocr
