// Judges the ink in a signature place: a hand's signature, or something else (nothing, dirt, a stamp, a typed name, a tick).
//
// Internal to ocr/. Pure but for the engines, which belong to one thread at a time.
#pragma once
#include <string>
#include <vector>

#include "models/reading.h"
#include "ocr/field_crop.h"
#include "ocr/signature_model.h"
#include "ocr/text_engine.h"

namespace avtalskoll::ocr {

// What SignatureMeasure::features hold, in order. Lengths in mm, shares 0..1.
const std::vector<std::string>& signature_feature_names();

// The measures alone, for training; all 0 when the place holds no ink.
std::vector<float> signature_features(const FieldCrop& crop, TextEngines& engines);

// `crop` holds the place and a margin around it; strokes that leave the place are followed into the margin.
SignatureMeasure measure_signature(const FieldCrop& crop, const SignatureModel& model, TextEngines& engines);

}  // namespace avtalskoll::ocr
