// E-mail addresses: is it one, and its canonical form.
//
// Source: RFC 5321 (dot-atom local part, at most 64 and 254 characters), RFC 6531 (letters beyond
// ASCII), RFC 1035 (labels of at most 63 characters). Quoted local parts and address literals are
// refused: nobody writes them on a form. Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

enum class EmailFault {
    None,
    NotAnAddress,
    Unusual,  // an address is meant but not written as one: "(at)", words beside it, a comma for a
              // dot
    Several,  // two addresses or more
};

// An address as people write it on a form: hidden signs, "mailto:", angle brackets and a closing
// full stop say nothing.
struct Email {
    std::string address;    // `written` without these
    std::string canonical;  // its domain in lower case; empty unless fault is None
    EmailFault fault = EmailFault::NotAnAddress;
};
// `words`: they show that a text which is no address is meant as one.
Email read_email(std::string_view written, const RuleWords& words);

// The address with its domain in lower case; nullopt when `written` is no address. White space
// makes it none.
std::optional<std::string> parse_email(std::string_view written);

// The same as a rule of the kind. Normalized: the canonical form.
ValueCheck check_email(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
