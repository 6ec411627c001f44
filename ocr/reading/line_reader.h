// Reads a line of print: a network made for short lines in forms' places (data/models/README.md).
//
// Internal to ocr/. Immutable; safe from many threads.
#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "models/form.h"
#include "models/reading.h"
#include "ocr/picture/trained_net.h"

namespace cv {
class Mat;
}

namespace avtalskoll::ocr {

class LineReader {
public:
    // `weights`: the network (.onnx); `alphabet`: its letters in the order of its answers, UTF-8,
    // line ends count for nothing. Throws Error{NotFound} when a file is missing, Error{BadInput}
    // when they do not belong together.
    LineReader(const std::filesystem::path& weights, const std::filesystem::path& alphabet);

    // `writing`: 8-bit grey, dark on light, one line at kReadDpi (as writing_only() gives it).
    // Both confidences of the vote are the probability of the whole text, as the network has it:
    // well ordered, but no measured frequency. nullopt where there is no line, or nothing is read
    // in it. A letter that the alphabet lacks is U+FFFD.
    std::optional<TextVote> read(const cv::Mat& writing, FieldKind kind) const;

    // The network's answers for a line_picture(): columns x answers, natural logarithms of
    // probabilities.
    cv::Mat answers(const cv::Mat& ink) const;

    // The text of each column's likeliest answer, UTF-8: quicker than read(), and without a
    // probability.
    std::string best_path(const cv::Mat& answers) const;

private:
    // The mean of the probabilities in `first` and in answers for the picture blurred and moved.
    cv::Mat second_look(const cv::Mat& ink, const cv::Mat& first) const;

    TrainedNet net_;
    std::u32string alphabet_;
};

}  // namespace avtalskoll::ocr
