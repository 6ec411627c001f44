// Fills in a form's fields: values in boxes, in combs and in several boxes, ticks.
//
// Draws onto a sheet at kSheetDpi. Seeded by the caller.
#pragma once
#include <opencv2/core.hpp>
#include <string>

#include "models/form.h"
#include "tests/simulator/random.h"

namespace avtalskoll::simulator {

// One typeface a submission, as when one person fills in on a computer.
struct Typeface {
    std::string family;
    double size_pt;
    bool bold;
};

struct Writing {
    const Typeface& face;
    bool many_lines = false;
    bool by_hand = false;
};

// A value in a box, on its line.
void write_text(Random& random, cv::Mat& sheet, const BoxPt& box, const std::string& value,
                const Writing& writing);

// A value as its field has it: freely, a sign to a cell, or parted over several boxes.
void write_value(Random& random, cv::Mat& sheet, const Field& field, const std::string& value,
                 const Writing& writing);

// A tick or a cross by hand, or a typed x, in a box.
void tick(Random& random, cv::Mat& sheet, const BoxPt& box);

}  // namespace avtalskoll::simulator
