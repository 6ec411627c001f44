// Measures a box to tick: is there a mark in it?
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include "models/reading.h"
#include "ocr/matching/field_crop.h"

namespace avtalskoll::ocr {

// Room around a box for the ends of a tick, for the print that the box is laid on, and to tell a
// scanner's streak from a stroke.
inline constexpr double kTickMargin_mm = 6.5;

// `crop`: of the box with its frame, with kTickMargin_mm around it.
TickMeasure measure_tick(const FieldCrop& crop);

}  // namespace avtalskoll::ocr
