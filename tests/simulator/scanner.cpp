#include "tests/simulator/scanner.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <utility>

#include "tests/simulator/pen.h"

namespace avtalskoll::simulator {
namespace {

constexpr std::array<std::pair<Tier, const char*>, 5> kTiers{{{Tier::Clean, "clean"},
                                                              {Tier::Office, "office"},
                                                              {Tier::Poor, "poor"},
                                                              {Tier::Fax, "fax"},
                                                              {Tier::Phone, "phone"}}};

cv::Mat random_field(Random& random, cv::Size size, double scale_px) {
    cv::Mat coarse(std::max(2, static_cast<int>(size.height / scale_px)),
                   std::max(2, static_cast<int>(size.width / scale_px)), CV_32F),
        fine;
    for (int y = 0; y < coarse.rows; ++y)
        for (int x = 0; x < coarse.cols; ++x)
            coarse.at<float>(y, x) = static_cast<float>(random.real(-1, 1));
    cv::resize(coarse, fine, size, 0, 0, cv::INTER_CUBIC);
    return fine;
}

// Noise from a small tile laid out at random offsets: quick, and no two rows alike.
void add_noise(Random& random, cv::Mat& page, double spread) {
    if (spread <= 0) return;
    cv::Mat tile(257, 509, CV_32F);
    for (int y = 0; y < tile.rows; ++y)
        for (int x = 0; x < tile.cols; ++x)
            tile.at<float>(y, x) = static_cast<float>(random.normal(0, spread));
    for (int y = 0; y < page.rows; ++y) {
        const float* row = tile.ptr<float>(random.whole(0, tile.rows - 1));
        int x0 = random.whole(0, tile.cols - 1);
        auto* p = page.ptr<unsigned char>(y);
        for (int x = 0; x < page.cols; ++x) {
            p[x] = cv::saturate_cast<unsigned char>(static_cast<float>(p[x]) + row[x0]);
            if (++x0 == tile.cols) x0 = 0;
        }
    }
}

// Feeder stretch and folds: a smooth displacement of up to about a millimetre, and a crease.
cv::Mat bend(Random& random, const cv::Mat& sheet) {
    const double reach = random.real(3, 10);  // px at 300 dpi
    cv::Mat out = warped(random, sheet, 900, 0.5 * reach, reach, 255);
    const int creases = random.whole(0, 2);
    for (int i = 0; i < creases; ++i) {
        const int y =
            static_cast<int>(out.rows * (i + 1.0) / (creases + 1.0)) + random.whole(-20, 20);
        cv::Mat shade = cv::Mat::ones(out.size(), CV_32F);
        cv::line(shade, {0, y}, {out.cols, y + random.whole(-8, 8)},
                 cv::Scalar(random.real(0.75, 0.92)), random.whole(2, 7));
        cv::GaussianBlur(shade, shade, {0, 0}, random.real(2, 6));
        cv::Mat shaded;
        out.convertTo(shaded, CV_32F);
        shaded = shaded.mul(shade);
        shaded.convertTo(out, CV_8U);
    }
    return out;
}

// Skew, shift and scale as a flatbed or feeder does, at the device's resolution.
cv::Mat lay_on_glass(Random& random, const cv::Mat& sheet, const Device& device,
                     cv::Matx33d* sheet_to_picture) {
    const double scale = device.dpi / kSheetDpi, skew = random.normal(0, device.skew_deg);
    const cv::Size size(static_cast<int>(std::lround(sheet.cols * scale)),
                        static_cast<int>(std::lround(sheet.rows * scale)));
    cv::Mat m = cv::getRotationMatrix2D(centre_of(sheet), skew, random.real(0.985, 1.005));
    m.at<double>(0, 2) += random.normal(0, 12);
    m.at<double>(1, 2) += random.normal(0, 12);
    if (device.stretch > 0) m.row(1) *= 1 + random.normal(0, device.stretch);
    m *= scale;
    for (int i = 0; i < 6; ++i) sheet_to_picture->val[i] = m.at<double>(i / 3, i % 3);
    cv::Mat soft = sheet, out;
    if (scale < 1) cv::GaussianBlur(sheet, soft, {0, 0}, 0.45 / scale);
    const bool dark_lid = random.chance(device.border);
    cv::warpAffine(soft, out, m, size, cv::INTER_LINEAR, cv::BORDER_CONSTANT,
                   dark_lid ? cv::Scalar(random.real(0, 40)) : cv::Scalar(255));
    return out;
}

void punch_holes(Random& random, cv::Mat& page, double dpi) {
    const int x = static_cast<int>(random.real(10, 14) / 25.4 * dpi),
              radius = static_cast<int>(2.8 / 25.4 * dpi);
    for (const double share : {0.365, 0.635})
        cv::circle(page, {x, static_cast<int>(page.rows * share)}, radius,
                   cv::Scalar(random.real(0, 60)), cv::FILLED);
}

void add_streaks(Random& random, cv::Mat& page, double count) {
    const int n = static_cast<int>(count + random.real(0, 1));
    for (int i = 0; i < n; ++i) {
        const int x = random.whole(0, page.cols - 1);
        cv::line(page, {x, random.chance(0.5) ? 0 : random.whole(0, page.rows)}, {x, page.rows},
                 cv::Scalar(random.real(0, 200)), random.whole(1, 2));
    }
}

void add_speckle(Random& random, cv::Mat& page, double per_million) {
    const int n = static_cast<int>(per_million * page.rows * page.cols / 1e6);
    for (int i = 0; i < n; ++i)
        cv::circle(page, {random.whole(0, page.cols - 1), random.whole(0, page.rows - 1)},
                   random.chance(0.92) ? 0 : 1, cv::Scalar(random.real(0, 90)), cv::FILLED);
}

Scan photograph(Random& random, const cv::Mat& sheet, const Device& device) {
    const double scale = device.dpi / kSheetDpi;
    const double w = sheet.cols * scale, h = sheet.rows * scale, room = random.real(0.01, 0.08);
    const auto corner = [&](double x, double y) {
        return cv::Point2f(static_cast<float>(w * (x + random.real(0, 0.035) * (x < 0.5 ? 1 : -1))),
                           static_cast<float>(h * (y + random.real(0, 0.03) * (y < 0.5 ? 1 : -1))));
    };
    const std::array<cv::Point2f, 4> to{corner(room, room), corner(1 - room, room),
                                        corner(1 - room, 1 - room), corner(room, 1 - room)};
    const std::array<cv::Point2f, 4> from{
        cv::Point2f(0, 0), cv::Point2f(static_cast<float>(sheet.cols), 0),
        cv::Point2f(static_cast<float>(sheet.cols), static_cast<float>(sheet.rows)),
        cv::Point2f(0, static_cast<float>(sheet.rows))};
    const cv::Mat m = cv::getPerspectiveTransform(from.data(), to.data());
    cv::Mat soft, page;
    cv::GaussianBlur(sheet, soft, {0, 0}, 0.45 / scale);
    const double table = random.real(40, 150);
    cv::warpPerspective(soft, page, m, {static_cast<int>(w), static_cast<int>(h)}, cv::INTER_LINEAR,
                        cv::BORDER_CONSTANT, cv::Scalar(table));
    cv::Mat light = random_field(random, page.size(), page.cols * 0.8) * random.real(0.05, 0.22),
            lit;
    const double level = random.real(0.62, 0.95);
    page.convertTo(lit, CV_32F);
    lit = lit.mul(light + level);
    if (random.chance(0.4)) {  // the photographer's shadow
        cv::Mat shadow = cv::Mat::ones(page.size(), CV_32F);
        cv::ellipse(shadow, {random.whole(0, page.cols), page.rows},
                    {page.cols / 2, random.whole(page.rows / 5, page.rows / 2)},
                    random.real(-30, 30), 0, 360, cv::Scalar(random.real(0.6, 0.85)), cv::FILLED);
        cv::GaussianBlur(shadow, shadow, {0, 0}, random.real(20, 60));
        lit = lit.mul(shadow);
    }
    lit.convertTo(page, CV_8U);
    cv::GaussianBlur(page, page, {0, 0}, device.blur);
    add_noise(random, page, device.noise);
    const cv::Vec3d tint(random.real(0.88, 1), random.real(0.95, 1), random.real(0.95, 1));
    std::vector<cv::Mat> planes(3);
    for (std::size_t i = 0; i < 3; ++i) page.convertTo(planes[i], CV_8U, tint[static_cast<int>(i)]);
    Scan scan{{}, device.dpi, false, device.jpeg_quality, cv::Matx33d(m)};
    cv::merge(planes, scan.picture);
    return scan;
}

}  // namespace

cv::Mat warped(Random& random, const cv::Mat& picture, double scale_px, double reach_x_px,
               double reach_y_px, double border) {
    cv::Mat map_x = random_field(random, picture.size(), scale_px) * reach_x_px,
            map_y = random_field(random, picture.size(), scale_px) * reach_y_px, out;
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) {
            map_x.at<float>(y, x) += static_cast<float>(x);
            map_y.at<float>(y, x) += static_cast<float>(y);
        }
    cv::remap(picture, out, map_x, map_y, cv::INTER_LINEAR, cv::BORDER_CONSTANT, border);
    return out;
}

