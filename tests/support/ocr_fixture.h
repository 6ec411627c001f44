// The registered forms drawn once, and small pictures made of them, for the tests of ocr/.
#pragma once
#include <opencv2/imgproc.hpp>

#include "ocr/matching/blank_page.h"
#include "ocr/matching/form_library.h"
#include "ocr/reading/reading_models.h"
#include "pipeline/forms/form_registry.h"

namespace avtalskoll::ocr {

inline const FormLibrary& test_library() {
    static const FormLibrary library(pipeline::load_forms(AVTALSKOLL_SOURCE_DIR "/data/forms"), {});
    return library;
}

// The blank's page `index` seen through `h` (match px to scan px) on paper of `size`.
inline cv::Mat scan_of(const BlankPage& blank, const cv::Matx33d& h, cv::Size size) {
    cv::Mat scan;
    const double s = kReadDpi / kMatchDpi;
    const cv::Matx33d from_read =
        h * cv::Matx33d(1 / s, 0, (1 - s) / (2 * s), 0, 1 / s, (1 - s) / (2 * s), 0, 0, 1);
    cv::warpPerspective(blank.read.whole(), scan, from_read, size, cv::INTER_LINEAR,
                        cv::BORDER_CONSTANT, 255);
    return scan;
}

// A turn about the middle of an A4 page and a scale, from match px to 200 dpi px.
inline cv::Matx33d turned_page(double degrees, double scale, cv::Size from, cv::Size to) {
    const double a = degrees * CV_PI / 180, c = 2 * scale * std::cos(a),
                 s = 2 * scale * std::sin(a);
    return {c, -s, to.width / 2.0 - c * from.width / 2 + s * from.height / 2,
            s, c,  to.height / 2.0 - s * from.width / 2 - c * from.height / 2,
            0, 0,  1};
}

inline const ReadingModels& test_models() {
    static const ReadingModels models(AVTALSKOLL_SOURCE_DIR "/data/models");
    return models;
}

}  // namespace avtalskoll::ocr
