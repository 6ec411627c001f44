#include "ocr/matching/field_crop.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/matching/correlation.h"
#include "ocr/matching/peak.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kReach_mm = 1.3;  // how far the place's own print is looked for
constexpr double kInner_mm = 1.5;  // the writing inside must not take part in aligning

struct Alignment {
    cv::Point2d shift;  // read px
    double score = 0;
    bool possible = false;  // there is print beside the place
};

// Fits the blank's print around the place to the scan's. `changing`: where people write, and where
// the blank's words may be gone; it is left out. `page` shows `reach` more on all sides.
Alignment align_to_print(const cv::Mat& page, const cv::Mat& print,
                         const std::vector<cv::Rect>& changing, int reach) {
    const int slack = static_cast<int>(kInner_mm * kReadPxPerMm) / 3;
    cv::Mat beside = print.clone(), seen = page.clone();
    for (const cv::Rect& r : changing) {
        beside(r & cv::Rect({}, beside.size())).setTo(255);
        const cv::Rect inner(r.x + reach + slack, r.y + reach + slack,
                             std::max(1, r.width - 2 * slack), std::max(1, r.height - 2 * slack));
        seen(inner & cv::Rect({}, seen.size())).setTo(255);
    }
    Alignment result;
    if (cv::countNonZero(beside < 160) < 150) return result;
    result.possible = true;
    cv::Mat small_beside, small_seen, map;
    cv::resize(beside, small_beside, {}, 0.5, 0.5, cv::INTER_AREA);
    cv::resize(seen, small_seen, {}, 0.5, 0.5, cv::INTER_AREA);
    cv::matchTemplate(small_seen, small_beside, map, cv::TM_CCOEFF_NORMED);
    const Peak peak = find_peak(map);
    result.score = peak.score;
    result.shift = 2 * peak.at - cv::Point2d(reach, reach);
    return result;
}

// The inside of the place and of its neighbours, and all prompts that the crop shows.
std::vector<cv::Rect> changing_parts(const FieldCrop& crop, const BlankPage& blank) {
    const int inner = static_cast<int>(kInner_mm * kReadPxPerMm);
    std::vector<cv::Rect> parts;
    const auto add_inside = [&](const cv::Rect& place) {
        if (place.width > 2 * inner && place.height > 2 * inner)
            parts.emplace_back(place.x + inner, place.y + inner, place.width - 2 * inner,
                               place.height - 2 * inner);
    };
    add_inside(crop.place);
    const auto px = [](double pt) { return static_cast<int>(std::lround(pt * kReadPxPerPt)); };
    for (const BoxPt& b : blank.prompts)
        parts.push_back(cv::Rect(px(b.x), px(b.y), px(b.w), px(b.h)) - crop.region.tl());
    for (const BoxPt& b : blank.places)
        add_inside(cv::Rect(px(b.x), px(b.y), px(b.w), px(b.h)) - crop.region.tl());
    std::erase_if(parts,
                  [&](const cv::Rect& r) { return (r & cv::Rect({}, crop.print.size())).empty(); });
    return parts;
}

double percentile(std::vector<unsigned char>& values, double share) {
    if (values.empty()) return 0;
    const auto at = values.begin() +
                    static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), at, values.end());
    return *at;
}

void measure_levels(FieldCrop& crop) {
    std::vector<unsigned char> printed, steps;
    for (int y = 0; y < crop.calm.rows; ++y) {
        const auto* page = crop.calm.ptr<unsigned char>(y);
        const auto* print = crop.print.ptr<unsigned char>(y);
        for (int x = 1; x < crop.calm.cols; ++x) {
            if (print[x] < 100) printed.push_back(static_cast<unsigned char>(255 - page[x]));
            else if (print[x] > 250 && std::min(page[x], page[x - 1]) > 150)
                steps.push_back(static_cast<unsigned char>(std::abs(page[x] - page[x - 1])));
        }
    }
    crop.print_level = printed.size() > 60 ? std::max(60.0, percentile(printed, 0.7)) : 200;
    // From neighbours' differences, which shadows and creases hardly change: for a normal spread
    // their median is 0.954 of it.
    crop.noise = percentile(steps, 0.5) / 0.954;
}

}  // namespace

cv::Mat black_ink(const FieldCrop& crop) {
    const double darkest = std::max(40.0, crop.print_level);
    cv::Mat stretched;
    crop.page.convertTo(stretched, CV_8U, 255.0 / darkest, 255 - 250 * 255.0 / darkest);
    return stretched;
}