const char* to_string(Tier tier) {
    for (const auto& [t, name] : kTiers)
        if (t == tier) return name;
    return "?";
}

Tier parse_tier(const std::string& name) {
    for (const auto& [t, known] : kTiers)
        if (name == known) return t;
    throw std::invalid_argument("unknown tier '" + name +
                                "'; known: clean, office, poor, fax, phone");
}

Device make_device(Random& random, Tier tier) {
    Device d;
    d.tier = tier;
    switch (tier) {
        case Tier::Clean:
            d.jpeg_quality = random.whole(78, 95), d.noise = random.real(0, 3),
            d.blur = random.real(0.3, 0.7), d.skew_deg = 0.25;
            break;
        case Tier::Office:
            d.dpi = random.chance(0.5) ? 300 : 200, d.bilevel = random.chance(0.3),
            d.jpeg_quality = random.whole(45, 85), d.noise = random.real(1, 9),
            d.blur = random.real(0.4, 0.9);
            d.skew_deg = 0.9, d.border = 0.15, d.streaks = 0.2,
            d.grey_paper = random.real(225, 255), d.stretch = 0.002,
            d.threshold = random.real(150, 195);
            break;
        case Tier::Poor:
            d.dpi = random.chance(0.6) ? 150 : 200, d.bilevel = random.chance(0.7),
            d.jpeg_quality = random.whole(25, 55), d.noise = random.real(6, 16),
            d.blur = random.real(0.5, 1.0);
            d.skew_deg = 1.8, d.border = 0.5, d.streaks = 0.6, d.speckle = random.real(0, 60),
            d.grey_paper = random.real(205, 250), d.stretch = 0.004,
            d.threshold = random.real(130, 185), d.thicken = random.real(-0.2, 0.6);
            break;
        case Tier::Fax:
            d.dpi = 200, d.bilevel = true, d.noise = random.real(8, 20),
            d.blur = random.real(0.5, 0.9), d.skew_deg = 0.8, d.border = 0.2, d.streaks = 0.8,
            d.speckle = random.real(5, 90);
            d.stretch = 0.006, d.threshold = random.real(140, 200),
            d.thicken = random.real(-0.1, 0.8);
            break;
        case Tier::Phone:
            d.dpi = random.real(150, 230), d.jpeg_quality = random.whole(40, 80),
            d.noise = random.real(1, 7), d.blur = random.real(0.5, 1.1);
            break;
    }
    // A scanner that drowned its own pages in noise would have been thrown out.
    if (d.bilevel) d.noise = std::min(d.noise, (d.grey_paper - d.threshold) / 3.3);
    return d;
}

