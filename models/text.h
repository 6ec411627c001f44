// Small questions about UTF-8 text that many rooms ask.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <string_view>

namespace avtalskoll {

// White space folded to single spaces, none at the ends, canonical composition (NFC), without signs
// that nobody sees (soft hyphens, zero-width spaces).
std::string folded_space(std::string_view text);

// Case-folded and stripped of everything but letters and digits; words parted by one space.
std::string folded_words(std::string_view text);

// As folded_words, and letters without their marks.
std::string bare_words(std::string_view text);

// Letters without their marks: å as a, é as e, ż as z; ı ł ø đ, in small letters, as i l o d.
std::string without_marks(std::string_view text);

// As folded_space, and every kind of hyphen, dash and minus as "-", full-width letters and digits
// as plain ones: for values in which these say nothing (numbers, addresses).
std::string plain_signs(std::string_view text);

// What the first sign is; false for an empty text.
bool begins_with_capital(std::string_view text);
bool begins_with_small_letter(std::string_view text);

struct LetterCount {
    int letters = 0;
    int digits = 0;
    int others = 0;  // neither white space, letter nor digit
};
LetterCount count_letters(std::string_view text);

// UTF-8 as code points, and code points as UTF-8. What is no UTF-8 becomes U+FFFD.
std::u32string code_points_of(std::string_view text);
std::string utf8_of(std::u32string_view text);

// A number and what it counts, in English: "1 submission", "2 submissions".
std::string counted(std::size_t count, std::string_view one);

// Levenshtein distance in characters (code points).
int edit_distance(std::string_view a, std::string_view b);

// 1 for equal texts, 0 for nothing in common: 1 - distance / longer length.
double similarity(std::string_view a, std::string_view b);

}  // namespace avtalskoll
