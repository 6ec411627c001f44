#include "models/text.h"

#include <fmt/format.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <vector>

namespace avtalskoll {
namespace {

icu::UnicodeString composed(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
    const auto raw =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    icu::UnicodeString out = nfc ? nfc->normalize(raw, status) : raw;
    return U_SUCCESS(status) ? out : raw;
}

std::string utf8(const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return out;
}

std::vector<UChar32> code_points(std::string_view text) {
    const icu::UnicodeString s = composed(text);
    std::vector<UChar32> points;
    for (int i = 0; i < s.length(); i = s.moveIndex32(i, 1)) points.push_back(s.char32At(i));
    return points;
}

// Soft hyphens, zero-width spaces, byte order marks. The two joiners shape words of other scripts
// and stay.
bool is_unseen(UChar32 c) {
    constexpr UChar32 kNonJoiner = 0x200C, kJoiner = 0x200D;
    return c != kNonJoiner && c != kJoiner &&
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

UChar32 plain_sign(UChar32 c) {
    constexpr UChar32 kMinus = 0x2212, kFullWidthFirst = 0xFF01, kFullWidthLast = 0xFF5E,
                      kToAscii = 0xFEE0;
    if (c >= kFullWidthFirst && c <= kFullWidthLast) c -= kToAscii;
    return c == kMinus || u_charType(c) == U_DASH_PUNCTUATION ? U'-' : c;
}

// Letters whose mark Unicode does not part from them.
UChar32 unmarked(UChar32 c) {
    switch (c) {
        case U'ı': return U'i';
        case U'ł': return U'l';
        case U'ø': return U'o';
        case U'đ': return U'd';
        default: return c;
    }
}

}  // namespace

std::string folded_space(std::string_view text) {
    icu::UnicodeString out;
    for (const UChar32 c : code_points(text)) {
        if (is_unseen(c)) continue;
        if (!u_isUWhiteSpace(c)) out.append(c);
        else if (!out.isEmpty() && out[out.length() - 1] != ' ')
            out.append(static_cast<UChar32>(' '));
    }
    return utf8(out.trim());
}

std::string folded_words(std::string_view text) {
    icu::UnicodeString lower = composed(text), out;
    lower.foldCase();
    for (int i = 0; i < lower.length(); i = lower.moveIndex32(i, 1)) {
        const UChar32 c = lower.char32At(i);
        if (is_unseen(c)) continue;
        if (u_isalnum(c)) out.append(c);
        else if (!out.isEmpty() && out[out.length() - 1] != ' ')
            out.append(static_cast<UChar32>(' '));
    }
    return utf8(out.trim());
}

std::string bare_words(std::string_view text) { return without_marks(folded_words(text)); }

std::string plain_signs(std::string_view text) {
    icu::UnicodeString out;
    for (const UChar32 c : code_points(folded_space(text))) out.append(plain_sign(c));
    return utf8(out);
}

std::string without_marks(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* nfd = icu::Normalizer2::getNFDInstance(status);
    const auto raw =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    const icu::UnicodeString apart = nfd ? nfd->normalize(raw, status) : raw;
    icu::UnicodeString out;
    for (int i = 0; i < apart.length(); i = apart.moveIndex32(i, 1))
        if (u_getCombiningClass(apart.char32At(i)) == 0) out.append(unmarked(apart.char32At(i)));
    return utf8(out);
}

bool begins_with_capital(std::string_view text) {
    const icu::UnicodeString s = composed(text);
    return s.length() > 0 && u_isupper(s.char32At(0));
}

bool begins_with_small_letter(std::string_view text) {
    const icu::UnicodeString s = composed(text);
    return s.length() > 0 && u_islower(s.char32At(0));
}

LetterCount count_letters(std::string_view text) {
    LetterCount count;
    for (const UChar32 c : code_points(text)) {
        if (u_isalpha(c)) ++count.letters;
        else if (u_isdigit(c)) ++count.digits;
        else if (!u_isUWhiteSpace(c)) ++count.others;
    }
    return count;
}

int edit_distance(std::string_view a, std::string_view b) {
    const auto x = code_points(a), y = code_points(b);
    std::vector<int> row(y.size() + 1);
    for (std::size_t j = 0; j <= y.size(); ++j) row[j] = static_cast<int>(j);
    for (std::size_t i = 1; i <= x.size(); ++i) {
        int diagonal = row[0];
        row[0] = static_cast<int>(i);
        for (std::size_t j = 1; j <= y.size(); ++j) {
            const int above = row[j];
            row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (x[i - 1] != y[j - 1])});
            diagonal = above;
        }
    }
    return row[y.size()];
}

double similarity(std::string_view a, std::string_view b) {
    const std::size_t longer = std::max(code_points(a).size(), code_points(b).size());
    return longer == 0 ? 1
                       : 1 - static_cast<double>(edit_distance(a, b)) / static_cast<double>(longer);
}

std::u32string code_points_of(std::string_view text) {
    const auto s =
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    std::u32string points;
    for (int i = 0; i < s.length(); i = s.moveIndex32(i, 1))
        points += static_cast<char32_t>(s.char32At(i));
    return points;
}

std::string utf8_of(std::u32string_view text) {
    icu::UnicodeString s;
    for (const char32_t c : text) s.append(static_cast<UChar32>(c));
    return utf8(s);
}

std::string counted(std::size_t count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

}  // namespace avtalskoll
