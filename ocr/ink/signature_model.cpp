#include "ocr/ink/signature_model.h"

#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <mutex>
#include <opencv2/dnn.hpp>
#include <vector>

#include "models/error.h"
#include "ocr/ink/signature.h"

namespace avtalskoll::ocr {
namespace {

std::vector<unsigned char> slurp(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw Error(ErrorKind::NotFound,
                    fmt::format("{}: the signature judge's weights are missing", file.string()));
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

struct SignatureModel::Impl {
    std::vector<unsigned char> bytes;
    std::mutex mutex;
    std::vector<cv::dnn::Net> idle;

    cv::dnn::Net take() {
        {
            const std::lock_guard lock(mutex);
            if (!idle.empty()) {
                cv::dnn::Net net = idle.back();
                idle.pop_back();
                return net;
            }
        }
        return cv::dnn::readNetFromONNX(bytes);
    }

    void give_back(const cv::dnn::Net& net) {
        const std::lock_guard lock(mutex);
        idle.push_back(net);
    }
};

SignatureModel::SignatureModel(const std::filesystem::path& file)
    : impl_(std::make_unique<Impl>()) {
    impl_->bytes = slurp(file);
    try {
        beliefs(cv::Mat::zeros(kSignatureRows, kSignatureCols, CV_8UC3));
    } catch (const cv::Exception& e) {
        throw Error(ErrorKind::BadInput, fmt::format("{}: not a network for signature places: {}",
                                                     file.string(), e.err));
    }
}

SignatureModel::~SignatureModel() = default;

std::array<double, kPlaceInks> SignatureModel::beliefs(const cv::Mat& picture) const {
    cv::dnn::Net net = impl_->take();
    net.setInput(cv::dnn::blobFromImage(picture, 1.0 / 255));
    const cv::Mat raw = net.forward();
    CV_Assert(raw.total() == kPlaceInks);
    std::array<double, kPlaceInks> beliefs{};
    double sum = 0;
    for (std::size_t i = 0; i < kPlaceInks; ++i)
        sum += beliefs[i] = std::exp(static_cast<double>(raw.ptr<float>()[i]));
    for (double& b : beliefs) b /= sum;
    impl_->give_back(net);
    return beliefs;
}

}  // namespace avtalskoll::ocr
