#include "ocr/reading/common_print.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "models/error.h"
#include "ocr/matching/page_matcher.h"
#include "ocr/picture/light.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kInkBelow = 170;  // darker is ink, once the light is even

cv::Mat evened(const PageImage& page) {
    const cv::Mat grey(page.height, page.width, CV_8U, const_cast<std::uint8_t*>(page.grey.data()));
    return even_light(grey);
}

SizePt size_of(const PageImage& page) {
    return {page.width / page.dpi * kPointsPerInch, page.height / page.dpi * kPointsPerInch};
}

Blanks as_blanks(const std::vector<PageImage>& pages) {
    std::vector<BlankPage> blanks;
    std::vector<cv::Mat> descriptors;
    constexpr int kIndexedFeatures = 660;
    for (std::size_t p = 0; p < pages.size(); ++p) {
        blanks.push_back(
            prepare_blank_page(pages[p], 0, static_cast<int>(p + 1), size_of(pages[p])));
        descriptors.push_back(blanks.back().descriptors);
    }
    return {std::move(blanks), FeatureIndex(descriptors, kIndexedFeatures)};
}

// Where at least so many of the other scans have ink within the error of laying them on each other.
cv::Mat shared_ink(const cv::Mat& ink, const std::vector<cv::Mat>& others) {
    constexpr double kError_mm = 0.35, kMost = 0.6;
    const int px = static_cast<int>(std::lround(kError_mm * kReadPxPerMm));
    cv::Mat votes = cv::Mat::zeros(ink.size(), CV_8U);
    for (const cv::Mat& other : others) {
        cv::Mat near = other < kInkBelow;
        cv::dilate(near, near,
                   cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * px + 1, 2 * px + 1}));
        votes += near / 255;
    }
    const double least = std::max(1.0, std::ceil(kMost * static_cast<double>(others.size())));
    return (votes >= least) & ink;
}

// True when the scan shows the same sign in the same place.
bool shows(const cv::Mat& other, const cv::Mat& grey, const cv::Rect& sign) {
    constexpr int kAround_px = 2, kReach_px = 4;
    constexpr double kSame = 0.72;  // of two scans of one letter; other letters have less
    const auto grown = [&](int px) {
        return cv::Rect(sign.x - px, sign.y - px, sign.width + 2 * px, sign.height + 2 * px);
    };
    const cv::Rect all({}, grey.size()), around = grown(kAround_px),
                                         wide = grown(kAround_px + kReach_px);
    if ((wide & all) != wide) return false;
    cv::Mat likeness;
    cv::matchTemplate(other(wide), grey(around), likeness, cv::TM_CCOEFF_NORMED);
    double best = 0;
    cv::minMaxLoc(likeness, nullptr, &best);
    return best >= kSame;
}

bool most_show(const std::vector<cv::Mat>& others, const cv::Mat& grey, const cv::Rect& sign) {
    constexpr double kMost = 0.6;
    const auto count = std::count_if(others.begin(), others.end(), [&](const cv::Mat& other) {
        return shows(other, grey, sign);
    });
    return static_cast<double>(count) >=
           std::max(1.0, std::ceil(kMost * static_cast<double>(others.size())));
}

// The level and upright lines of a picture of ink.
cv::Mat lines_of(const cv::Mat& ink) {
    constexpr double kLeast_mm = 2.4;  // no stroke of a pen runs so straight so far along the page
    const int least = static_cast<int>(kLeast_mm * kReadPxPerMm);
    cv::Mat level, upright;
    cv::morphologyEx(ink, level, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {least, 1}));
    cv::morphologyEx(ink, upright, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {1, least}));
    cv::Mat lines = level | upright;
    cv::dilate(lines, lines, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    return lines & ink;
}

// Letters and signs are kept whole or not at all; of what hangs together over more than a letter
// (a rule, a frame with a tick in it, a pen's stroke), the shared lines.
cv::Mat shared_signs(const cv::Mat& grey, const cv::Mat& ink, const std::vector<cv::Mat>& others) {
    constexpr double kLetter_mm = 8, kHigher_mm = 2.9;
    cv::Mat labels, stats, centroids, print = lines_of(shared_ink(ink, others));
    const int count = cv::connectedComponentsWithStats(ink, labels, stats, centroids, 8);
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        const bool is_large = std::max(box.width, box.height) > kLetter_mm * kReadPxPerMm ||
                              std::min(box.width, box.height) > kHigher_mm * kReadPxPerMm;
        const cv::Mat own = labels(box) == i;
        if (is_large && !most_show(others, grey, box)) continue;
        print(box).setTo(most_show(others, grey, box) ? 255 : 0, own);
    }
    return print;
}

