// The text of a place according to the page's own file, for pages that were never printed and
// scanned.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/page_text.h"

namespace avtalskoll::ocr {

// The value of the fillable field that lies on `box` (points of the page as shown), else the words
// in it, line by line and without those of `printed`, the blank's own words there. Empty when the
// file says nothing.
struct TypedText {
    std::string text;
    bool in_field = false;
};
TypedText typed_text(const PageText& text, const BoxPt& box,
                     const std::vector<PrintedWord>& printed);

// The words whose middle lies in `box`, in their order.
std::vector<PrintedWord> words_in(const std::vector<PrintedWord>& words, const BoxPt& box);

}  // namespace avtalskoll::ocr
