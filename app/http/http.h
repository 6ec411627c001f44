// Requests and responses as the pages see them, whatever carries them.
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace avtalskoll::app::web {

// What a request came over. A Unix socket can only be reached by whom its file's mode lets.
enum class Way { Network, UnixSocket };

struct Request {
    std::string method;                          // upper case; HEAD comes as GET
    std::vector<std::string> path;               // segments, decoded; "/" has none
    std::map<std::string, std::string> query;    // decoded
    std::map<std::string, std::string> headers;  // names in lower case
    std::set<std::string> repeated;              // names of headers that came more than once
    std::string body;                            // of small requests
    std::filesystem::path body_file;             // of uploads: gone when the response is there
    std::string peer;                            // the other's address; empty: a Unix socket's
    Way way = Way::Network;

    // Adds a field as it was sent. Of several with one name the values are joined.
    void add_header(std::string_view name, std::string_view value);
    // Empty: there is none.
    std::string header(const std::string& name) const;
    std::string cookie(const std::string& name) const;
    // A form's fields (application/x-www-form-urlencoded); empty when the body is no such form.
    std::map<std::string, std::string> form() const;
};

struct Response {
    int status = 200;
    std::string type = "text/html; charset=utf-8";
    std::string body = {};
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::filesystem::path body_file = {};  // instead of `body`: sent from the disk, however large
};

// The path and query of a request's target; nullopt when it is malformed: broken escapes, control
// characters, text that is not UTF-8.
struct Target {
    std::vector<std::string> path;
    std::map<std::string, std::string> query;
};
std::optional<Target> parse_target(std::string_view target);

// Decodes fields of a form or query; nullopt when one is malformed.
std::optional<std::map<std::string, std::string>> parse_form(std::string_view text);

// A text as one segment of a path, or as a value in a query (RFC 3986: all but unreserved
// characters escaped).
std::string percent_encoded(std::string_view text);

bool is_utf8(std::string_view text);

// A whole number and nothing else; nullopt when it is none.
std::optional<int> whole_number(std::string_view text);

}  // namespace avtalskoll::app::web
