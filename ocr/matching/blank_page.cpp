#include "ocr/matching/blank_page.h"

#include <algorithm>
#include <numeric>
#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

#include "ocr/matching/coarse_ink.h"

namespace avtalskoll::ocr {
namespace {

// 14 x 10 mm: holds parts of two or three words, so neighbours differ.
const cv::Size kPatch{56, 40};
constexpr int kAnchorStep_px = 62;  // about 16 mm: a fold or a stretch is smooth over that

// Smaller eigenvalue of the gradient's structure tensor over a patch: low on paper and on a lone
// straight rule.
cv::Mat cornerness(const cv::Mat& grey) {
    cv::Mat gx, gy;
    cv::Sobel(grey, gx, CV_32F, 1, 0, 3, 1.0 / 8);
    cv::Sobel(grey, gy, CV_32F, 0, 1, 3, 1.0 / 8);
    cv::Mat xx = gx.mul(gx), yy = gy.mul(gy), xy = gx.mul(gy);
    for (cv::Mat* m : {&xx, &yy, &xy})
        cv::boxFilter(*m, *m, CV_32F, kPatch, {-1, -1}, true, cv::BORDER_CONSTANT);
    cv::Mat half_difference = (xx - yy) * 0.5, root;
    cv::sqrt(half_difference.mul(half_difference) + xy.mul(xy), root);
    return (xx + yy) * 0.5 - root;
}

std::vector<cv::Rect> choose_anchors(const cv::Mat& grey) {
    constexpr double kWeakest = 12;  // grey levels squared; a label of 6 pt alone gives about 40
    const cv::Mat score = cornerness(grey);
    std::vector<cv::Rect> anchors;
    const cv::Rect inside(kPatch.width / 2, kPatch.height / 2, grey.cols - kPatch.width,
                          grey.rows - kPatch.height);
    for (int y = inside.y; y < inside.br().y; y += kAnchorStep_px)
        for (int x = inside.x; x < inside.br().x; x += kAnchorStep_px) {
            const cv::Rect cell = cv::Rect(x, y, kAnchorStep_px, kAnchorStep_px) & inside;
            double best = 0;
            cv::Point at;
            cv::minMaxLoc(score(cell), nullptr, &best, nullptr, &at);
            if (best < kWeakest) continue;
            const cv::Point centre = at + cell.tl();
            anchors.emplace_back(centre - cv::Point(kPatch.width / 2, kPatch.height / 2), kPatch);
        }
    return anchors;
}

cv::Mat coarse_print(const cv::Mat& pixels, SizePt size) {
    constexpr double kPrint = 20, kPxPerPt = kCoarsePxPerMm / kPointsPerMm;
    cv::Mat page;
    cv::resize(pixels, page,
               {static_cast<int>(size.w * kPxPerPt), static_cast<int>(size.h * kPxPerPt)}, 0, 0,
               cv::INTER_AREA);
    return coarse_ink(page, kPrint, kCoarsePxPerMm);
}

}  // namespace

PageFeatures find_features(const cv::Mat& grey, int most) {
    const auto orb = cv::ORB::create(most, 1.2F, 8, 25, 0, 2, cv::ORB::HARRIS_SCORE, 31, 12);
    std::vector<cv::KeyPoint> keypoints;
    cv::Mat descriptors;
    orb->detectAndCompute(grey, cv::noArray(), keypoints, descriptors);
    std::vector<int> order(keypoints.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
        return keypoints[static_cast<std::size_t>(a)].response >
               keypoints[static_cast<std::size_t>(b)].response;
    });
    PageFeatures features;
    features.descriptors.create(descriptors.rows, descriptors.cols, CV_8U);
    for (int row = 0; row < descriptors.rows; ++row) {
        const int from = order[static_cast<std::size_t>(row)];
        descriptors.row(from).copyTo(features.descriptors.row(row));
        features.points.push_back(keypoints[static_cast<std::size_t>(from)].pt);
    }
    return features;
}

BlankPage prepare_blank_page(const PageImage& drawn, int form, int page, SizePt size) {
    BlankPage blank;
    blank.form = form;
    blank.page = page;
    blank.size = size;
    blank.words = drawn.text.words;
    for (const PrintedWord& word : blank.words) blank.vocabulary.insert(word.text);
    const cv::Mat pixels(drawn.height, drawn.width, CV_8U,
                         const_cast<std::uint8_t*>(drawn.grey.data()));
    const cv::Size read_size(static_cast<int>(std::lround(size.w * kReadPxPerPt)),
                             static_cast<int>(std::lround(size.h * kReadPxPerPt)));
    const cv::Size match_size(static_cast<int>(std::lround(size.w * kMatchPxPerPt)),
                              static_cast<int>(std::lround(size.h * kMatchPxPerPt)));
    cv::Mat read, match;
    cv::resize(pixels, read, read_size, 0, 0, cv::INTER_AREA);
    cv::resize(pixels, match, match_size, 0, 0, cv::INTER_AREA);
    blank.read = PackedPicture(read);
    blank.match = PackedPicture(match);
    blank.printed = PackedPicture(coarse_print(pixels, size));
    PageFeatures features = find_features(match, kFeatures);
    blank.keypoints = std::move(features.points);
    blank.descriptors = features.descriptors;
    blank.anchors = choose_anchors(match);
    return blank;
}

}  // namespace avtalskoll::ocr
