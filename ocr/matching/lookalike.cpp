#include "ocr/matching/lookalike.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <set>
#include <string>

namespace avtalskoll::ocr {
namespace {

// In read px: a registration that is off by a stroke's width must not count.
constexpr double kBlur_px = 2.5;

cv::Mat blurred(const cv::Mat& grey) {
    cv::Mat soft;
    grey.convertTo(soft, CV_32F);
    cv::GaussianBlur(soft, soft, {0, 0}, kBlur_px);
    return soft;
}

// Boxes (read px) in which two prints of one size differ by more than drawing them twice does.
std::vector<cv::Rect> differing_boxes(const cv::Mat& one, const cv::Mat& other) {
    // Grey levels after blurring; the same print drawn half a pixel off gives 25.
    constexpr double kPlain = 40;
    constexpr double kTogether_mm = 3;   // letters of one line, lines of one paragraph
    constexpr double kLeastSide_mm = 1;  // less is a comma's place
    cv::Mat mask = cv::abs(blurred(one) - blurred(other)) > kPlain;
    const int together = static_cast<int>(kTogether_mm * kReadPxPerMm);
    cv::morphologyEx(mask, mask, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {together, together}));
    cv::Mat labels, stats, centroids;
    const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 8);
    std::vector<cv::Rect> boxes;
    const int around = static_cast<int>(kReadPxPerMm);
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        if (std::max(box.width, box.height) < kLeastSide_mm * kReadPxPerMm) continue;
        boxes.push_back(cv::Rect(box.x - around, box.y - around, box.width + 2 * around,
                                 box.height + 2 * around) &
                        cv::Rect({}, one.size()));
    }
    return boxes;
}

// The print in which `other` differs from `page`; nullopt when they have little print in common.
std::optional<Lookalike> compare(const BlankPage& page, const BlankPage& other,
                                 std::size_t other_index) {
    constexpr double kAlike = 0.45;  // share of the anchors, as for a scan
    const auto rough = fit_features(page, {other.keypoints, other.descriptors}, other.match.size(),
                                    page.descriptors.rows);
    if (!rough) return std::nullopt;
    const Registration registration =
        refine(page, other.match.whole(), *rough, kReadDpi / kMatchDpi);
    if (registration.anchors_found < kAlike) return std::nullopt;
    const cv::Mat laid = registration.rectify(other.read.whole(), cv::Rect({}, page.read.size()));
    Lookalike alike{other_index, false, {}};
    for (const cv::Rect& box : differing_boxes(page.read.whole(), laid))
        alike.differences.push_back({box, laid(box).clone()});
    return alike;
}

// False when the pages' words tell that they are not alike. Their features do not tell that: one
// typeface has the same letters everywhere.
bool may_be_alike(const BlankPage& one, const BlankPage& other) {
    constexpr std::size_t kTelling = 20;  // different words; a scanned blank has none
    // Share of the words of the page with fewer; "och", "att", "som" alone make 0.25.
    constexpr double kAlike = 0.4;
    const std::set<std::string>&a = one.vocabulary, &b = other.vocabulary;
    if (std::min(a.size(), b.size()) < kTelling) return true;
    const auto common = std::count_if(a.begin(), a.end(),
                                      [&](const std::string& word) { return b.contains(word); });
    return static_cast<double>(common) >=
           kAlike * static_cast<double>(std::min(a.size(), b.size()));
}

}  // namespace

void note_lookalikes(Blanks& blanks, std::size_t page) {
    constexpr int kAsked = 300;  // of a page's features, the strongest
    // Share of the page's votes for itself: pages that look alike get nearly as many.
    constexpr double kSome = 0.15;
    BlankPage& one = blanks.pages[page];
    const cv::Mat asked = one.descriptors.rowRange(0, std::min(one.descriptors.rows, kAsked));
    const std::vector<double> alike = blanks.index.resemblance(asked);
    for (std::size_t other = 0; other < blanks.pages.size(); ++other) {
        const BlankPage& two = blanks.pages[other];
        if (one.form == two.form || alike[other] < kSome * alike[page] || !may_be_alike(one, two))
            continue;
        auto found = compare(one, two, other);
        if (!found) continue;
        one.lookalikes.push_back(std::move(*found));
    }
}

Likeness likeness(const cv::Mat& scan, const BlankPage& page, const Registration& registration,
                  const Lookalike& other) {
    // Share of the box's pixels that tell how dark this scan prints.
    constexpr double kDarkestPrint = 0.02;
    std::vector<cv::Mat> aparts, seens;
    double along = 0, whole = 0;
    for (const PrintDifference& difference : other.differences) {
        const cv::Mat one = blurred(page.read.region(difference.box)),
                      two = blurred(difference.print);
        cv::Mat seen = registration.rectify(scan, difference.box);
        std::vector<unsigned char> levels(seen.begin<unsigned char>(), seen.end<unsigned char>());
        const auto darkest =
            levels.begin() +
            static_cast<std::ptrdiff_t>(kDarkestPrint * static_cast<double>(levels.size()));
        std::nth_element(levels.begin(), darkest, levels.end());
        const double contrast = 255.0 / std::max(60, 255 - *darkest);
        seen.convertTo(seen, CV_8U, contrast, 255 - 255 * contrast);
        aparts.push_back(one - two);
        seens.push_back(blurred(seen) - two);
        along += seens.back().dot(aparts.back());
        whole += aparts.back().dot(aparts.back());
    }
    if (whole <= 0) return {};
    // The least squares fit of scan = two + t (one - two), over all boxes. Blurred pixels are no
    // independent witnesses: 4 pi s^2 of them, s the blur, are one.
    Likeness fit{along / whole, 1};
    double rest = 0, pixels = 0;
    for (std::size_t i = 0; i < aparts.size(); ++i) {
        const cv::Mat residual = seens[i] - fit.to_this * aparts[i];
        rest += residual.dot(residual);
        pixels += static_cast<double>(residual.total());
    }
    fit.error = std::sqrt(rest / pixels * 4 * CV_PI * kBlur_px * kBlur_px / whole);
    return fit;
}

}  // namespace avtalskoll::ocr
