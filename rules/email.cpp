#include "rules/email.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace avtalskoll::rules {
namespace {

bool is_atom(const icu::UnicodeString& text) {
    static const icu::UnicodeString kSpecials = icu::UnicodeString::fromUTF8("!#$%&'*+-/=?^_`{|}~");
    if (text.isEmpty()) return false;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (!u_isalnum(c) && kSpecials.indexOf(c) < 0 && u_getCombiningClass(c) == 0) return false;
    }
    return true;
}

bool is_label(const icu::UnicodeString& text) {
    if (text.isEmpty() || text.length() > 63 || text[0] == '-' || text[text.length() - 1] == '-') return false;
    for (int i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
        const UChar32 c = text.char32At(i);
        if (!u_isalnum(c) && c != '-') return false;
    }
    return true;
}

// Every part between dots holds.
template <class Part>
bool all_parts(const icu::UnicodeString& text, Part holds, int* count) {
    *count = 0;
    for (int from = 0; from <= text.length();) {
        int to = text.indexOf(static_cast<char16_t>('.'), from);
        if (to < 0) to = text.length();
        if (!holds(text.tempSubStringBetween(from, to))) return false;
        ++*count;
        from = to + 1;
    }
    return true;
}

}  // namespace

std::optional<std::string> parse_email(std::string_view written) {
    const auto at = written.find('@');
    if (at == std::string_view::npos || written.find('@', at + 1) != std::string_view::npos) return std::nullopt;
    if (at > 64 || written.size() > 254) return std::nullopt;
    const auto as_unicode = [](std::string_view s) { return icu::UnicodeString::fromUTF8(icu::StringPiece(s.data(), static_cast<int>(s.size()))); };
    const icu::UnicodeString local = as_unicode(written.substr(0, at));
    icu::UnicodeString domain = as_unicode(written.substr(at + 1));
    int parts = 0;
    if (!all_parts(local, is_atom, &parts)) return std::nullopt;
    if (!all_parts(domain, is_label, &parts) || parts < 2) return std::nullopt;
    const icu::UnicodeString top = domain.tempSubString(domain.lastIndexOf(static_cast<char16_t>('.')) + 1);
    if (top.length() < 2 || std::any_of(top.getBuffer(), top.getBuffer() + top.length(), [](char16_t c) { return u_isdigit(c) != 0; })) return std::nullopt;
    domain.toLower(icu::Locale::getRoot());
    std::string canonical(written.substr(0, at + 1));
    domain.toUTF8String(canonical);
    return canonical;
}

}  // namespace avtalskoll::rules
