// Turns and scales grey pictures. Internal to the drawing process.
#pragma once
#include <cstdint>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "ocr/picture/grey_picture.h"

namespace avtalskoll::ocr {

inline cv::Mat as_mat(const GreyPicture& picture) {
    return {picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.grey.data())};
}

inline GreyPicture as_picture(const cv::Mat& grey) {
    GreyPicture picture{grey.cols, grey.rows, {}};
    picture.grey.reserve(grey.total());
    for (int y = 0; y < grey.rows; ++y) {
        const auto* row = grey.ptr<std::uint8_t>(y);
        picture.grey.insert(picture.grey.end(), row, row + grey.cols);
    }
    return picture;
}

// `clockwise`: 0, 90, 180 or 270 degrees.
inline GreyPicture turned(const GreyPicture& picture, int clockwise) {
    constexpr cv::RotateFlags kTurns[3] = {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180,
                                           cv::ROTATE_90_COUNTERCLOCKWISE};
    if (clockwise == 0) return picture;
    cv::Mat to;
    cv::rotate(as_mat(picture), to, kTurns[clockwise / 90 - 1]);
    return as_picture(to);
}

// `orientation` as Exif's and TIFF's tag 274 has it: 1 upright, 6 to be turned clockwise by 90
// degrees, … (JEITA CP-3451, 4.6.4).
inline GreyPicture oriented(GreyPicture picture, int orientation) {
    if (orientation < 2 || orientation > 8) return picture;
    cv::Mat turned = as_mat(picture);
    if (orientation >= 5) cv::transpose(turned, turned);
    constexpr int kBoth = -1, kLeftRight = 1, kUpDown = 0, kNot = 2;
    constexpr int kFlip[9] = {kNot, kNot,       kLeftRight, kBoth,  kUpDown,
                              kNot, kLeftRight, kBoth,      kUpDown};
    cv::Mat flipped = turned;
    if (kFlip[orientation] != kNot) cv::flip(turned, flipped, kFlip[orientation]);
    return as_picture(flipped);
}

}  // namespace avtalskoll::ocr
