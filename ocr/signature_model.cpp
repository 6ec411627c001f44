#include "ocr/signature_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <opencv2/ml.hpp>

#include "models/error.h"
#include "ocr/signature.h"

namespace avtalskoll::ocr {
namespace {

// A signature of 60 scans had at least 9 mm² of ink and 9 mm of length, a dot or a speck at most 2 mm².
constexpr float kLeastInk_mm2 = 2.0F;
constexpr float kLeastLength_mm = 4.0F;

}  // namespace

struct SignatureModel::Impl {
    cv::Ptr<cv::ml::RTrees> forest;
};

SignatureModel::SignatureModel(const std::filesystem::path& file) : impl_(std::make_unique<Impl>()) {
    if (!std::filesystem::exists(file)) throw Error(ErrorKind::NotFound, fmt::format("{}: the signature judge's weights are missing", file.string()));
    try {
        impl_->forest = cv::Algorithm::load<cv::ml::RTrees>(file.string());
    } catch (const cv::Exception& e) {
        throw Error(ErrorKind::BadInput, fmt::format("{}: {}", file.string(), e.err));
    }
    if (!impl_->forest || impl_->forest->getVarCount() != static_cast<int>(signature_feature_names().size()))
        throw Error(ErrorKind::BadInput, fmt::format("{}: not a forest over {} measures; train it anew", file.string(), signature_feature_names().size()));
}

SignatureModel::~SignatureModel() = default;

double SignatureModel::score(const std::vector<float>& features) const {
    const float ink_mm2 = features.at(0), width_mm = features.at(2), height_mm = features.at(3);
    if (ink_mm2 < kLeastInk_mm2 || std::max(width_mm, height_mm) < kLeastLength_mm) return 0.02;
    const cv::Mat sample(1, static_cast<int>(features.size()), CV_32F, const_cast<float*>(features.data()));
    return std::clamp(static_cast<double>(impl_->forest->predict(sample)), 0.0, 0.999);
}

}  // namespace avtalskoll::ocr
