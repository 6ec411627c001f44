#include "ocr/sandboxed/page_layers.h"

#include <poppler-document.h>
#include <poppler-image.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "ocr/picture/picture_turn.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kInkDpi = 100;  // a pen's line is two pixels wide
constexpr double kPxPerMm = kInkDpi / kMmPerInch;

// Ink is darker than the paper around it by this much. Ink to be taken away is found from the lower
// limit on, so that an edge that was drawn a little differently leaves nothing.
constexpr double kInk = 55, kFaintInk = 25;

cv::Mat ink_of(const cv::Mat& grey, double least) {
    cv::Mat paper;
    cv::dilate(grey, paper, cv::getStructuringElement(cv::MORPH_RECT, {17, 17}));
    return (paper - grey) > least;
}

cv::Mat widened(const cv::Mat& ink, int by) {
    cv::Mat wide;
    cv::dilate(ink, wide, cv::getStructuringElement(cv::MORPH_RECT, {2 * by + 1, 2 * by + 1}));
    return wide;
}

double share(const cv::Mat& part, const cv::Mat& all) {
    const int whole = cv::countNonZero(all);
    return whole == 0 ? 0 : double(cv::countNonZero(part & all)) / whole;
}

class InkOrigin {
public:
    InkOrigin(const PdfStructure& pdf, int index, const PageParts& parts, cv::Size size)
        : pdf_(pdf), index_(index), parts_(parts), size_(size) {}

    // The page with these pictures alone, as ink; nullopt when it cannot be drawn.
    std::optional<cv::Mat> ink_with(const std::set<std::size_t>& kept, bool inline_too,
                                    double least) const {
        const std::string bytes = page_with_pictures(pdf_, index_, kept, inline_too);
        if (bytes.empty()) return std::nullopt;
        const std::unique_ptr<poppler::document> document(
            poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
        const std::unique_ptr<poppler::page> page(document ? document->create_page(0) : nullptr);
        if (!page) return std::nullopt;
        poppler::page_renderer renderer;
        renderer.set_image_format(poppler::image::format_gray8);
        renderer.set_render_hint(poppler::page_renderer::antialiasing);
        renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
        const poppler::image image = renderer.render_page(page.get(), kInkDpi, kInkDpi);
        if (!image.is_valid()) return std::nullopt;
        cv::Mat grey(image.height(), image.width(), CV_8U, const_cast<char*>(image.const_data()),
                     static_cast<std::size_t>(image.bytes_per_row()));
        cv::Mat sized;
        cv::resize(grey, sized, size_, 0, 0, cv::INTER_AREA);
        return ink_of(sized, least);
    }

    // The pictures that may be a scan, the largest first.
    std::vector<std::size_t> largest_pictures() const {
        constexpr double kLeastPixels = 200'000;
        constexpr std::size_t kMost = 2;
        std::vector<std::size_t> order;
        for (std::size_t i = 0; i < parts_.pictures.size(); ++i)
            if (parts_.pictures[i].opaque && parts_.pictures[i].pixels >= kLeastPixels)
                order.push_back(i);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return parts_.pictures[a].pixels > parts_.pictures[b].pixels;
        });
        order.resize(std::min(order.size(), kMost));
        return order;
    }

    std::set<std::size_t> all_pictures() const {
        std::set<std::size_t> all;
        for (std::size_t i = 0; i < parts_.pictures.size(); ++i) all.insert(i);
        return all;
    }

private:
    const PdfStructure& pdf_;
    int index_;
    const PageParts& parts_;
    cv::Size size_;
};

bool lies_on_a_small_part(const cv::Mat& ink) {
    constexpr double kSmallPart = 0.25;  // of the page: a signature is less, a layer of print more
    return cv::boundingRect(ink).area() < kSmallPart * double(ink.total());
}

// The pictures of a scan in layers, without those that were pasted on it: a soft mask, and ink in
// one place only.
std::set<std::size_t> without_pasted(const InkOrigin& origin, const PageParts& parts) {
    constexpr std::ptrdiff_t kMostPasted = 12;  // more are pieces
    std::set<std::size_t> kept = origin.all_pictures();
    if (std::count_if(parts.pictures.begin(), parts.pictures.end(),
                      [](const PagePicture& p) { return p.soft; }) > kMostPasted)
        return kept;
    for (std::size_t i = 0; i < parts.pictures.size(); ++i)
        if (const auto ink =
                parts.pictures[i].soft ? origin.ink_with({i}, false, kFaintInk) : std::nullopt;
            ink && lies_on_a_small_part(*ink))
            kept.erase(i);
    return kept;
}

