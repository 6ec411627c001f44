#include "ocr/reading/split_lines.h"

#include <opencv2/imgproc.hpp>

#include "ocr/matching/blank_page.h"

namespace avtalskoll::ocr {
namespace {

constexpr double kLowestLine_mm = 1.2, kHighestLine_mm = 6.5;

// Runs of rows that have ink.
std::vector<cv::Range> inked_runs(const cv::Mat& writing) {
    constexpr int kInk = 128;
    cv::Mat most;
    cv::reduce(255 - writing, most, 1, cv::REDUCE_MAX);
    std::vector<cv::Range> runs;
    for (int y = 0; y < most.rows; ++y) {
        if (most.at<unsigned char>(y) < kInk) continue;
        if (runs.empty() || runs.back().end != y) runs.emplace_back(y, y);
        runs.back().end = y + 1;
    }
    return runs;
}

bool is_low(const cv::Range& run) { return run.size() < kLowestLine_mm * kReadPxPerMm; }

// Dots and rings above letters belong to the line below them, feet and commas to the one above:
// what is low goes to the nearer neighbour.
std::vector<cv::Range> whole_lines(std::vector<cv::Range> runs) {
    for (std::size_t i = 0; i < runs.size() && runs.size() > 1;) {
        if (!is_low(runs[i])) {
            ++i;
            continue;
        }
        const bool first = i == 0, last = i + 1 == runs.size();
        const bool to_next =
            first || (!last && runs[i + 1].start - runs[i].end < runs[i].start - runs[i - 1].end);
        const std::size_t upper = to_next ? i : i - 1;
        runs[upper].end = runs[upper + 1].end;
        runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(upper) + 1);
        i = upper;
    }
    return runs;
}

}  // namespace

std::vector<cv::Mat> split_lines(const cv::Mat& writing) {
    constexpr int kAround_px = 3;
    std::vector<cv::Mat> lines;
    for (const cv::Range& run : whole_lines(inked_runs(writing))) {
        if (run.size() > kHighestLine_mm * kReadPxPerMm) return {};
        const cv::Range rows(std::max(0, run.start - kAround_px),
                             std::min(writing.rows, run.end + kAround_px));
        lines.push_back(writing.rowRange(rows).clone());
    }
    return lines;
}

}  // namespace avtalskoll::ocr
