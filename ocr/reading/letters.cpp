#include "ocr/reading/letters.h"

#include <string_view>

namespace avtalskoll::ocr {
namespace {

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
bool is_small(char32_t c) { return c >= U'a' && c <= U'z'; }
bool is_capital(char32_t c) { return c >= U'A' && c <= U'Z'; }

// RFC 5321's letters that are in use, and those of RFC 6531 that Swedish names have.
bool may_stand_in_address(char32_t c) {
    return is_digit(c) || is_small(c) || is_capital(c) ||
           std::u32string_view(U"@._-+\u00E5\u00E4\u00F6\u00E9\u00FC").find(c) !=
               std::u32string_view::npos;
}

}  // namespace

bool may_follow(FieldKind kind, char32_t before, char32_t next) {
    if (next == U' ' && (before == 0 || before == U' ')) return false;
    switch (kind) {
        case FieldKind::OrganisationNumber:
            return is_digit(next) || std::u32string_view(U"- ").find(next) != std::u32string::npos;
        case FieldKind::Phone:
            return is_digit(next) ||
                   std::u32string_view(U"+-/(). ").find(next) != std::u32string::npos;
        // Nobody writes emMa: a capital stands first in a part, or all letters are capitals.
        case FieldKind::Email:
            return may_stand_in_address(next) && !(is_capital(next) && is_small(before));
        default: return true;
    }
}

}  // namespace avtalskoll::ocr
