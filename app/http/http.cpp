#include "app/http/http.h"

#include <fmt/format.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <charconv>

namespace avtalskoll::app::web {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

// `form`: a form's values may hold line breaks and tabs, no other control characters.
std::optional<std::string> decoded(std::string_view text, bool form) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return std::nullopt;
            c = static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else if (form && c == '+') {
            c = ' ';
        }
        const bool control = (c >= 0 && c < ' ') || c == '\x7f';
        if (control && !(form && (c == '\n' || c == '\r' || c == '\t'))) return std::nullopt;
        plain += c;
    }
    if (!is_utf8(plain)) return std::nullopt;
    return plain;
}

// Calls `each` with the parts between separators until it says no; true when it never did.
template <class Each>
bool split(std::string_view text, char separator, Each each) {
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0 && !each(text.substr(0, end))) return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

}  // namespace

bool is_utf8(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    std::int32_t length = 0;
    u_strFromUTF8(nullptr, 0, &length, text.data(), static_cast<std::int32_t>(text.size()), &error);
    // Nothing is written, so any text that is not empty overflows the buffer.
    return U_SUCCESS(error) || error == U_BUFFER_OVERFLOW_ERROR;
}

std::optional<int> whole_number(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::optional<std::map<std::string, std::string>> parse_form(std::string_view text) {
    std::map<std::string, std::string> fields;
    const bool well = split(text, '&', [&](std::string_view part) {
        const auto equals = std::min(part.find('='), part.size());
        const auto name = decoded(part.substr(0, equals), true),
                   value = decoded(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value) return false;
        fields[*name] = *value;
        return true;
    });
    return well ? std::optional(std::move(fields)) : std::nullopt;
}

std::optional<Target> parse_target(std::string_view target) {
    if (!target.starts_with('/')) return std::nullopt;
    const auto question = std::min(target.find('?'), target.size());
    Target parsed;
    const bool well = split(target.substr(0, question), '/', [&](std::string_view segment) {
        auto plain = decoded(segment, false);
        if (!plain || *plain == "." || *plain == "..") return false;
        parsed.path.push_back(std::move(*plain));
        return true;
    });
    auto query = parse_form(target.substr(std::min(question + 1, target.size())));
    if (!well || !query) return std::nullopt;
    parsed.query = std::move(*query);
    return parsed;
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    for (const char c : text) {
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) encoded += c;
        else encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return encoded;
}

void Request::add_header(std::string_view name, std::string_view value) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    std::string& joined = headers[lower];
    if (!joined.empty()) joined += lower == "cookie" ? "; " : ", ";
    joined += value;
}

std::string Request::header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? "" : at->second;
}

std::string Request::cookie(const std::string& name) const {
    std::string value;
    split(header("cookie"), ';', [&](std::string_view pair) {
        pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
        if (pair.starts_with(name + "=")) value = pair.substr(name.size() + 1);
        return true;
    });
    return value;
}

std::map<std::string, std::string> Request::form() const {
    if (!header("content-type").starts_with("application/x-www-form-urlencoded")) return {};
    return parse_form(body).value_or(std::map<std::string, std::string>{});
}

}  // namespace avtalskoll::app::web
