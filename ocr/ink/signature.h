// Judges the ink in a signature place: a hand's signature, or something else (nothing, dirt, type,
// a stamp, a small mark).
//
// A small convolutional network looks at three planes: the scan, the blank's print of the same
// place, and where the place is. It learns by itself to take the print away, which a fixed
// subtraction cannot do when the sheet is a little off. Internal to ocr/. Pure; safe from many
// threads.
#pragma once
#include <opencv2/core.hpp>

#include "models/reading.h"
#include "ocr/ink/signature_model.h"
#include "ocr/matching/field_crop.h"

namespace avtalskoll::ocr {

// The network's input: kSignatureRows x kSignatureCols, CV_8UC3: darkness of the scan (255: as dark
// as print near by), darkness of the blank, 255 in the place. kSignaturePxPerMm; a place too large
// for that is shrunk until it fits. The network looks at the middle closely and at the whole, half
// as large, for what leaves the place: long strokes, stamps that reach in.
cv::Mat signature_picture(const FieldCrop& crop);

inline constexpr int kSignatureRows = 160, kSignatureCols = 352;
inline constexpr double kSignaturePxPerMm = 3.2;   // a thin pen's stroke is a pixel wide
inline constexpr double kSignatureAround_mm = 16;  // at least so much beside the place is seen

// True when a corner of a stamp's frame is there: a thin level line and a thin upright one that
// meet and that the blank does not print, in the place or within 13 mm of it. A stamp that the
// edge of the network's picture cuts is only a tangle of lines there.
bool has_frame_corner(const FieldCrop& crop);

// `crop` holds the place and kSignatureMargin_mm around it.
SignatureMeasure measure_signature(const FieldCrop& crop, const SignatureModel& model);

// Belief, 0..1, that what stands in `writing` (a box in the crop) is written by hand and not typed.
// `model`: ReadingModels::handwriting.
double written_by_hand(const FieldCrop& crop, const cv::Rect& writing, const SignatureModel& model);

// A place in a picture of a page whose blank is not known. `grey` is evened 8-bit grey of
// `px_per_mm`, `place` in its pixels.
FieldCrop cut_unregistered(const cv::Mat& grey, const cv::Rect& place, double px_per_mm);

}  // namespace avtalskoll::ocr