Scan scan_sheet(Random& random, const cv::Mat& sheet, const Device& device, bool bent) {
    const cv::Mat shaped = bent ? bend(random, sheet) : sheet;
    if (device.tier == Tier::Phone) return photograph(random, shaped, device);
    cv::Matx33d sheet_to_picture = cv::Matx33d::eye();
    cv::Mat page = lay_on_glass(random, shaped, device, &sheet_to_picture);
    if (device.tier != Tier::Clean && random.chance(0.25)) punch_holes(random, page, device.dpi);
    if (device.grey_paper < 255) page.convertTo(page, CV_8U, device.grey_paper / 255);
    cv::GaussianBlur(page, page, {0, 0}, device.blur * device.dpi / 200);
    if (device.thicken > 0) {
        cv::Mat thick;
        cv::erode(page, thick, cv::getStructuringElement(cv::MORPH_CROSS, {3, 3}));
        page = page * (1 - device.thicken) + thick * device.thicken;
    }
    add_streaks(random, page, device.streaks);
    add_noise(random, page, device.noise);
    if (device.bilevel) cv::threshold(page, page, device.threshold, 255, cv::THRESH_BINARY);
    add_speckle(random, page, device.speckle);
    return {page, device.dpi, device.bilevel, device.jpeg_quality, sheet_to_picture};
}

}  // namespace avtalskoll::simulator