// The ink that lies on the paper: of one picture when that bears nearly all there is, else of all
// (layers and pieces of a scan).
std::optional<cv::Mat> ink_on_paper(const InkOrigin& origin, const PageParts& parts,
                                    const cv::Mat& seen, const cv::Mat& drawn) {
    constexpr double kNearlyAll = 0.8, kMostly = 0.5;
    const cv::Mat not_drawn = ~widened(drawn, 1);
    if (parts.pictures.size() > 1)
        for (const std::size_t picture : origin.largest_pictures())
            if (const auto ink = origin.ink_with({picture}, false, kFaintInk);
                ink && share(widened(*ink & not_drawn, 1), seen) >= kNearlyAll)
                return *ink & not_drawn;
    const auto all = origin.ink_with(origin.all_pictures(), true, kFaintInk);
    if (!all) return std::nullopt;
    const std::set<std::size_t> kept = without_pasted(origin, parts);
    const auto layers =
        kept.size() < parts.pictures.size() ? origin.ink_with(kept, true, kFaintInk) : std::nullopt;
    const bool rest_is_the_scan = layers && share(*layers, *all) >= kMostly;
    return (rest_is_the_scan ? *layers : *all) & not_drawn;
}

bool touches(const BoxPt& a, const BoxPt& b) {
    return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

std::vector<ScreenInk> pieces_of(const cv::Mat& screen, const PageParts& parts) {
    constexpr double kApart_mm = 2, kLeast_mm2 = 0.5;
    constexpr int kMost = 1'000;
    cv::Mat joined, labels, stats, centroids;
    const int reach = static_cast<int>(kApart_mm * kPxPerMm);
    cv::dilate(screen, joined, cv::getStructuringElement(cv::MORPH_RECT, {reach, reach}));
    const int count = cv::connectedComponentsWithStats(joined, labels, stats, centroids);
    std::vector<ScreenInk> pieces;
    constexpr double kPointsPerPx = kPointsPerInch / kInkDpi;
    for (int i = 1; i < count && static_cast<int>(pieces.size()) < kMost; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        const double ink_mm2 =
            cv::countNonZero(screen(box) & (labels(box) == i)) / (kPxPerMm * kPxPerMm);
        if (ink_mm2 < kLeast_mm2) continue;
        ScreenInk piece{{box.x * kPointsPerPx, box.y * kPointsPerPx, box.width * kPointsPerPx,
                         box.height * kPointsPerPx},
                        ink_mm2,
                        false};
        piece.annotation = std::any_of(parts.annotations.begin(), parts.annotations.end(),
                                       [&](const BoxPt& a) { return touches(a, piece.box); });
        pieces.push_back(piece);
    }
    return pieces;
}

}  // namespace

PageLayers unknown_layers(SizePt page) {
    constexpr double kAll = 1e6;
    return {1, {{{0, 0, page.w, page.h}, kAll, false}}};
}

PageLayers layers_of(const PdfStructure& pdf, int index, const PageParts& parts,
                     const GreyPicture& drawn, double dpi) {
    if (parts.pictures.empty() && !parts.inline_pictures) return {0, {}};
    const double shrink = kInkDpi / dpi;
    const cv::Size size(std::max(1, static_cast<int>(std::lround(drawn.width * shrink))),
                        std::max(1, static_cast<int>(std::lround(drawn.height * shrink))));
    cv::Mat small;
    cv::resize(as_mat(drawn), small, size, 0, 0, cv::INTER_AREA);
    const cv::Mat seen = ink_of(small, kInk);
    const InkOrigin origin(pdf, index, parts, size);
    constexpr int kLeastInk_px = 30;
    if (cv::countNonZero(seen) < kLeastInk_px) return {1, {}};
    const auto without_pictures = origin.ink_with({}, false, kFaintInk);
    if (!without_pictures) return unknown_layers(parts.size);
    const double drawn_share = share(widened(*without_pictures, 1), seen);
    constexpr double kDrawn = 0.5;
    if (drawn_share >= kDrawn) return {1 - drawn_share, {}};
    const auto paper = ink_on_paper(origin, parts, seen, *without_pictures);
    if (!paper) return unknown_layers(parts.size);
    return {1 - drawn_share, pieces_of(seen & ~widened(*paper, 2), parts)};
}

}  // namespace avtalskoll::ocr