// A word of which most letters are not shared is no print, though some letters happen to be.
void drop_chance_letters(const cv::Mat& ink, cv::Mat& print) {
    constexpr double kBetween_mm = 1.2, kLargest_mm = 12, kShare = 0.65;
    cv::Mat lines, words, labels, stats, centroids;
    const int longest = static_cast<int>(kLargest_mm * kReadPxPerMm);
    cv::morphologyEx(ink, lines, cv::MORPH_OPEN,
                     cv::getStructuringElement(cv::MORPH_RECT, {longest, 1}));
    const cv::Mat letters = ink & ~lines;
    cv::morphologyEx(letters, words, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT,
                                               {static_cast<int>(kBetween_mm * kReadPxPerMm), 3}));
    const int count = cv::connectedComponentsWithStats(words, labels, stats, centroids, 8);
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        const cv::Mat own = (labels(box) == i) & letters(box);
        const double all = cv::countNonZero(own), kept = cv::countNonZero(own & print(box));
        if (kept < kShare * all) print(box).setTo(0, own);
    }
}

// The angle by which the page's level lines lean, degrees.
double lean_of(const cv::Mat& print) {
    constexpr double kMost_deg = 5, kLong_mm = 40;
    std::vector<cv::Vec4i> lines;
    cv::HoughLinesP(print, lines, 1, CV_PI / 1800, 150, kLong_mm * kReadPxPerMm, 4);
    std::vector<double> angles;
    for (const cv::Vec4i& l : lines) {
        const double angle = std::atan2(l[3] - l[1], l[2] - l[0]) * 180 / CV_PI;
        if (std::abs(angle) < kMost_deg) angles.push_back(angle);
    }
    if (angles.empty()) return 0;
    const auto middle = angles.begin() + static_cast<std::ptrdiff_t>(angles.size() / 2);
    std::nth_element(angles.begin(), middle, angles.end());
    return *middle;
}

cv::Mat turned_level(const cv::Mat& page, double lean_deg) {
    const cv::Point2f centre(static_cast<float>(page.cols) / 2, static_cast<float>(page.rows) / 2);
    cv::Mat level;
    cv::warpAffine(page, level, cv::getRotationMatrix2D(centre, lean_deg, 1), page.size(),
                   cv::INTER_CUBIC, cv::BORDER_CONSTANT, 255);
    return level;
}

PageImage without_the_rest(const cv::Mat& grey, const cv::Mat& print) {
    // The grey edges of letters.
    cv::Mat kept;
    cv::dilate(print, kept, cv::getStructuringElement(cv::MORPH_ELLIPSE, {5, 5}));
    cv::Mat clean(grey.size(), CV_8U, cv::Scalar(255));
    grey.copyTo(clean, kept);
    clean = turned_level(clean, lean_of(print));
    PageImage made;
    made.width = clean.cols;
    made.height = clean.rows;
    made.dpi = kReadDpi;
    made.grey.assign(clean.datastart, clean.dataend);
    return made;
}

}  // namespace

std::vector<CommonPage> common_print(const std::vector<std::vector<PageImage>>& scans) {
    if (scans.size() < 2)
        throw Error(ErrorKind::BadInput, "two filled-in scans of the form are needed at least");
    const std::vector<PageImage>& first = scans.front();
    const Blanks blanks = as_blanks(first);
    // Values are among the anchors of a filled-in page, and no other page is looked for.
    const MatchOptions options{.least_anchors = 0.15, .plain_anchors = 0.3};
    std::vector<std::vector<cv::Mat>> others(first.size());
    for (std::size_t s = 1; s < scans.size(); ++s)
        for (const PageImage& page : scans[s]) {
            const cv::Mat scan = evened(page);
            const PageMatch match = match_page(scan, blanks, options);
            if (match.kind != PageKind::Form) continue;
            const auto p = static_cast<std::size_t>(match.match.form_page - 1);
            others[p].push_back(
                match.registration.rectify(scan, cv::Rect({}, blanks.pages[p].read.size())));
        }
    std::vector<CommonPage> pages;
    for (std::size_t p = 0; p < first.size(); ++p) {
        if (others[p].empty()) continue;  // a letter, an empty back
        cv::Mat grey;
        cv::resize(evened(first[p]), grey, blanks.pages[p].read.size(), 0, 0, cv::INTER_AREA);
        const cv::Mat ink = grey < kInkBelow;
        cv::Mat print = shared_signs(grey, ink, others[p]);
        drop_chance_letters(ink, print);
        pages.push_back({without_the_rest(grey, print), static_cast<int>(others[p].size()) + 1});
    }
    if (pages.empty())
        throw Error(ErrorKind::BadInput, "no page of the first scan is in any of the others");
    return pages;
}

}  // namespace avtalskoll::ocr
