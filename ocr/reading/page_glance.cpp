#include "ocr/reading/page_glance.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <sstream>
#include <vector>

#include "ocr/picture/light.h"
#include "ocr/reading/line_decoder.h"
#include "ocr/reading/line_picture.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kShrink = 2;  // lines are looked for at 100 dpi
constexpr std::size_t kMostLines = 64;

// A line of print: its box on the page, and how it lies.
struct TextLine {
    cv::Rect box;  // px of the page that was looked at
    double slope_deg = 0;
};

// Ink without long rules, at 100 dpi.
cv::Mat letters_of(const cv::Mat& page) {
    constexpr int kInk = 150, kRule_px = 70;
    cv::Mat small, ink = page;
    cv::resize(page, small, {page.cols / kShrink, page.rows / kShrink}, 0, 0, cv::INTER_AREA);
    ink = small < kInk;
    for (const cv::Size& along : {cv::Size(kRule_px, 1), cv::Size(1, kRule_px)}) {
        cv::Mat rules;
        cv::morphologyEx(ink, rules, cv::MORPH_OPEN,
                         cv::getStructuringElement(cv::MORPH_RECT, along));
        ink.setTo(0, rules);
    }
    return ink;
}

double slope_of(const cv::Mat& letters, const cv::Rect& box) {
    std::vector<cv::Point> points;
    cv::findNonZero(letters(box), points);
    if (points.size() < 20) return 0;
    cv::Vec4f line;
    cv::fitLine(points, line, cv::DIST_L2, 0, 0.01, 0.01);
    return std::atan2(line[1], line[0]) * 180 / CV_PI;
}

// Lines of level letters, from top to bottom.
std::vector<TextLine> level_lines(const cv::Mat& letters) {
    constexpr int kGap_px = 13, kLow_px = 4, kHigh_px = 26, kShort_px = 28;
    cv::Mat joined, labels, stats, centroids;
    cv::morphologyEx(letters, joined, cv::MORPH_CLOSE,
                     cv::getStructuringElement(cv::MORPH_RECT, {kGap_px, 1}));
    const int count = cv::connectedComponentsWithStats(joined, labels, stats, centroids, 8);
    std::vector<TextLine> lines;
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        if (box.height < kLow_px || box.height > kHigh_px || box.width < kShort_px ||
            box.width < 3 * box.height)
            continue;
        lines.push_back({box, slope_of(letters, box)});
    }
    std::sort(lines.begin(), lines.end(),
              [](const TextLine& a, const TextLine& b) { return a.box.y < b.box.y; });
    return lines;
}

int length_of(const std::vector<TextLine>& lines) {
    int length = 0;
    for (const TextLine& line : lines) length += line.box.width;
    return length;
}

// The slope of most lines, degrees; only long lines tell.
double slope_of_page(const std::vector<TextLine>& lines) {
    constexpr int kLong_px = 150;
    std::vector<double> slopes;
    for (const TextLine& line : lines)
        if (line.box.width >= kLong_px) slopes.push_back(line.slope_deg);
    if (slopes.empty()) return 0;
    const auto middle = slopes.begin() + static_cast<std::ptrdiff_t>(slopes.size() / 2);
    std::nth_element(slopes.begin(), middle, slopes.end());
    return *middle;
}

cv::Mat levelled(const cv::Mat& page, double slope_deg) {
    constexpr double kLevel_deg = 0.25;
    if (std::abs(slope_deg) < kLevel_deg) return page;
    const cv::Mat turn = cv::getRotationMatrix2D(
        {static_cast<float>(page.cols) / 2, static_cast<float>(page.rows) / 2}, slope_deg, 1);
    cv::Mat level;
    cv::warpAffine(page, level, turn, page.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, 255);
    return level;
}

// The line's ink as the line reader knows it: paper white, print black.
std::optional<cv::Mat> picture_of(const cv::Mat& page, const TextLine& line) {
    constexpr int kAround_px = 3, kPaper = 215;
    cv::Rect box(line.box.x * kShrink - kAround_px, line.box.y * kShrink - kAround_px,
                 line.box.width * kShrink + 2 * kAround_px,
                 line.box.height * kShrink + 2 * kAround_px);
    box &= cv::Rect({}, page.size());
    double darkest = 0;
    cv::minMaxLoc(page(box), &darkest);
    if (darkest > kPaper - 40) return std::nullopt;
    cv::Mat stretched;
    const double gain = 255 / (kPaper - darkest);
    page(box).convertTo(stretched, CV_8U, gain, -darkest * gain);
    const auto picture = line_picture(stretched);
    if (!picture) return std::nullopt;
    return picture->ink;
}

