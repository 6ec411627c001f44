#include "data/models/training/scanned_piece.h"

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ocr/picture/light.h"
#include "tests/simulator/pen.h"

namespace avtalskoll::simulator {
namespace {

cv::Mat after_jpeg(const Scan& scan) {
    if (scan.bilevel) return scan.picture;
    std::vector<unsigned char> bytes;
    cv::imencode(".jpg", scan.picture, bytes, {cv::IMWRITE_JPEG_QUALITY, scan.jpeg_quality});
    return cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
}

}  // namespace

ScannedPiece stored(const Scan& scan) {
    cv::Mat drawn;
    const double to_read = ocr::kReadDpi / scan.dpi;
    cv::resize(after_jpeg(scan), drawn, {}, to_read, to_read,
               to_read < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    return {ocr::even_light(drawn),
            cv::Matx33d::diag({to_read, to_read, 1}) * scan.sheet_to_picture};
}

ocr::Registration registration_of(Random& random, const cv::Matx33d& sheet_to_piece,
                                  cv::Point origin, const BoxPt& place) {
    constexpr double kSheetPerMatch = kSheetDpi / ocr::kMatchDpi;
    constexpr double kError_mm = 0.15;
    const auto off = [&] { return random.normal(0, kError_mm * kSheetPxPerMm); };
    const cv::Matx33d match_to_sheet(
        kSheetPerMatch, 0, 0.5 * kSheetPerMatch - 0.5 - origin.x + off(), 0, kSheetPerMatch,
        0.5 * kSheetPerMatch - 0.5 - origin.y + off(), 0, 0, 1);
    ocr::Registration registration;
    registration.form_to_scan = sheet_to_piece * match_to_sheet;
    for (int i = 0; i < 12; ++i)
        registration.anchors.push_back(
            {{(place.x + place.w * (i % 4) / 3) * ocr::kMatchPxPerPt,
              (place.y + place.h * static_cast<int>(i / 4)) * ocr::kMatchPxPerPt},
             {random.normal(0, 0.4), random.normal(0, 0.4)}});
    registration.anchors_found = 1;
    return registration;
}

}  // namespace avtalskoll::simulator
