// The trained weights of the signature judge.
//
// Internal to ocr/. Safe from many threads.
#pragma once
#include <array>
#include <filesystem>

#include "models/reading.h"
#include "ocr/picture/trained_net.h"

namespace avtalskoll::ocr {

class SignatureModel {
public:
    // Throws Error{NotFound} when the file is missing, Error{BadInput} when it holds no such
    // network.
    explicit SignatureModel(const std::filesystem::path& file);

    // `picture` as signature_picture() makes it. A belief for each PlaceInk; they add up to 1.
    std::array<double, kPlaceInks> beliefs(const cv::Mat& picture) const;

private:
    TrainedNet net_;
};

}  // namespace avtalskoll::ocr
