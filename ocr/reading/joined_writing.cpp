#include "ocr/reading/joined_writing.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace avtalskoll::ocr {
namespace {

// Room between two letters, and for a cell that is left empty, as type of ten points has it.
constexpr double kBetween_mm = 0.35, kSpace_mm = 1.4;
constexpr int kPad_px = 10;

int px_of(double mm) { return static_cast<int>(std::lround(mm * kReadPxPerMm)); }

// The columns of `strip` that hold ink; empty where there is none.
cv::Range inked_columns(const cv::Mat& strip) {
    cv::Mat darkest;
    cv::reduce(strip, darkest, 0, cv::REDUCE_MIN);
    cv::Range found(strip.cols, 0);
    for (int x = 0; x < strip.cols; ++x)
        if (darkest.at<unsigned char>(x) < 160) found = {std::min(found.start, x), x + 1};
    return found.end > found.start ? found : cv::Range(0, 0);
}

// The cells of a part, each as high as the place; one for a part without cells.
std::vector<cv::Mat> cells_of(const InkedPart& part, int cells) {
    const cv::Mat paper = writing_on_paper(part.crop, part.ink, part.ink.pieces);
    const cv::Rect place = part.crop.place & cv::Rect({}, paper.size());
    const int count = std::max(1, cells);
    std::vector<cv::Mat> found;
    for (int i = 0; i < count; ++i) {
        const int from = place.x + place.width * i / count,
                  until = place.x + place.width * (i + 1) / count;
        found.push_back(paper(cv::Rect(from, place.y, until - from, place.height)));
    }
    return found;
}

// Strips of one height beside each other.
cv::Mat in_a_row(const std::vector<cv::Mat>& strips) {
    int rows = 0, cols = 0;
    for (const cv::Mat& strip : strips) rows = std::max(rows, strip.rows), cols += strip.cols;
    cv::Mat line(rows, cols, CV_8U, cv::Scalar(255));
    int x = 0;
    for (const cv::Mat& strip : strips) {
        strip.copyTo(line(cv::Rect(x, 0, strip.cols, strip.rows)));
        x += strip.cols;
    }
    return line;
}

cv::Mat with_margins(const cv::Mat& line) {
    cv::Mat ink = line < 160;
    std::vector<cv::Point> dark;
    cv::findNonZero(ink, dark);
    if (dark.empty()) return {};
    cv::Mat padded;
    cv::copyMakeBorder(line(cv::boundingRect(dark)), padded, kPad_px, kPad_px, kPad_px, kPad_px,
                       cv::BORDER_CONSTANT, 255);
    return padded;
}

}  // namespace

InkMeasure measure_parts(const std::vector<InkedPart>& parts) {
    InkMeasure all = measure_ink(parts.front().crop, parts.front().ink);
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const InkMeasure one = measure_ink(parts[i].crop, parts[i].ink);
        // Fill's values are in the order of how much they say.
        const bool says_more = one.fill > all.fill;
        const bool as_much_and_less_sure = one.fill == all.fill && one.confidence < all.confidence;
        if (says_more || as_much_and_less_sure) all.confidence = one.confidence;
        all.fill = std::max(all.fill, one.fill);
        all.area_mm2 += one.area_mm2;
        all.streak_mm2 += one.streak_mm2;
        all.hint |= one.hint;
    }
    return all;
}

cv::Mat joined_writing(const std::vector<InkedPart>& parts, const Field& field) {
    if (parts.size() == 1 && field.cells == 0)
        return writing_only(parts.front().crop, parts.front().ink, 0);
    double width = 0;
    for (const InkedPart& part : parts) width += part.crop.place.width;
    std::vector<cv::Mat> strips;
    bool left_empty = false;
    for (const InkedPart& part : parts) {
        const int cells =
            static_cast<int>(std::lround(field.cells * part.crop.place.width / width));
        for (const cv::Mat& cell : cells_of(part, cells)) {
            const cv::Range ink = inked_columns(cell);
            if (ink.empty()) {
                left_empty = true;
                continue;
            }
            if (!strips.empty())
                strips.emplace_back(cell.rows, px_of(left_empty ? kSpace_mm : kBetween_mm), CV_8U,
                                    cv::Scalar(255));
            strips.push_back(cell.colRange(ink));
            left_empty = false;
        }
    }
    return strips.empty() ? cv::Mat() : with_margins(in_a_row(strips));
}

}  // namespace avtalskoll::ocr
