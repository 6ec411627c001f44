#include "ocr/ink/signature.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

// The limit where no print is known: lighter ink would be stretched from noise.
constexpr double kDarkestInk = 120;

// The darkest hundredth of what is darker than paper.
double ink_level(const cv::Mat& grey) {
    constexpr int kPaper = 190;
    std::vector<unsigned char> dark;
    for (int y = 0; y < grey.rows; ++y)
        for (int x = 0; x < grey.cols; ++x)
            if (const auto v = grey.at<unsigned char>(y, x); v < kPaper)
                dark.push_back(static_cast<unsigned char>(255 - v));
    if (dark.size() < 60) return 200;
    const auto at =
        dark.begin() + static_cast<std::ptrdiff_t>(0.8 * static_cast<double>(dark.size() - 1));
    std::nth_element(dark.begin(), at, dark.end());
    return std::max(kDarkestInk, static_cast<double>(*at));
}

cv::Mat darkness(const cv::Mat& grey, double level) {
    cv::Mat out;
    grey.convertTo(out, CV_8U, -255 / level, 255 * 255 / level);
    return out;
}

int read_px(double mm) { return static_cast<int>(std::lround(mm * kReadPxPerMm)); }

// Straight runs of ink in one direction, an eighth of a millimetre of slope forgiven.
cv::Mat straight_runs(const cv::Mat& ink, cv::Size length, cv::Size slope) {
    cv::Mat runs;
    cv::dilate(ink, runs, cv::getStructuringElement(cv::MORPH_RECT, slope));
    cv::morphologyEx(runs, runs, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, length));
    return runs;
}

// A stamp's frame in or at the place: a hand may have signed over it, and a person sees which.
void doubt_stamp(SignatureMeasure& measure) {
    // More than the rule allows beside a signature (rules/signature_rule.h).
    constexpr double kDoubt = 0.15;
    for (double& belief : measure.beliefs) belief *= 1 - kDoubt;
    measure.beliefs[static_cast<std::size_t>(PlaceInk::Stamp)] += kDoubt;
}

}  // namespace

cv::Mat signature_picture(const FieldCrop& crop) {
    double scale = kSignaturePxPerMm / kReadPxPerMm;  // from crop to picture
    scale = std::min(
        {scale, kSignatureCols / (crop.place.width + 2 * kSignatureAround_mm * kReadPxPerMm),
         kSignatureRows / (crop.place.height + 2 * kSignatureAround_mm * kReadPxPerMm)});
    const cv::Point2d centre(crop.place.x + crop.place.width / 2.0,
                             crop.place.y + crop.place.height / 2.0);
    const cv::Matx23d m(scale, 0, kSignatureCols / 2.0 - scale * centre.x, 0, scale,
                        kSignatureRows / 2.0 - scale * centre.y);
    const cv::Size size(kSignatureCols, kSignatureRows);
    std::vector<cv::Mat> planes(3);
    const double blur = 0.35 / scale;
    for (std::size_t i = 0; i < 2; ++i) {
        cv::Mat soft;
        cv::GaussianBlur(i == 0 ? crop.page : crop.print, soft, {0, 0}, blur);
        cv::warpAffine(darkness(soft, i == 0 ? crop.print_level : 255), planes[i], m, size,
                       cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0);
    }
    planes[2] = cv::Mat::zeros(size, CV_8U);
    const cv::Rect place(static_cast<int>(std::lround(m(0, 0) * crop.place.x + m(0, 2))),
                         static_cast<int>(std::lround(m(1, 1) * crop.place.y + m(1, 2))),
                         static_cast<int>(std::lround(scale * crop.place.width)),
                         static_cast<int>(std::lround(scale * crop.place.height)));
    planes[2](place & cv::Rect({}, size)).setTo(255);
    cv::Mat picture;
    cv::merge(planes, picture);
    return picture;
}

bool has_frame_corner(const FieldCrop& crop) {
    constexpr double kLevel_mm = 14, kUpright_mm = 6, kThin_mm = 1.6, kMeet_mm = 1.5,
                     kReach_mm = 13;
    const int reach = read_px(kReach_mm);
    const cv::Rect seen = (crop.place + cv::Size(2 * reach, 2 * reach) - cv::Point(reach, reach)) &
                          cv::Rect({}, crop.page.size());
    cv::Mat print;
    cv::dilate(crop.print(seen) < 160, print,
               cv::getStructuringElement(cv::MORPH_RECT, {read_px(1.2), read_px(1.2)}));
    const cv::Mat ink = (crop.calm(seen) < 255 - 0.4 * crop.print_level) & ~print;
    cv::Mat thick;
    cv::morphologyEx(
        ink, thick, cv::MORPH_OPEN,
        cv::getStructuringElement(cv::MORPH_RECT, {read_px(kThin_mm), read_px(kThin_mm)}));
    const cv::Mat thin = ink & ~thick;
    const cv::Mat level = straight_runs(thin, {read_px(kLevel_mm), 1}, {1, 2}),
                  upright = straight_runs(thin, {1, read_px(kUpright_mm)}, {2, 1});
    cv::Mat near_level;
    cv::dilate(level, near_level,
               cv::getStructuringElement(cv::MORPH_RECT, {read_px(kMeet_mm), read_px(kMeet_mm)}));
    return cv::countNonZero(near_level & upright) > 0;
}

SignatureMeasure measure_signature(const FieldCrop& crop, const SignatureModel& model) {
    SignatureMeasure measure{model.beliefs(signature_picture(crop))};
    if (crop.registered && has_frame_corner(crop)) doubt_stamp(measure);
    return measure;
}

double written_by_hand(const FieldCrop& crop, const cv::Rect& writing,
                       const SignatureModel& model) {
    // Enough of a long line: the rest is in the same hand, and shrinking would hide the hand.
    constexpr double kEnough_mm = 75;
    FieldCrop line = crop;
    line.place = writing;
    line.place.width = std::min(line.place.width, static_cast<int>(kEnough_mm * kReadPxPerMm));
    const SignatureMeasure measure = measure_signature(line, model);
    return measure.belief(PlaceInk::Mark) + measure.belief(PlaceInk::Signature);
}

FieldCrop cut_unregistered(const cv::Mat& grey, const cv::Rect& place, double px_per_mm) {
    const int around = static_cast<int>(std::ceil((kSignatureAround_mm + 1) * px_per_mm *
                                                  std::max(1.0, place.height / (20 * px_per_mm))));
    const cv::Rect wide = cv::Rect(place.x - around, place.y - around, place.width + 2 * around,
                                   place.height + 2 * around) &
                          cv::Rect({}, grey.size());
    const double scale = kReadPxPerMm / px_per_mm;
    FieldCrop crop;
    cv::resize(grey(wide), crop.page, {}, scale, scale,
               scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    crop.calm = crop.page;
    crop.print = cv::Mat(crop.page.size(), CV_8U, cv::Scalar(255));
    const auto scaled = [&](int v) { return static_cast<int>(std::lround(v * scale)); };
    crop.place = cv::Rect(scaled(place.x - wide.x), scaled(place.y - wide.y), scaled(place.width),
                          scaled(place.height)) &
                 cv::Rect({}, crop.page.size());
    crop.print_level = ink_level(crop.page);
    return crop;
}

}  // namespace avtalskoll::ocr
