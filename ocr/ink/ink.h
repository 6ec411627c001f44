// Measures the ink that a pen or a printer added to one place of a form page.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <vector>

#include "models/reading.h"
#include "ocr/matching/field_crop.h"

namespace avtalskoll::ocr {

struct InkOptions {
    double level = 0.40;  // ink is darker than this share of the printed ink near by
    // Smaller pieces are dirt: empty fields of 60 scans held none larger.
    double min_piece_mm2 = 0.08;
    double edge_mm = 0.3;      // kept clear of the place's printed edge
    bool level_lines = false;  // also take level streaks and creases away; in a text's place they
                               // could be letters' tops
};

// A connected piece of residual ink.
struct InkPiece {
    int label = 0;  // its value in ResidualInk::labels
    cv::Rect box;   // crop px
    int area_px = 0;
};

struct ResidualInk {
    cv::Mat mask;    // 8-bit, 255 where there is ink that the blank does not print; crop size
    cv::Mat labels;  // 32-bit piece numbers, 0 none
    std::vector<InkPiece> pieces;   // writing: large enough, no streak
    std::vector<InkPiece> streaks;  // thin and straight across the whole place: a scanner's dirt
};

// The box around pieces of ink, crop px; empty when there are none.
cv::Rect hull_of(const std::vector<InkPiece>& pieces);

// Ink of the scan less the blank's print, the print widened by the place's error.
ResidualInk residual_ink(const FieldCrop& crop, const InkOptions& options);

// Tells what is in the place: nothing, dirt, writing, writing crossed out.
InkMeasure measure_ink(const FieldCrop& crop, const ResidualInk& ink);

// The box around the pieces of writing, crop px; empty when there are none.
cv::Rect writing_box(const ResidualInk& ink);

// The place ready for a text engine: only writing, tight around it, paper 255, ink 0. Empty when
// there is none. Pieces below `least_mm2` are left out: 0 keeps the dots of letters, 0.35 drops
// them with all specks.
cv::Mat writing_only(const FieldCrop& crop, const ResidualInk& ink, double least_mm2);

// The same over the whole crop, of the given pieces.
cv::Mat writing_on_paper(const FieldCrop& crop, const ResidualInk& ink,
                         const std::vector<InkPiece>& pieces);

inline constexpr double kPxPerMm2 = kReadPxPerMm * kReadPxPerMm;

}  // namespace avtalskoll::ocr
