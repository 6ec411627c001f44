#include "ocr/reading/print_layout.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ocr/reading/reading_tools.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kDark = 150;  // grey below this is a line; shaded cells are lighter

cv::Mat as_mat(const PageImage& page) {
    return {page.height, page.width, CV_8U, const_cast<std::uint8_t*>(page.grey.data())};
}

struct Scale {
    double x, y;  // pixels a point
};

Scale scale_of(const PageImage& page, SizePt size) {
    return {page.width / size.w, page.height / size.h};
}

// Runs of dark pixels at least so long in one direction.
cv::Mat runs(const cv::Mat& dark, cv::Size least) {
    cv::Mat found;
    cv::morphologyEx(dark, found, cv::MORPH_OPEN, cv::getStructuringElement(cv::MORPH_RECT, least));
    return found;
}

std::vector<cv::Rect> components(const cv::Mat& mask, std::vector<int>* areas = nullptr) {
    cv::Mat labels, stats, centroids;
    const int count = cv::connectedComponentsWithStats(mask, labels, stats, centroids, 4);
    std::vector<cv::Rect> boxes;
    for (int i = 1; i < count; ++i) {
        boxes.emplace_back(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        if (areas) areas->push_back(stats.at<int>(i, cv::CC_STAT_AREA));
    }
    return boxes;
}

bool is_square(const cv::Rect& r) {
    constexpr double kMostOblong = 1.35;
    return std::max(r.width, r.height) <= kMostOblong * std::min(r.width, r.height);
}

struct SmallSpace {
    BoxPt box;
    bool is_blank = true;  // nothing is printed in it
};

// The spaces of closed rectangles that are small enough for a tick or for one character.
std::vector<SmallSpace> small_spaces(const cv::Mat& dark, Scale px) {
    constexpr double kSide_pt = 5, kLargest_pt = 26;
    constexpr double kRectangular = 0.97, kBlank = 0.02;
    cv::Mat lines = runs(dark, {static_cast<int>(kSide_pt * px.x), 1}) |
                    runs(dark, {1, static_cast<int>(kSide_pt * px.y)});
    cv::dilate(lines, lines, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    std::vector<int> areas;
    const std::vector<cv::Rect> spaces = components(~lines, &areas);
    std::vector<SmallSpace> found;
    for (std::size_t i = 0; i < spaces.size(); ++i) {
        const cv::Rect& r = spaces[i];
        const double w = r.width / px.x, h = r.height / px.y;
        if (areas[i] < kRectangular * r.area() || std::min(w, h) < kSide_pt ||
            std::max(w, h) > kLargest_pt)
            continue;
        const double ink = cv::countNonZero(dark(r)) / static_cast<double>(r.area());
        found.push_back({{r.x / px.x, r.y / px.y, w, h}, ink < kBlank});
    }
    std::sort(found.begin(), found.end(), [](const SmallSpace& a, const SmallSpace& b) {
        return std::pair(std::round(a.box.y), a.box.x) < std::pair(std::round(b.box.y), b.box.x);
    });
    return found;
}

// Three cells or more side by side are a comb; a square that touches none is a box to tick.
void sort_small_spaces(const std::vector<SmallSpace>& spaces, PrintLayout& layout) {
    constexpr double kSame_pt = 1.6, kLine_pt = 3, kLargestTick_pt = 18;
    constexpr std::size_t kComb = 3;
    const auto is_next = [](const BoxPt& a, const BoxPt& b) {
        return std::abs(a.y - b.y) < kSame_pt && std::abs(a.h - b.h) < kSame_pt &&
               std::abs(a.w - b.w) < kSame_pt && b.x - a.right() > -1 && b.x - a.right() < kLine_pt;
    };
    for (std::size_t from = 0; from < spaces.size();) {
        std::size_t until = from + 1;
        while (until < spaces.size() && is_next(spaces[until - 1].box, spaces[until].box)) ++until;
        const BoxPt &first = spaces[from].box, &last = spaces[until - 1].box;
        if (until - from >= kComb) {
            layout.combs.push_back({{first.x, first.y, last.right() - first.x, first.h},
                                    static_cast<int>(until - from)});
        } else if (until - from == 1 && spaces[from].is_blank && first.w <= kLargestTick_pt &&
                   is_square(cv::Rect(0, 0, static_cast<int>(100 * first.w),
                                      static_cast<int>(100 * first.h)))) {
            constexpr double kFrame_pt = 0.8;
            layout.ticks.push_back({first.x - kFrame_pt, first.y - kFrame_pt,
                                    first.w + 2 * kFrame_pt, first.h + 2 * kFrame_pt});
        }
        from = until;
    }
}

}  // namespace

PrintLayout find_print_layout(const PageImage& page, SizePt size) {
    constexpr double kRule_pt = 57, kSide_pt = 10, kBoxWidth_pt = 28, kBoxHeight_pt = 11,
                     kThick_pt = 3, kNear_pt = 3;
    constexpr double kRectangular = 0.97;  // share of its bounding box that a box fills
    const Scale px = scale_of(page, size);
    const cv::Mat dark = as_mat(page) < kDark;
    const cv::Mat level = runs(dark, {static_cast<int>(kBoxWidth_pt * px.x), 1}),
                  upright = runs(dark, {1, static_cast<int>(kSide_pt * px.y)});
    cv::Mat lines = level | upright;
    cv::dilate(lines, lines, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    PrintLayout layout;
    std::vector<int> areas;
    const std::vector<cv::Rect> spaces = components(~lines, &areas);
    for (std::size_t i = 0; i < spaces.size(); ++i) {
        const cv::Rect& r = spaces[i];
        const bool at_edge =
            r.x <= 1 || r.y <= 1 || r.br().x >= page.width - 1 || r.br().y >= page.height - 1;
        if (at_edge || areas[i] < kRectangular * r.area() || r.width < kBoxWidth_pt * px.x ||
            r.height < kBoxHeight_pt * px.y)
            continue;
        layout.boxes.push_back({r.x / px.x, r.y / px.y, r.width / px.x, r.height / px.y});
    }
    for (const cv::Rect& r : components(runs(dark, {static_cast<int>(kRule_pt * px.x), 1}))) {
        if (r.height > kThick_pt * px.y) continue;
        const PrintedRule rule{r.x / px.x, r.br().x / px.x, r.y / px.y};
        const bool side =
            std::any_of(layout.boxes.begin(), layout.boxes.end(), [&](const BoxPt& b) {
                const bool beside = rule.left < b.right() + kNear_pt && rule.right > b.x - kNear_pt;
                return beside && (std::abs(b.y - rule.y) < kNear_pt + kThick_pt ||
                                  std::abs(b.bottom() - rule.y) < kNear_pt);
            });
        if (!side) layout.rules.push_back(rule);
    }
    sort_small_spaces(small_spaces(dark, px), layout);
    std::sort(layout.rules.begin(), layout.rules.end(),
              [](const PrintedRule& a, const PrintedRule& b) {
                  return std::pair(a.y, a.left) < std::pair(b.y, b.left);
              });
    std::sort(layout.boxes.begin(), layout.boxes.end(), [](const BoxPt& a, const BoxPt& b) {
        return std::pair(a.y, a.x) < std::pair(b.y, b.x);
    });
    return layout;
}

std::vector<PrintedWord> read_words(const PageImage& page, SizePt size, ReadingTools& tools) {
    const Scale px = scale_of(page, size);
    std::vector<PrintedWord> words = tools.impl().engines.read_page(as_mat(page));
    for (PrintedWord& word : words) {
        word.box = {word.box.x / px.x, word.box.y / px.y, word.box.w / px.x, word.box.h / px.y};
        word.size_pt = word.size_pt / px.y;
    }
    return words;
}

}  // namespace avtalskoll::ocr
