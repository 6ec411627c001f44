// Puts a printed sheet through a scanner, a fax or a phone's camera.
//
// Pure but for the dice. Degradations are drawn at random within the ranges of a quality tier.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

enum class Tier { Clean, Office, Poor, Fax, Phone };
const char* to_string(Tier tier);
Tier parse_tier(const std::string& name);  // throws std::invalid_argument

struct Scan {
    cv::Mat picture;  // 8-bit: grey, or colour (phone), or only 0 and 255 (bilevel)
    double dpi = 300;
    bool bilevel = false;  // stored as CCITT G4, else as JPEG
    int jpeg_quality = 80;
    // Pixels to pixels, the bending of a bent sheet left out.
    cv::Matx33d sheet_to_picture = cv::Matx33d::eye();
};

// The device of one submission: its pages share resolution, depth and habits.
struct Device {
    Tier tier = Tier::Office;
    double dpi = 300;
    bool bilevel = false;
    int jpeg_quality = 80;
    double blur = 0.5, noise = 2, threshold = 170, thicken = 0, speckle = 0, skew_deg = 0.3,
           stretch = 0, streaks = 0, border = 0, grey_paper = 255;
};
Device make_device(Random& random, Tier tier);

// `picture` as on rubber: every point moved by up to about the reach, smoothly, with a bump every
// `scale_px`.
cv::Mat warped(Random& random, const cv::Mat& picture, double scale_px, double reach_x_px,
               double reach_y_px, double border);

// `sheet` is grey at kSheetDpi. `bent`: the sheet was folded or fed unevenly.
Scan scan_sheet(Random& random, const cv::Mat& sheet, const Device& device, bool bent);

}  // namespace avtalskoll::simulator
