// A value that the form parts: one character to a cell (a comb), or over several boxes. Its writing
// is moved together into one line, as the readers expect it.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "models/form.h"
#include "models/reading.h"
#include "ocr/ink/ink.h"
#include "ocr/matching/field_crop.h"

namespace avtalskoll::ocr {

// A box of a place with its ink.
struct InkedPart {
    FieldCrop crop;
    ResidualInk ink;
};

// What all parts together hold. `parts`: one at least.
InkMeasure measure_parts(const std::vector<InkedPart>& parts);

// The writing of all parts from left to right, ready for a text engine as writing_only's is; empty
// when there is none. The parts share the field's cells by their widths.
cv::Mat joined_writing(const std::vector<InkedPart>& parts, const Field& field);

}  // namespace avtalskoll::ocr
