// The trained weights of the signature judge: a convolutional network in ONNX, run by OpenCV.
//
// Internal to ocr/. Safe from many threads: each takes a network of its own out of a pool.
#pragma once
#include <array>
#include <filesystem>
#include <memory>

#include "models/reading.h"

namespace cv {
class Mat;
}

namespace avtalskoll::ocr {

class SignatureModel {
public:
    // Throws Error{NotFound} when the file is missing, Error{BadInput} when it holds no such
    // network.
    explicit SignatureModel(const std::filesystem::path& file);
    ~SignatureModel();

    // `picture` as signature_picture() makes it. A belief for each PlaceInk; they add up to 1.
    std::array<double, kPlaceInks> beliefs(const cv::Mat& picture) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
