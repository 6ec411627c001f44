#include "ocr/matching/page_marks.h"
#include "models/text.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/matching/coarse_ink.h"
#include "ocr/matching/correlation.h"

namespace avtalskoll::ocr {
namespace {

int px(double mm) { return static_cast<int>(std::lround(mm * kMatchPxPerMm)); }

constexpr double kDark = 128;     // on evened paper, whatever lies around
constexpr double kSomeInk = 110;  // of 255, of a coarse pixel that lies across several

// The spread of the paper's grey from one pixel to the next.
double noise_of(const cv::Mat& grey) {
    cv::Mat smooth, difference;
    cv::medianBlur(grey, smooth, 3);
    cv::absdiff(grey, smooth, difference);
    // The spread of a normal distribution is 1.25 times its mean deviation.
    return cv::mean(difference)[0] * 1.25;
}

struct Mark {
    cv::Rect box;
    int area_px = 0;
};

// The marks on the sheet that are no speck, streak or hole and do not reach the edge.
std::vector<Mark> marks_in(const cv::Mat& ink) {
    constexpr double kEdge_mm = 6, kLong_mm = 15, kThin_mm = 0.9, kHole_mm = 3;
    cv::Mat labels, stats, centroids;
    const int count = cv::connectedComponentsWithStats(ink, labels, stats, centroids, 8);
    std::vector<Mark> marks;
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                           stats.at<int>(i, cv::CC_STAT_WIDTH),
                           stats.at<int>(i, cv::CC_STAT_HEIGHT));
        const int area = stats.at<int>(i, cv::CC_STAT_AREA),
                  edge = std::min(px(kEdge_mm), std::min(ink.cols, ink.rows) / 30);
        const int shorter = std::min(box.width, box.height),
                  longer = std::max(box.width, box.height);
        const bool at_edge = box.x < edge || box.y < edge || box.br().x > ink.cols - edge ||
                             box.br().y > ink.rows - edge;
        const bool streak = longer > px(kLong_mm) && shorter <= std::max(px(kThin_mm), longer / 25);
        const bool round = area > 0.6 * box.area() && shorter > px(kHole_mm) &&
                           longer - shorter < 0.3 * longer && longer < px(12);
        const bool hole = round && (box.x < px(25) || box.br().x > ink.cols - px(25) ||
                                    box.y < px(25) || box.br().y > ink.rows - px(25));
        if (!at_edge && !streak && !hole && area >= 4) marks.push_back({box, area});
    }
    return marks;
}

// Small letters run into each other at this scale: a mark may be a word.
int letters_in(const cv::Rect& mark) {
    constexpr double kWide = 0.55;  // of its height, a letter of a text face
    return std::max(1, static_cast<int>(std::lround(mark.width / (kWide * mark.height))));
}

// True when so many marks of a letter's size stand side by side.
bool has_line_of_letters(const std::vector<Mark>& marks) {
    constexpr double kLow_mm = 0.9, kHigh_mm = 7, kSlope_mm = 1.2, kGap_mm = 6;
    constexpr int kLetters = 6;
    std::vector<cv::Rect> letters;
    for (const Mark& mark : marks)
        if (mark.box.height >= px(kLow_mm) && mark.box.height <= px(kHigh_mm) &&
            mark.box.width <= px(3 * kHigh_mm))
            letters.push_back(mark.box);
    std::sort(letters.begin(), letters.end(),
              [](const cv::Rect& a, const cv::Rect& b) { return a.x < b.x; });
    for (std::size_t first = 0; first < letters.size(); ++first) {
        int in_line = letters_in(letters[first]);
        cv::Rect last = letters[first];
        for (std::size_t next = first + 1;
             next < letters.size() && letters[next].x <= last.br().x + px(kGap_mm); ++next) {
            if (std::abs(letters[next].br().y - last.br().y) > px(kSlope_mm) ||
                letters[next].x < last.br().x - last.width / 2)
                continue;
            last = letters[next];
            in_line += letters_in(last);
        }
        if (in_line >= kLetters) return true;
    }
    return false;
}

