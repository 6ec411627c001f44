// Cuts one place out of a scan, laid flat in the form's frame beside the blank's print of the same
// place.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>

#include "models/form.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/registration.h"

namespace avtalskoll::ocr {

struct FieldCrop {
    cv::Mat page;     // the scan, 8-bit grey, kReadDpi, form frame
    cv::Mat calm;     // the same with noise smoothed away where there is much of it: for measuring
                      // ink, not for reading
    cv::Mat print;    // the blank, same size
    cv::Rect place;   // the field's place inside both
    cv::Rect region;  // the part that was cut, read px of the form
    cv::Point2d shift;  // read px, found from the print beside the place
    double place_error_mm = 0;
    bool registered = false;   // `print` is the blank's; else nothing is known of it
    bool trusted = true;       // the print beside the place was found where it should be
    double print_level = 255;  // darkness of printed ink near by
    double noise = 0;          // spread of the paper's grey
};

inline constexpr double kFieldMargin_mm = 5;  // room for the label and the rules beside a place
// Room for strokes and stamps that leave the place.
inline constexpr double kSignatureMargin_mm = 18;

FieldCrop cut_field(const cv::Mat& scan, const BlankPage& blank, const Registration& registration,
                    const BoxPt& place, double margin_mm);

// Where a value has replaced the words that the blank prints in the crop's place, takes them out of
// the crop's print: all ink there is then the value's.
void forget_replaced_prompt(FieldCrop& crop);

// The crop's page with its contrast stretched until the printed ink near by is black: what text
// engines like.
cv::Mat black_ink(const FieldCrop& crop);

// The crop's place as a box on the scan, in shares of it: the hull of the four corners.
BoxShare place_on_scan(const FieldCrop& crop, const Registration& registration, cv::Size scan);

}  // namespace avtalskoll::ocr
