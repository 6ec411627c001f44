// Reads a line or a block of text with one of Tesseract's trained models.
//
// Internal to ocr/. An engine set belongs to one thread at a time; models load on first use (about 0.1 s each).
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "models/reading.h"

namespace avtalskoll::ocr {

enum class TextModel { Latin, Swedish, English };

class TextEngines {
public:
    TextEngines();
    ~TextEngines();
    TextEngines(TextEngines&&) noexcept;

    // `crop`: 8-bit grey, dark on light, about 200 dpi. `one_line` false reads a block, lines parted by '\n'.
    // Throws Error{NotFound} when the model is not installed.
    TextVote read(const cv::Mat& crop, TextModel model, bool one_line);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
