#include "ocr/picture/trained_net.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <mutex>
#include <opencv2/dnn.hpp>
#include <vector>

#include "models/error.h"

namespace avtalskoll::ocr {

struct TrainedNet::Impl {
    std::string name;  // of the file and its purpose
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

TrainedNet::TrainedNet(const std::filesystem::path& file, const std::string& purpose)
    : impl_(std::make_unique<Impl>()) {
    impl_->name = fmt::format("{}: {}", file.string(), purpose);
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::NotFound, fmt::format("{}: is missing", impl_->name));
    impl_->bytes = {std::istreambuf_iterator<char>(in), {}};
}

TrainedNet::~TrainedNet() = default;
TrainedNet::TrainedNet(TrainedNet&&) noexcept = default;

cv::Mat TrainedNet::run(const cv::Mat& input) const try {
    cv::dnn::Net net = impl_->take();
    net.setInput(input);
    cv::Mat answer = net.forward().clone();
    impl_->give_back(net);
    return answer;
} catch (const cv::Exception& e) {
    throw Error(ErrorKind::BadInput, fmt::format("{}: is no such network: {}", impl_->name, e.err));
}

}  // namespace avtalskoll::ocr
