#include "rules/kinds/email.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cctype>
#include <regex>

#include "models/text.h"

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

bool is_domain_label(const icu::UnicodeString& text) {
    if (text.isEmpty() || text.length() > 63 || text[0] == '-' || text[text.length() - 1] == '-')
        return false;
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

// The text without the signs around an address that are no part of it.
std::string undressed(std::string text) {
    constexpr std::string_view kMailto = "mailto:", kBefore = " <(\"'", kAfter = " >)\"'.,;";
    for (std::size_t before = text.size() + 1; text.size() < before;) {
        before = text.size();
        text.erase(0, std::min(text.find_first_not_of(kBefore), text.size()));
        text.erase(text.find_last_not_of(kAfter) + 1);
        std::string head = text.substr(0, kMailto.size());
        for (char& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (head == kMailto) text.erase(0, kMailto.size());
    }
    return text;
}

// Matches one of these in brackets, and a lone "at".
std::regex spoken_at(const std::vector<std::string>& spoken) {
    std::string any;
    for (const std::string& word : spoken) {
        any += any.empty() ? "" : "|";
        for (const char c : word)
            any += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c)
                                                                    : std::string{'\\', c};
    }
    return std::regex(R"(\s*[\[({]\s*(?:)" + any + R"()\s*[\])}]\s*|\s+at\s+)");
}

// The fault of a text that is no address: are there addresses in it, or is one meant?
EmailFault fault_of_mixed(const std::string& text, const RuleWords& words) {
    static const std::regex kSeparator(R"([\s,;/&|<>()]+)"), kSpacedSign(R"(\s*([@.,])\s*)");
    // std::regex recurses; twice the longest address would do.
    constexpr std::size_t kMostRead = 1000;
    if (text.size() > kMostRead) return EmailFault::Unusual;
    const std::sregex_token_iterator begin(text.begin(), text.end(), kSeparator, -1), end;
    const auto addresses = std::count_if(begin, end, [](const auto& part) {
        return parse_email(undressed(part.str())).has_value();
    });
    if (addresses > 1) return EmailFault::Several;
    // Two of these signs were never meant as one address, however badly either was written or read.
    if (std::count(text.begin(), text.end(), '@') > 1) return EmailFault::Unusual;
    std::string meant = std::regex_replace(
        std::regex_replace(text, spoken_at(words.spoken_at), "@"), kSpacedSign, "$1");
    std::replace(meant.begin(), meant.end(), ',', '.');
    return addresses == 1 || parse_email(meant) ? EmailFault::Unusual : EmailFault::NotAnAddress;
}

}  // namespace

Email read_email(std::string_view written, const RuleWords& words) {
    Email read;
    read.address = undressed(plain_signs(written));
    const auto canonical = parse_email(read.address);
    // One domain after two names means two addresses; nobody else uses a slash in an address.
    if (canonical && read.address.find('/') != std::string::npos) read.fault = EmailFault::Several;
    else if (canonical) read.canonical = *canonical, read.fault = EmailFault::None;
    else read.fault = fault_of_mixed(read.address, words);
    return read;
}

std::optional<std::string> parse_email(std::string_view written) {
    const auto at = written.find('@');
    if (at == std::string_view::npos || written.find('@', at + 1) != std::string_view::npos)
        return std::nullopt;
    if (at > 64 || written.size() > 254) return std::nullopt;
    const auto as_unicode = [](std::string_view s) {
        return icu::UnicodeString::fromUTF8(icu::StringPiece(s.data(), static_cast<int>(s.size())));
    };
    const icu::UnicodeString local = as_unicode(written.substr(0, at));
    icu::UnicodeString domain = as_unicode(written.substr(at + 1));
    int parts = 0;
    if (!all_parts(local, is_atom, &parts)) return std::nullopt;
    if (!all_parts(domain, is_domain_label, &parts) || parts < 2) return std::nullopt;
    const icu::UnicodeString top =
        domain.tempSubString(domain.lastIndexOf(static_cast<char16_t>('.')) + 1);
    if (top.length() < 2 || std::any_of(top.getBuffer(), top.getBuffer() + top.length(),
                                        [](char16_t c) { return u_isdigit(c) != 0; }))
        return std::nullopt;
    domain.toLower(icu::Locale::getRoot());
    std::string canonical(written.substr(0, at + 1));
    domain.toUTF8String(canonical);
    return canonical;
}

ValueCheck check_email(const std::string& text, const RuleWords& words) {
    const Email email = read_email(text, words);
    ValueCheck check = wrong_value(text, "format");
    check.valid = email.fault == EmailFault::None;
    check.doubtful = email.fault == EmailFault::Unusual || email.fault == EmailFault::Several;
    if (check.valid) check.value = email.address, check.normalized = email.canonical;
    if (email.fault == EmailFault::Several) check.reason = "several_values";
    if (email.fault == EmailFault::Unusual) check.reason = "unusual_form";
    return check;
}

}  // namespace avtalskoll::rules
