// Invents signatures that are nobody's: crossed strokes, flat scrawls, names ringed, underlined or
// struck through, letters of no alphabet.
//
// They stand for the many hands that a judge of signature places will meet and that no collection
// holds; `tests/simulator/pen.h` draws tamer ones. Seeded by the caller.
#pragma once
#include <opencv2/core.hpp>

#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

// CV_32F ink at kSheetDpi, cut tight.
cv::Mat draw_free_hand(Random& random);

}  // namespace avtalskoll::simulator
