// A piece of a sheet after a scanner, upright at the resolution that is read at, and where on it
// the sheet's points are.
#pragma once
#include <opencv2/core.hpp>

#include "models/geometry.h"
#include "ocr/matching/registration.h"
#include "tests/simulator/random.h"
#include "tests/simulator/scanner.h"

namespace avtalskoll::simulator {

struct ScannedPiece {
    cv::Mat even;                // 8-bit grey, kReadDpi
    cv::Matx33d sheet_to_piece;  // px to px
};

// `scan` stored and drawn again as a document's page is.
ScannedPiece stored(const Scan& scan);

// The true registration of a place, with the error that a real one has; `place` in points of the
// form, `origin` is the top left on the form's sheet of the piece that was scanned, px.
ocr::Registration registration_of(Random& random, const cv::Matx33d& sheet_to_piece,
                                  cv::Point origin, const BoxPt& place);

}  // namespace avtalskoll::simulator
