#include "ocr/ink/signature_model.h"

#include <cmath>
#include <opencv2/dnn.hpp>

#include "models/error.h"
#include "ocr/ink/signature.h"

namespace avtalskoll::ocr {

SignatureModel::SignatureModel(const std::filesystem::path& file) : net_(file, "signature judge") {
    beliefs(cv::Mat::zeros(kSignatureRows, kSignatureCols, CV_8UC3));
}

std::array<double, kPlaceInks> SignatureModel::beliefs(const cv::Mat& picture) const {
    const cv::Mat raw = net_.run(cv::dnn::blobFromImage(picture, 1.0 / 255));
    if (raw.total() != kPlaceInks)
        throw Error(ErrorKind::BadInput, "the signature judge's network has other answers");
    std::array<double, kPlaceInks> beliefs{};
    double sum = 0;
    for (std::size_t i = 0; i < kPlaceInks; ++i)
        sum += beliefs[i] = std::exp(static_cast<double>(raw.ptr<float>()[i]));
    for (double& b : beliefs) b /= sum;
    return beliefs;
}

}  // namespace avtalskoll::ocr
