// Reads a line or a block of text with one of Tesseract's trained models.
//
// Internal to ocr/. An engine set belongs to one thread at a time; models load on first use (about
// 0.1 s each).
#pragma once
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "models/page_text.h"
#include "models/reading.h"

namespace avtalskoll::ocr {

enum class TextModel { Latin, Swedish, English };

// The kind of text in a crop. Tesseract first looks for the line it was promised, and specks above
// the letters can make it find none; BareLine spares it the search.
enum class TextLayout { Line, BareLine, Block };

class TextEngines {
public:
    TextEngines();
    ~TextEngines();
    TextEngines(TextEngines&&) noexcept;

    // Loads every model now. Throws Error{NotFound} when one is not installed.
    void load_all();

    // `crop`: 8-bit grey, dark on light, about 200 dpi. The lines of a block are parted by '\n'.
    // Throws Error{NotFound} when the model is not installed.
    TextVote read(const cv::Mat& crop, TextModel model, TextLayout layout);

    // The words of a whole upright page that are read with some confidence, boxes and sizes in its
    // pixels, in reading order.
    std::vector<PrintedWord> read_page(const cv::Mat& page);

    // Degrees clockwise (0, 90, 180, 270) that turn a page of text upright; 0 when it has too
    // little text to tell.
    int upright_rotation(const cv::Mat& page);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
