#include "rules/kinds/url.h"

#include <Poco/Exception.h>
#include <Poco/URI.h>

#include <algorithm>
#include <regex>

#include "models/text.h"

namespace avtalskoll::rules {

ValueCheck check_url(const std::string& text, const RuleWords&) try {
    static const std::regex kHost("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,24}");
    constexpr std::size_t kLongest = 500;
    const std::string plain = folded_space(text);
    if (plain.empty() || plain.size() > kLongest || plain.find(' ') != std::string::npos ||
        plain.find('@') != std::string::npos)
        return wrong_value(text, "format");
    if (std::any_of(plain.begin(), plain.end(), [](char c) { return (c & 0x80) != 0; }))
        return doubtful_value(text, "unusual_form");
    const bool has_scheme = plain.find("://") != std::string::npos;
    const Poco::URI uri(has_scheme ? plain : "https://" + plain);
    if (uri.getScheme() != "https" && uri.getScheme() != "http")
        return doubtful_value(text, "unusual_form");
    if (!std::regex_match(uri.getHost(), kHost)) return wrong_value(text, "format");
    return right_value(text, uri.toString());
} catch (const Poco::Exception&) {
    return wrong_value(text, "format");
}

}  // namespace avtalskoll::rules
