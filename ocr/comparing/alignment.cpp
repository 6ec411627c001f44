#include "ocr/comparing/alignment.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/matching/correlation.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kStep_px = 40, kPatch_px = 88, kReach_px = 8;  // 5, 11 and 1 mm
constexpr int kLeastInk_px = 90;
constexpr double kFound = 0.55;    // correlation of a patch that was found
constexpr double kLoner_px = 1.2;  // a shift that is so unlike its neighbours' is none …
constexpr double kSure =
    0.8;  // … but for a patch found so well: a sheet bends where its print ends

struct Node {
    cv::Point2d shift;
    double weight = 0;
};

struct Lattice {
    int cols = 0, rows = 0;
    std::vector<Node> nodes;
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(cols) +
               static_cast<std::size_t>(x);
    }
    const Node* at(int x, int y) const {
        if (x < 0 || y < 0 || x >= cols || y >= rows) return nullptr;
        const Node& node = nodes[index(x, y)];
        return node.weight > 0 ? &node : nullptr;
    }
};

double median_of(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Without the shifts that their neighbours contradict: changed writing has none of its own.
void drop_loners_of(Lattice& lattice) {
    Lattice kept = lattice;
    for (int y = 0; y < lattice.rows; ++y)
        for (int x = 0; x < lattice.cols; ++x) {
            const Node* here = lattice.at(x, y);
            if (!here) continue;
            std::vector<double> dx, dy;
            for (int j = -3; j <= 3; ++j)
                for (int i = -3; i <= 3; ++i)
                    if (const Node* other = lattice.at(x + i, y + j)) {
                        dx.push_back(other->shift.x);
                        dy.push_back(other->shift.y);
                    }
            const cv::Point2d usual(median_of(dx), median_of(dy));
            if (cv::norm(here->shift - usual) > kLoner_px && here->weight < kSure * kSure)
                kept.nodes[lattice.index(x, y)].weight = 0;
        }
    lattice = std::move(kept);
}

// The lattice's shifts everywhere: means of the near nodes, wider where there are few.
cv::Mat smooth_field(const Lattice& lattice) {
    cv::Mat x(lattice.rows, lattice.cols, CV_32F, cv::Scalar(0)), y = x.clone(), w = x.clone();
    for (int j = 0; j < lattice.rows; ++j)
        for (int i = 0; i < lattice.cols; ++i)
            if (const Node* node = lattice.at(i, j)) {
                x.at<float>(j, i) = static_cast<float>(node->shift.x * node->weight);
                y.at<float>(j, i) = static_cast<float>(node->shift.y * node->weight);
                w.at<float>(j, i) = static_cast<float>(node->weight);
            }
    cv::Mat sum_x = cv::Mat::zeros(x.size(), CV_32F), sum_y = sum_x.clone(), sum_w = sum_x.clone();
    // The wide means count only where the close ones have nothing.
    for (const auto& [sigma, share] : {std::pair(0.9, 1.0), {2.5, 0.02}, {8.0, 1e-4}}) {
        cv::Mat smooth;
        for (const auto& [from, to] : {std::pair(&x, &sum_x), {&y, &sum_y}, {&w, &sum_w}}) {
            cv::GaussianBlur(*from, smooth, {0, 0}, sigma, sigma, cv::BORDER_CONSTANT);
            *to += smooth * share;
        }
    }
    cv::max(sum_w, 1e-12, sum_w);
    std::vector<cv::Mat> parts{sum_x / sum_w, sum_y / sum_w};
    cv::Mat field;
    cv::merge(parts, field);
    return field;
}

}  // namespace

PictureAlignment align_pictures(const cv::Mat& first, const cv::Mat& second) {
    const int margin = PrintPatch::margin_px(kReach_px);
    Lattice lattice{first.cols / kStep_px + 1, first.rows / kStep_px + 1, {}};
    lattice.nodes.resize(lattice.index(0, lattice.rows));
    const cv::Mat ink = first < 150;
    int inked = 0, found = 0;
    for (int y = 0; y < lattice.rows; ++y)
        for (int x = 0; x < lattice.cols; ++x) {
            const cv::Rect patch(x * kStep_px - kPatch_px / 2, y * kStep_px - kPatch_px / 2,
                                 kPatch_px, kPatch_px),
                around(patch.x - margin, patch.y - margin, patch.width + 2 * margin,
                       patch.height + 2 * margin);
            if ((around & cv::Rect({}, first.size())) != around ||
                cv::countNonZero(ink(patch)) < kLeastInk_px)
                continue;
            ++inked;
            const Peak peak = PrintPatch(first(patch)).find_in(second(around), kReach_px);
            if (peak.score < kFound) continue;
            ++found;
            lattice.nodes[lattice.index(x, y)] = {peak.at, peak.score * peak.score};
        }
    drop_loners_of(lattice);
    PictureAlignment result;
    result.aligned = inked > 0 ? static_cast<double>(found) / inked : 0;
    // Nodes lie at whole steps; the field is linear between them.
    const cv::Mat field = smooth_field(lattice);
    cv::Mat map(first.size(), CV_32FC2);
    map.forEach<cv::Vec2f>([](cv::Vec2f& at, const int* position) {
        at = {static_cast<float>(position[1]) / kStep_px,
              static_cast<float>(position[0]) / kStep_px};
    });
    cv::remap(field, result.shifts, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return result;
}

cv::Mat moved_by(const cv::Mat& picture, const cv::Mat& shifts, int border) {
    cv::Mat map = shifts.clone(), moved;
    map.forEach<cv::Vec2f>([](cv::Vec2f& at, const int* position) {
        at[0] += static_cast<float>(position[1]);
        at[1] += static_cast<float>(position[0]);
    });
    cv::remap(picture, moved, map, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_CONSTANT, border);
    return moved;
}

}  // namespace avtalskoll::ocr
