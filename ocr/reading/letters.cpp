#include "ocr/reading/letters.h"

namespace avtalskoll::ocr {

bool may_follow(FieldKind kind, char32_t before, char32_t next) {
    const auto is_small = [](char32_t c) { return c >= U'a' && c <= U'z'; };
    const auto is_capital = [](char32_t c) { return c >= U'A' && c <= U'Z'; };
    if (next == U' ' && (before == 0 || before == U' ')) return false;
    const std::u32string_view letters = traits_of(kind).letters;
    if (!letters.empty() && letters.find(next) == std::u32string_view::npos) return false;
    // Nobody writes emMa: a capital stands first in a part, or all letters are capitals.
    const bool is_address = kind == FieldKind::Email || kind == FieldKind::Url;
    return !is_address || !(is_capital(next) && is_small(before));
}

}  // namespace avtalskoll::ocr
