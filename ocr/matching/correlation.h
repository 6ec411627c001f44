// Looks for a patch of print near its place in another picture, coarse first, then fine.
//
// Internal to ocr/. Immutable after construction; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

#include "ocr/matching/peak.h"

namespace avtalskoll::ocr {

// A patch of a blank, made ready once to be looked for many times.
class PrintPatch {
public:
    explicit PrintPatch(const cv::Mat& grey);  // 8-bit; keeps nothing of it

    // Pixels that a picture must show around the patch for it to be looked for within `reach`.
    static constexpr int margin_px(int reach) { return reach + kFine_px; }

    // How far the patch is moved in `around`, within `reach` px each way, to a fraction of a pixel,
    // and the normalized correlation there (Lewis 1995, -1..1): at half size everywhere, then at
    // full size around the best. `around` (8-bit) shows the patch's place and margin_px(reach) on
    // all sides. Score 0 when the patch or all of the picture is of one grey.
    Peak find_in(const cv::Mat& around, int reach) const;

private:
    // Half size tells the place to one pixel; one more for the peak's neighbours.
    static constexpr int kFine_px = 2;

    // The patch with its mean taken away: what is left of the correlation is then a plain sum of
    // products.
    struct Level {
        explicit Level(const cv::Mat& grey);
        cv::Mat pixels;     // 16-bit
        double sum = 0;     // nearly 0: the mean was rounded
        double spread = 0;  // standard deviation times the root of the area
    };
    static cv::Mat correlations(const Level& patch, const cv::Mat& picture, cv::Point guess,
                                int reach);

    Level full_, half_;
};

}  // namespace avtalskoll::ocr
