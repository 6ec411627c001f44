// Addresses of web pages, with or without the scheme.
//
// Source: RFC 3986; a name below a top domain is asked for, so that words are none. Pure; safe from
// many threads.
#pragma once
#include "rules/kinds/value_check.h"

namespace avtalskoll::rules {

// Normalized: with scheme (https where none is written) and the host in small letters. Letters
// beyond ASCII are doubtful.
ValueCheck check_url(const std::string& text, const RuleWords& words);

}  // namespace avtalskoll::rules
