#include "ocr/ink/crossed_out.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

// A straight line of a hand's length drawn through the writing. No letter is that long and
// straight.
bool has_straight_line(const cv::Mat& mask, const cv::Rect& writing) {
    const double least_px = std::max(10 * kReadPxPerMm, 0.5 * writing.width);
    std::vector<cv::Vec4i> lines;
    cv::HoughLinesP(mask(writing), lines, 1, CV_PI / 360, static_cast<int>(0.9 * least_px),
                    least_px, 2);
    return std::any_of(lines.begin(), lines.end(), [&](const cv::Vec4i& l) {
        const double slope = std::abs(std::atan2(l[3] - l[1], l[2] - l[0]));
        const double level = std::min(slope, CV_PI - slope) * 180 / CV_PI;
        const double middle = (l[1] + l[3]) / 2.0 / std::max(1, writing.height);
        return level < 35 && middle > 0.2 && middle < 0.85;
    });
}

// A pen's line where nothing else is in its columns: beside the writing that it crosses out, or
// through an empty part of the place. Between the letters' tops and feet a short one will do, since
// no text has a dash so long; an underscore is lower.
class LoneLine {
public:
    // `inside`: where the line is looked for.
    LoneLine(const ResidualInk& ink, const cv::Rect& inside)
        : inside_(inside), letters_(box_of_letters(ink)), writing_(writing_of(ink)) {}

    bool is_there() {
        for (int x = inside_.x; x < inside_.br().x; ++x)
            if (ends_at(x)) return true;
        return is_line(inside_.br().x - missed_);
    }

private:
    // The ink of one column: how many runs it has, the middle of the highest, whether all are thin.
    struct Column {
        int runs = 0;
        double middle = 0;
        bool thin = true;
        bool lone() const { return (runs == 1 || runs == 2) && thin; }  // some draw two lines
    };

    static cv::Rect box_of_letters(const ResidualInk& ink) {
        constexpr double kLetter_mm = 1.2;
        std::vector<InkPiece> letters = ink.pieces;
        std::erase_if(letters,
                      [](const InkPiece& p) { return p.box.height < kLetter_mm * kReadPxPerMm; });
        return hull_of(letters);
    }

    static cv::Mat writing_of(const ResidualInk& ink) {
        cv::Mat writing = cv::Mat::zeros(ink.mask.size(), CV_8U);
        for (const InkPiece& piece : ink.pieces)
            writing(piece.box).setTo(255, ink.labels(piece.box) == piece.label);
        return writing;
    }

    Column column(int x) const {
        constexpr double kThick_mm = 0.75;
        Column seen;
        int top = 0, bottom = 0;
        for (int y = inside_.y, begin = y; y < inside_.br().y; ++y) {
            if (!writing_.at<unsigned char>(y, x)) continue;
            if (y == inside_.y || !writing_.at<unsigned char>(y - 1, x)) ++seen.runs, begin = y;
            if (seen.runs == 1) top = begin, bottom = y;
            seen.thin = seen.thin && y - begin < kThick_mm * kReadPxPerMm;
        }
        seen.middle = (top + bottom) / 2.0;
        return seen;
    }

    // Goes on with the line at column `x`; true when a line that is long enough ends there.
    bool ends_at(int x) {
        constexpr int kMostMissed = 2;  // a faint line has holes
        const Column seen = column(x);
        const double y = seen.middle;
        if (seen.lone() && begun_ >= 0 && std::abs(y - last_) <= 2) {
            last_ = y, missed_ = 0;
            lowest_ = std::max(lowest_, y), highest_ = std::min(highest_, y);
            return false;
        }
        if (begun_ >= 0 && seen.runs == 0 && ++missed_ <= kMostMissed) return false;
        if (is_line(x - missed_)) return true;
        begun_ = seen.lone() ? x : -1, missed_ = 0;
        first_ = last_ = lowest_ = highest_ = y;
        return false;
    }

    bool is_line(int end) const {
        constexpr double kLong_mm = 10, kBeside_mm = 3.5, kSteep = 0.35, kWavy = 0.5;
        if (begun_ < 0) return false;
        const double columns = end - begun_, length = columns / kReadPxPerMm;
        if (std::abs(last_ - first_) > kSteep * columns || lowest_ - highest_ > kWavy * columns)
            return false;
        return length >= kLong_mm || (is_beside_letters() && length >= kBeside_mm);
    }

    bool is_beside_letters() const {
        const double middle = (first_ + last_) / 2;
        return !letters_.empty() && middle > letters_.y + 0.12 * letters_.height &&
               middle < letters_.br().y - 0.2 * letters_.height;
    }

    cv::Rect inside_, letters_;
    cv::Mat writing_;
    int begun_ = -1, missed_ = 0;  // the column where the line begins; columns without ink since
    double first_ = 0, last_ = 0, lowest_ = 0, highest_ = 0;  // rows of the line
};

// The rows between the feet and the heads of small letters: those with at least half as much ink as
// the fullest.
cv::Range small_letters(const cv::Mat& dark) {
    cv::Mat filled;
    cv::reduce(dark, filled, 1, cv::REDUCE_SUM, CV_32S);
    double most = 0;
    cv::minMaxLoc(filled, nullptr, &most);
    cv::Range body(0, dark.rows);
    while (body.start + 1 < body.end && filled.at<int>(body.start) < most / 2) ++body.start;
    while (body.end - 1 > body.start && filled.at<int>(body.end - 1) < most / 2) --body.end;
    return body;
}