// The share of the letters that the reader is sure of. 0 where it sees none.
double legible_share(const cv::Mat& answers) {
    constexpr float kSure = -0.16F;  // natural logarithm: 0.85
    int letters = 0, sure = 0;
    for (int x = 0; x < answers.rows; ++x) {
        const auto* row = answers.ptr<float>(x);
        const auto* most = std::max_element(row, row + answers.cols);
        if (most - row < kUnknownLetter) continue;
        ++letters;
        sure += most - row >= kFirstLetter && *most > kSure;
    }
    return letters ? static_cast<double>(sure) / letters : 0;
}

// True when the page stands on its head: the reader is surer of its longest lines turned.
bool is_upside_down(const cv::Mat& page, std::vector<TextLine> lines, const LineReader& reader) {
    constexpr std::size_t kAsked = 7;
    std::sort(lines.begin(), lines.end(),
              [](const TextLine& a, const TextLine& b) { return a.box.width > b.box.width; });
    lines.resize(std::min(lines.size(), kAsked));
    double upright = 0, turned = 0;
    for (const TextLine& line : lines) {
        const auto ink = picture_of(page, line);
        if (!ink) continue;
        cv::Mat other;
        cv::rotate(*ink, other, cv::ROTATE_180);
        upright += legible_share(reader.answers(*ink));
        turned += legible_share(reader.answers(other));
    }
    return turned > upright;
}

struct LevelPage {
    cv::Mat pixels;
    std::vector<TextLine> lines;
    int rotation = 0;  // as WholePage's
};

LevelPage made_level(const cv::Mat& scan, const LineReader& reader) {
    LevelPage page{scan, level_lines(letters_of(scan)), 0};
    cv::Mat side;
    cv::rotate(scan, side, cv::ROTATE_90_CLOCKWISE);
    if (auto upright = level_lines(letters_of(side)); length_of(upright) > length_of(page.lines))
        page = {side, std::move(upright), 90};
    if (const double slope = slope_of_page(page.lines); slope != 0) {
        page.pixels = levelled(page.pixels, slope);
        page.lines = level_lines(letters_of(page.pixels));
    }
    if (is_upside_down(page.pixels, page.lines, reader)) {
        cv::rotate(page.pixels, page.pixels, cv::ROTATE_180);
        page.lines = level_lines(letters_of(page.pixels));
        page.rotation += 180;
    }
    return page;
}

void add_words(std::vector<PrintedWord>& words, const std::string& text, const BoxPt& line) {
    std::istringstream parts(text);
    std::size_t at = 0;
    for (std::string word; parts >> word; at += word.size() + 1) {
        const double share = static_cast<double>(at) / static_cast<double>(text.size()),
                     length = static_cast<double>(word.size()) / static_cast<double>(text.size());
        words.push_back(
            {{line.x + share * line.w, line.y, length * line.w, line.h}, word, line.h, false});
    }
}

}  // namespace

WholePage glance_at_page(const PageImage& image, const LineReader& reader) {
    // Upright lines of poor scans have 0.72 to 1, lines that stand on their heads below 0.5.
    constexpr double kLegible = 0.6;
    constexpr double kMostlyLegible = 0.6;  // of the lines
    WholePage whole;
    if (image.text.is_born_digital() && !image.text.words.empty()) {
        whole.size = image.text.size;
        whole.words = image.text.words;
        return whole;
    }
    const cv::Mat grey(image.height, image.width, CV_8U,
                       const_cast<std::uint8_t*>(image.grey.data()));
    const LevelPage page = made_level(even_light(grey), reader);
    const double to_pt = kPointsPerInch / image.dpi;
    whole.rotation = page.rotation;
    whole.size = {page.pixels.cols * to_pt, page.pixels.rows * to_pt};
    const std::size_t count = std::min(page.lines.size(), kMostLines);
    std::size_t legible = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto ink = picture_of(page.pixels, page.lines[i]);
        if (!ink) continue;
        const cv::Mat answers = reader.answers(*ink);
        if (legible_share(answers) < kLegible) continue;
        ++legible;
        const cv::Rect& box = page.lines[i].box;
        const double scale = kShrink * to_pt;
        add_words(whole.words, reader.best_path(answers),
                  {box.x * scale, box.y * scale, box.width * scale, box.height * scale});
    }
    // What is mostly illegible lies in a way that was not told: its legible words say nothing.
    if (static_cast<double>(legible) < kMostlyLegible * static_cast<double>(count))
        whole.words.clear();
    return whole;
}

}  // namespace avtalskoll::ocr