// The scan's coarse ink laid on the blank, a pixel to the millimetre.
cv::Mat coarse_ink_on(const MatchedPage& page, double least, cv::Size size) {
    const double shrink = 1 / (page.match_to_scan * kCoarsePxPerMm);
    // Pixel centres, not corners, are what coordinates name.
    const cv::Matx33d to_coarse(shrink, 0, 0.5 * shrink - 0.5, 0, shrink, 0.5 * shrink - 0.5, 0, 0,
                                1),
        to_match(kMatchPxPerMm, 0, 0.5 * kMatchPxPerMm - 0.5, 0, kMatchPxPerMm,
                 0.5 * kMatchPxPerMm - 0.5, 0, 0, 1);
    cv::Mat laid;
    cv::warpPerspective(coarse_ink(page.scan_match, least, kCoarsePxPerMm / 2), laid,
                        to_coarse * page.registration.form_to_scan * to_match, size,
                        cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 0);
    return laid > kSomeInk;
}

// True when a line from a to b is ink nearly everywhere where the blank prints nothing. All in
// pixels of one millimetre.
bool is_pen_line(const cv::Mat& ink, const cv::Mat& print, cv::Point a, cv::Point b) {
    constexpr double kInk = 0.85, kFree = 0.3;
    const int steps = std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
    int free = 0, inked = 0;
    for (int i = 0; i <= steps; ++i) {
        const cv::Point at(a.x + (b.x - a.x) * i / steps, a.y + (b.y - a.y) * i / steps);
        if (print.at<std::uint8_t>(at) != 0) continue;
        ++free;
        inked += ink.at<std::uint8_t>(at) != 0 ? 1 : 0;
    }
    return free > kFree * steps && inked > kInk * free;
}

// True when a word of the blank stands on a scan that shows `reach` pixels more on all sides: it
// looks alike, or all its ink is there and more (a signature or a stamp over it).
bool stands_on(const cv::Mat& print, const cv::Mat& scan_around, int reach) {
    // Two of 45,000 words on 458 pages of real-looking scans, faxes and photos were found worse
    // than this; of 86 words that another version has otherwise, ten were.
    constexpr double kAlike = 0.5, kAllInk = 0.9;
    // Quick, and sure where it finds the word: it may miss the best place of small print.
    const int searched = reach - PrintPatch::margin_px(0);
    if (PrintPatch(print).find_in(scan_around, searched).score >= kAlike) return true;
    cv::Mat answer;
    cv::matchTemplate(scan_around, print, answer, cv::TM_CCOEFF_NORMED);
    double best = 0, darkest = 0;
    cv::minMaxLoc(answer, nullptr, &best);
    if (!std::isfinite(best) || best >= kAlike) return true;
    cv::minMaxLoc(print, &darkest);
    const cv::Mat ink = print < (255 + darkest) / 2, seen = ink_of(scan_around, 40);
    const double all = cv::countNonZero(ink);
    for (int y = 0; y < answer.rows; ++y)
        for (int x = 0; x < answer.cols; ++x)
            if (cv::countNonZero(seen(cv::Rect({x, y}, print.size())) & ink) >= kAllInk * all)
                return true;
    return false;
}

// Underscores and dots are there to be written on.
bool is_word(const PrintedWord& word) {
    const LetterCount count = count_letters(word.text);
    return count.letters + count.digits >= count.others;
}

bool is_replaceable(const PrintedWord& word, const BlankPage& blank) {
    const double x = word.box.x + word.box.w / 2, y = word.box.y + word.box.h / 2;
    return std::any_of(blank.prompts.begin(), blank.prompts.end(), [&](const BoxPt& b) {
        return x > b.x && x < b.right() && y > b.y && y < b.bottom();
    });
}

}  // namespace

bool is_empty_sheet(const cv::Mat& scan_match) {
    constexpr double kWritten_mm2 = 25, kStroke_mm = 9;  // about two short words; half a signature
    // Shares: no shadow of a lid reaches so far, no dirt is so much.
    constexpr double kEdge = 0.07, kMostInside = 0.005;
    const cv::Mat ink =
        ink_of(scan_match, std::max(28.0, 5 * noise_of(scan_match))) | (scan_match < kDark);
    const int left = static_cast<int>(kEdge * ink.cols), top = static_cast<int>(kEdge * ink.rows);
    const cv::Mat inside = ink(cv::Rect(left, top, ink.cols - 2 * left, ink.rows - 2 * top));
    if (cv::countNonZero(inside) > kMostInside * static_cast<double>(inside.total())) return false;
    const std::vector<Mark> marks = marks_in(ink);
    double area = 0;
    for (const Mark& mark : marks) {
        area += mark.area_px;
        if (std::max(mark.box.width, mark.box.height) >= px(kStroke_mm)) return false;
    }
    return area / (kMatchPxPerMm * kMatchPxPerMm) < kWritten_mm2 && !has_line_of_letters(marks);
}

