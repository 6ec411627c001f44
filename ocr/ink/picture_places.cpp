#include "ocr/ink/picture_places.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

#include "ocr/ink/signature.h"
#include "ocr/picture/light.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kA4Long_mm = 297;
// Forms give 60-80 mm x 10-20 mm, cuttings hold a little more.
constexpr double kPlaceWide_mm = 70, kPlaceHigh_mm = 28;

bool is_sheet(int width, int height) {
    const double longer = std::max(width, height),
                 ratio = longer / std::max(1, std::min(width, height));
    constexpr double kLeast_px = 900;  // 77 dpi: less is a cutting, or unreadable
    return longer >= kLeast_px && ratio > 1.2 && ratio < 1.6;
}

}  // namespace

std::vector<SignatureMeasure> measure_places(const PageImage& picture,
                                             const std::vector<BoxPx>& boxes,
                                             const SignatureModel& model) {
    const cv::Mat drawn(picture.height, picture.width, CV_8U,
                        const_cast<std::uint8_t*>(picture.grey.data()));
    const cv::Mat even = even_light(drawn);
    double px_per_mm = std::max(drawn.cols, drawn.rows) / kA4Long_mm;
    if (!is_sheet(drawn.cols, drawn.rows)) {
        px_per_mm = 1;
        for (const BoxPx& box : boxes)
            px_per_mm = std::max({px_per_mm, picture.scale * box.w / kPlaceWide_mm,
                                  picture.scale * box.h / kPlaceHigh_mm});
    }
    std::vector<SignatureMeasure> measures;
    for (const BoxPx& box : boxes) {
        const auto px = [&](double v) { return static_cast<int>(std::lround(v * picture.scale)); };
        const cv::Rect place =
            cv::Rect(px(box.x), px(box.y), std::max(1, px(box.w)), std::max(1, px(box.h))) &
            cv::Rect({}, even.size());
        measures.push_back(
            place.empty() ? SignatureMeasure{}
                          : measure_signature(cut_unregistered(even, place, px_per_mm), model));
    }
    return measures;
}

}  // namespace avtalskoll::ocr
