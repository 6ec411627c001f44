#include "app/http/http.h"

#include <Poco/Exception.h>
#include <Poco/Net/MediaType.h>
#include <Poco/String.h>
#include <Poco/StringTokenizer.h>
#include <Poco/URI.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <charconv>

namespace avtalskoll::app::web {
namespace {

using Poco::StringTokenizer;

// The delimiters of RFC 3986. Poco escapes these and every character that no URI may hold.
constexpr const char* kReserved = ":/?#[]@!$&'()*+,;=";

// Poco decodes any byte; paths and forms may hold no control characters and nothing but UTF-8.
// `allowed`: the control characters that are welcome all the same.
bool is_clean(std::string_view text, std::string_view allowed) {
    const bool control = std::any_of(text.begin(), text.end(), [&](char c) {
        return ((c >= 0 && c < ' ') || c == '\x7f') && allowed.find(c) == std::string_view::npos;
    });
    return !control && is_utf8(text);
}

// The segments of a path. Poco::URI decodes a path before it takes it apart, so that an escaped
// slash would divide a segment; here each segment is decoded by itself.
std::optional<std::vector<std::string>> parse_path(const std::string& path) {
    std::vector<std::string> segments;
    for (const std::string& segment :
         StringTokenizer(path, "/", StringTokenizer::TOK_IGNORE_EMPTY)) {
        std::string plain;
        Poco::URI::decode(segment, plain);
        if (!is_clean(plain, "") || plain == "." || plain == "..") return std::nullopt;
        segments.push_back(std::move(plain));
    }
    return segments;
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

std::optional<std::map<std::string, std::string>> parse_form(std::string_view text) try {
    Poco::URI uri;
    uri.setRawQuery(std::string(text));
    std::map<std::string, std::string> fields;
    for (const auto& [name, value] : uri.getQueryParameters()) {
        if (!is_clean(name, "\t\r\n") || !is_clean(value, "\t\r\n")) return std::nullopt;
        if (!name.empty()) fields[name] = value;  // of "&&" Poco makes fields without names
    }
    return fields;
} catch (const Poco::SyntaxException&) {  // a broken escape
    return std::nullopt;
}

std::optional<Target> parse_target(std::string_view target) try {
    if (!target.starts_with('/')) return std::nullopt;
    const auto question = std::min(target.find('?'), target.size());
    auto path = parse_path(std::string(target.substr(0, question)));
    auto query = parse_form(target.substr(std::min(question + 1, target.size())));
    if (!path || !query) return std::nullopt;
    return Target{.path = std::move(*path), .query = std::move(*query)};
} catch (const Poco::SyntaxException&) {  // a broken escape
    return std::nullopt;
}

std::string percent_encoded(std::string_view text) {
    std::string encoded;
    Poco::URI::encode(std::string(text), kReserved, encoded);
    return encoded;
}

void Request::add_header(std::string_view name, std::string_view value) {
    const std::string lower = Poco::toLower(std::string(name));
    const auto [at, is_new] = headers.try_emplace(lower);
    if (!is_new) repeated.insert(lower);
    std::string& joined = at->second;
    if (!joined.empty()) joined += lower == "cookie" ? "; " : ", ";
    joined += value;
}

std::string Request::header(const std::string& name) const {
    const auto at = headers.find(name);
    return at == headers.end() ? "" : at->second;
}

// Not Poco's own reading of cookies: it knows no upper case and takes quotation marks for syntax,
// so that one such mark in a neighbour's cookie would swallow the session's (RFC 6265, 4.2).
std::string Request::cookie(const std::string& name) const {
    std::string value;
    for (const std::string& pair :
         StringTokenizer(header("cookie"), ";", StringTokenizer::TOK_TRIM))
        if (pair.starts_with(name + "=")) value = pair.substr(name.size() + 1);
    return value;
}

std::map<std::string, std::string> Request::form() const {
    const Poco::Net::MediaType type(header("content-type"));
    if (!type.matches("application", "x-www-form-urlencoded")) return {};
    return parse_form(body).value_or(std::map<std::string, std::string>{});
}

}  // namespace avtalskoll::app::web