bool is_struck_through(const MatchedPage& page) {
    constexpr double kLong_mm = 80, kGap_mm = 12, kLeastAngle = 20, kMostAngle = 70;
    constexpr double kPen = 45;
    const cv::Mat print = page.blank.printed.whole();
    const cv::Mat ink = coarse_ink_on(page, kPen, print.size()) & ~print;
    std::vector<cv::Vec4i> lines;
    cv::HoughLinesP(ink, lines, 1, CV_PI / 180, 30, kLong_mm, kGap_mm);
    if (lines.empty()) return false;
    cv::Mat near_ink;
    cv::dilate(ink, near_ink, cv::getStructuringElement(cv::MORPH_RECT, {3, 3}));
    return std::any_of(lines.begin(), lines.end(), [&](const cv::Vec4i& l) {
        const double angle = std::abs(std::atan2(l[3] - l[1], l[2] - l[0]) * 180 / CV_PI);
        const double slant = angle > 90 ? 180 - angle : angle;
        return slant > kLeastAngle && slant < kMostAngle &&
               is_pen_line(near_ink, print, {l[0], l[1]}, {l[2], l[3]});
    });
}

bool holds_more(const MatchedPage& page) {
    constexpr double kMostOfSheet = 0.7, kAround_mm = 4;
    const double shrink = 1 / page.match_to_scan, w = page.blank.size.w * kMatchPxPerPt,
                 h = page.blank.size.h * kMatchPxPerPt;
    std::vector<cv::Point2f> form{{0, 0}, {float(w), 0}, {float(w), float(h)}, {0, float(h)}},
        on_scan;
    cv::perspectiveTransform(form, on_scan, page.registration.form_to_scan);
    for (cv::Point2f& corner : on_scan) corner *= shrink;
    if (cv::contourArea(on_scan) >= kMostOfSheet * static_cast<double>(page.scan_match.total()))
        return false;
    cv::Mat rest = page.scan_match.clone();
    const std::vector<cv::Point> outline(on_scan.begin(), on_scan.end());
    cv::fillConvexPoly(rest, outline, 255);
    cv::polylines(rest, outline, true, 255, px(kAround_mm));
    return !is_empty_sheet(rest);
}

PrintCheck check_print(const MatchedPage& page) {
    // Where the print ends the page may lie a little otherwise.
    constexpr double kSurePlace_mm = 0.5;
    constexpr int kReach_px = 4, kLeastWidth_px = 24, kLeastLetters = 5;
    PrintCheck check;
    const cv::Mat blank = page.blank.match.whole();
    const double shrink = 1 / page.match_to_scan;
    for (const PrintedWord& word : page.blank.words) {
        if (word.text.size() < kLeastLetters || !is_word(word) || is_replaceable(word, page.blank))
            continue;
        const cv::Rect box =
            cv::Rect(cv::Point(cv::Point2d(word.box.x, word.box.y) * kMatchPxPerPt),
                     cv::Point(cv::Point2d(word.box.right(), word.box.bottom()) * kMatchPxPerPt +
                               cv::Point2d(1, 1))) &
            cv::Rect({}, blank.size());
        if (box.width < kLeastWidth_px || box.height < 6) continue;
        if (page.registration.error_mm(
                cv::Point2d(box.x + box.width / 2.0, box.y + box.height / 2.0)) > kSurePlace_mm)
            continue;
        const cv::Rect around(box.x - kReach_px, box.y - kReach_px, box.width + 2 * kReach_px,
                              box.height + 2 * kReach_px);
        std::vector<cv::Point2f> form{{0, 0}, {float(around.width), 0}, {0, float(around.height)}},
            scan;
        for (const cv::Point2f& corner : form)
            scan.emplace_back(
                page.registration.to_scan(cv::Point2d(around.tl()) + cv::Point2d(corner)) * shrink);
        cv::Mat there;
        cv::warpAffine(page.scan_match, there, cv::getAffineTransform(form, scan), around.size(),
                       cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, 255);
        ++check.looked_for;
        check.absent += stands_on(blank(box), there, kReach_px) ? 0 : 1;
    }
    return check;
}

}  // namespace avtalskoll::ocr
