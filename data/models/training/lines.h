// Makes the samples that the line reader learns from: invented texts set on made-up forms, scanned,
// cut out and cleaned as the product does.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "data/models/training/line_texts.h"
#include "tests/simulator/scanner.h"

namespace avtalskoll::simulator {

struct LineSample {
    cv::Mat picture;             // as ocr::line_picture
    cv::Mat writing;             // as ocr::writing_only
    std::u32string text;         // typographic variants of quotes and dashes made plain
    std::vector<float> centres;  // of the text's letters, columns of the picture
    LineKind kind = LineKind::Jumble;
    Tier tier = Tier::Office;
};

// Not for use by two threads at once: cairo's fonts are not (see pen.cpp); run several processes.
class LineMaker {
public:
    LineMaker(const LineTexts& texts, std::vector<std::string> families);

    // The lines of sheet `index` of the data set `seed`; those that the scan or the cutting
    // destroyed are left out.
    std::vector<LineSample> make_sheet(std::uint64_t seed, std::uint64_t index) const;

private:
    const LineTexts& texts_;
    std::vector<std::string> families_;
};

}  // namespace avtalskoll::simulator