// A line through the writing: the path from left to right that stays on ink the longest, bending
// little. Through letters alone there is none, since it falls between them; and a pen's line is
// thin where it passes from one to the next.
class InkPath {
public:
    InkPath(const cv::Mat& dark, const cv::Rect& hull)
        : dark_(dark(hull)),
          steps_(static_cast<std::size_t>(hull.width),
                 std::vector<Step>(static_cast<std::size_t>(hull.height))) {
        for (int x = 0; x < dark_.cols; ++x)
            for (int y = 0; y < dark_.rows; ++y) take_step(x, y);
        follow_back();
    }

    bool is_a_pens() const {
        constexpr double kLeast_mm = 10, kLeastShare = 0.45, kThinShare = 0.2;
        constexpr int kThinPlaces = 4;
        const auto length = static_cast<double>(rows_.size());
        if (length < kLeast_mm * kReadPxPerMm || length < kLeastShare * dark_.cols) return false;
        if (thin_ < kThinShare * length || thin_places_ < kThinPlaces) return false;
        return runs_between_feet_and_arms();
    }

private:
    struct Step {
        double score = 0;
        int from = -1;  // row in the column before; -1: the path begins here
    };

    bool inked(int x, int y) const { return dark_.at<unsigned char>(y, x) != 0; }
    Step& step(int x, int y) {
        return steps_[static_cast<std::size_t>(x)][static_cast<std::size_t>(y)];
    }

    void take_step(int x, int y) {
        // A pixel off the ink and a pixel up or down cost these; one on the ink earns 1.
        constexpr double kOff = -15, kBend = 1;
        Step& here = step(x, y);
        const int lowest = std::min(dark_.rows - 1, y + 1);
        for (int from = std::max(0, y - 1); x > 0 && from <= lowest; ++from) {
            const double score = step(x - 1, from).score - (from == y ? 0 : kBend);
            if (score > here.score) here = {score, from};
        }
        here.score = std::max(0.0, here.score + (inked(x, y) ? 1 : kOff));
        if (here.score > best_) best_ = here.score, end_ = {x, y};
    }

    // From the best path's end to its beginning.
    void follow_back() {
        bool was_thin = false;
        for (int x = end_.x, y = end_.y; x >= 0 && y >= 0 && step(x, y).score > 0; --x) {
            const bool thin = is_thin(x, y);
            thin_ += thin;
            thin_places_ += thin && !was_thin;
            was_thin = thin;
            rows_.push_back(y);
            y = step(x, y).from;
        }
    }

    bool is_thin(int x, int y) const {
        constexpr double kThin_mm = 0.75;
        int top = y, bottom = y;
        while (top > 0 && inked(x, top - 1)) --top;
        while (bottom + 1 < dark_.rows && inked(x, bottom + 1)) ++bottom;
        return inked(x, y) && bottom - top < kThin_mm * kReadPxPerMm;
    }

    // Bold letters join at their feet and at the height of their arms; between these there is no
    // line but a pen's.
    bool runs_between_feet_and_arms() const {
        constexpr double kFeet = 0.25, kArms = 0.2;  // of the small letters' height
        const cv::Range body = small_letters(dark_);
        std::vector<int> rows = rows_;
        const auto half = rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2);
        std::nth_element(rows.begin(), half, rows.end());
        return *half > body.start + kArms * body.size() && *half < body.end - kFeet * body.size();
    }

    cv::Mat dark_;
    std::vector<std::vector<Step>> steps_;  // by column and row
    double best_ = 0;
    cv::Point end_{-1, -1};
    std::vector<int> rows_;  // of the path, from its end
    int thin_ = 0, thin_places_ = 0;
};

// How dark the writing is: all but the darkest fifth of its pixels are lighter.
double writing_level(const FieldCrop& crop, const cv::Mat& mask) {
    std::vector<unsigned char> darkness;
    for (int y = 0; y < mask.rows; ++y)
        for (int x = 0; x < mask.cols; ++x)
            if (mask.at<unsigned char>(y, x))
                darkness.push_back(
                    static_cast<unsigned char>(255 - crop.calm.at<unsigned char>(y, x)));
    if (darkness.empty()) return 0;
    const auto at =
        darkness.begin() + static_cast<std::ptrdiff_t>(0.8 * static_cast<double>(darkness.size()));
    std::nth_element(darkness.begin(), at, darkness.end());
    return *at;
}

}  // namespace

double crossed_out_belief(const FieldCrop& crop, const ResidualInk& ink) {
    constexpr double kLone = 0.9, kThrough = 0.7;
    constexpr double kDarkest = 0.65, kWhole = 0.85, kLeast_mm = 10;
    const cv::Rect hull = hull_of(ink.pieces);
    if (hull.width < kLeast_mm * kReadPxPerMm) return 0;
    if (LoneLine(ink, hull).is_there()) return kLone;
    // Only the darkest ink is asked whether a line joins the letters, since a blurred picture joins
    // them by their grey edges.
    const double print = std::max(crop.print_level, writing_level(crop, ink.mask));
    const cv::Mat dark = (crop.calm < 255 - kDarkest * print) & ink.mask;
    if (InkPath(dark, hull).is_a_pens()) return kThrough;
    cv::Mat labels, stats, centroids;
    const int count = cv::connectedComponentsWithStats(dark(hull), labels, stats, centroids, 8);
    for (int i = 1; i < count; ++i)
        if (stats.at<int>(i, cv::CC_STAT_WIDTH) > kWhole * hull.width &&
            has_straight_line(dark, hull))
            return kThrough;
    return 0;
}

}  // namespace avtalskoll::ocr