FieldCrop cut_field(const cv::Mat& scan, const BlankPage& blank, const Registration& registration,
                    const BoxPt& place, double margin_mm) {
    const auto px = [](double pt) { return static_cast<int>(std::lround(pt * kReadPxPerPt)); };
    const cv::Rect wanted(px(place.x), px(place.y), px(place.w), px(place.h));
    const int margin = static_cast<int>(margin_mm * kReadPxPerMm);
    const int reach = static_cast<int>(kReach_mm * kReadPxPerMm) / 2 * 2;
    FieldCrop crop;
    crop.registered = true;
    crop.region = cv::Rect(wanted.x - margin, wanted.y - margin, wanted.width + 2 * margin,
                           wanted.height + 2 * margin) &
                  cv::Rect({}, blank.read.size());
    crop.place = wanted - crop.region.tl();
    crop.print = blank.read.region(crop.region);
    const cv::Rect wide(crop.region.x - reach, crop.region.y - reach, crop.region.width + 2 * reach,
                        crop.region.height + 2 * reach);
    const Alignment alignment = align_to_print(registration.rectify(scan, wide), crop.print,
                                               changing_parts(crop, blank), reach);

    const cv::Point2d centre((wanted.x + wanted.width / 2.0) * kMatchDpi / kReadDpi,
                             (wanted.y + wanted.height / 2.0) * kMatchDpi / kReadDpi);
    crop.place_error_mm = registration.error_mm(centre);
    constexpr double kSurePrint = 0.45, kLostPrint = 0.25;
    if (alignment.possible && alignment.score >= kSurePrint) {
        crop.shift = alignment.shift;
        const double at_edge =
            std::max(std::abs(alignment.shift.x), std::abs(alignment.shift.y)) / reach;
        crop.place_error_mm =
            at_edge > 0.95 ? kReach_mm
                           : std::min(crop.place_error_mm, 0.15 + 0.5 * (1 - alignment.score));
    }
    crop.trusted =
        (!alignment.possible || alignment.score >= kLostPrint) && crop.place_error_mm < 1.5;
    crop.page = registration.rectify(scan, crop.region, crop.shift);
    crop.calm = crop.page;
    measure_levels(crop);
    // Share of the print's darkness; above it thresholding would find ink everywhere or nowhere.
    constexpr double kNoisy = 0.1;
    if (crop.noise > kNoisy * crop.print_level) {
        crop.calm = cv::Mat();  // shares pixels with the page until here
        cv::GaussianBlur(crop.page, crop.calm, {0, 0}, 1.3);
        measure_levels(crop);
    }
    return crop;
}

void forget_replaced_prompt(FieldCrop& crop) {
    // On 84 simulated scans of all qualities, 55 prompts that stood correlated by 0.73 and more,
    // and what had replaced 941 others by 0.34 at most.
    constexpr double kStillThere = 0.5;
    constexpr int kReach_px = 6;
    const cv::Rect place = crop.place & cv::Rect({}, crop.print.size());
    std::vector<cv::Point> ink;
    cv::findNonZero(crop.print(place) < 160, ink);
    if (ink.empty()) return;
    const cv::Rect words = cv::boundingRect(ink) + place.tl();
    const int margin = PrintPatch::margin_px(kReach_px);
    const cv::Rect around(words.x - margin, words.y - margin, words.width + 2 * margin,
                          words.height + 2 * margin);
    if ((around & cv::Rect({}, crop.page.size())) == around &&
        PrintPatch(crop.print(words)).find_in(crop.page(around), kReach_px).score >= kStillThere)
        return;
    crop.print(place).setTo(255);
}

BoxShare place_on_scan(const FieldCrop& crop, const Registration& registration, cv::Size scan) {
    double left = 1e9, top = 1e9, right = -1e9, bottom = -1e9;
    const cv::Rect box = crop.place + crop.region.tl();
    for (const cv::Point corner :
         {box.tl(), cv::Point(box.br().x, box.y), box.br(), cv::Point(box.x, box.br().y)}) {
        const cv::Point2d at =
            registration.to_scan((cv::Point2d(corner) + crop.shift) * (kMatchDpi / kReadDpi));
        left = std::min(left, at.x), right = std::max(right, at.x);
        top = std::min(top, at.y), bottom = std::max(bottom, at.y);
    }
    const auto share = [](double v, int of) { return std::clamp(v / of, 0.0, 1.0); };
    const double x = share(left, scan.width), y = share(top, scan.height);
    return {x, y, share(right, scan.width) - x, share(bottom, scan.height) - y};
}

}  // namespace avtalskoll::ocr
