// Finds the likeliest text in a line reader's answers.
//
// Connectionist temporal classification: every column answers with a letter or with none, and a
// text's probability is the sum over all ways to spread its letters over the columns (Graves et
// al., ICML 2006). Prefix beam search after Hannun et al., arXiv:1408.2873, without a language
// model. Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "models/form.h"

namespace avtalskoll::ocr {

inline constexpr int kNoLetter = 0;       // the answers before the alphabet's
inline constexpr int kUnknownLetter = 1;  // a letter that the alphabet does not have
inline constexpr int kFirstLetter = 2;

struct DecodedLine {
    std::u32string text;                 // U+FFFD for an unknown letter
    double probability = 0;              // of the whole text, among all that the columns can say
    std::vector<std::u32string> others;  // the next likely texts, likeliest first
};

// `log_answers`: columns x answers, 32-bit, natural logarithms of probabilities. Only texts that a
// value of `kind` may be are looked for, but the probabilities are those among all texts.
DecodedLine decode_line(const cv::Mat& log_answers, const std::u32string& alphabet, FieldKind kind);

}  // namespace avtalskoll::ocr
