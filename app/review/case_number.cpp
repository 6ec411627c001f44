#include "app/review/case_number.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kMostSigns = 60;
constexpr std::string_view kSeparators = "-/.:_ ";

bool is_sign(char32_t sign) {
    if (sign >= 0x80) return sign >= 0xC0 && sign < 0x250;  // letters with marks: Å, é, ø
    const auto c = static_cast<unsigned char>(sign);
    return std::isalnum(c) != 0 || kSeparators.find(static_cast<char>(c)) != std::string_view::npos;
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::optional<CaseNumber> parse_case_number(const std::string& text) {
    CaseNumber number{trimmed(text), {}};
    const auto signs = code_points_of(number.written);
    const bool has_digit =
        std::any_of(signs.begin(), signs.end(), [](char32_t s) { return s >= U'0' && s <= U'9'; });
    if (!has_digit || signs.size() > kMostSigns || number.written.starts_with('.') ||
        number.written.find("..") != std::string::npos ||
        !std::all_of(signs.begin(), signs.end(), is_sign))
        return std::nullopt;
    number.key = folded_words(number.written);
    std::replace(number.key.begin(), number.key.end(), ' ', '-');
    if (number.key.starts_with("dnr-")) number.key.erase(0, 4);
    return number;
}

}  // namespace avtalskoll::app
