// A trained network in ONNX, run by OpenCV.
//
// Internal to ocr/. Safe from many threads: each takes a network of its own out of a pool.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

namespace cv {
class Mat;
}

namespace avtalskoll::ocr {

class TrainedNet {
public:
    // `purpose` names the network in error messages. Throws Error{NotFound} when the file is
    // missing; the file is parsed when run() is first called.
    TrainedNet(const std::filesystem::path& file, const std::string& purpose);
    ~TrainedNet();
    TrainedNet(TrainedNet&&) noexcept;

    // `input`: 32-bit floats, batch x channels x rows x columns. The answer is the caller's own.
    // Throws Error{BadInput} when the file is no network for such a picture.
    cv::Mat run(const cv::Mat& input) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
