// E-mail addresses beside the names that they are made of: a person's before the @, an
// organisation's after it.
//
// Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_words.h"

namespace avtalskoll::rules {

// The part of an address before its @, and the part after it.
std::string local_of(const std::string& address);
std::string domain_of(const std::string& address);

// True when the part before @ is made of the person's name: first.last, flast, last and the like;
// or is a shared mailbox.
bool local_part_fits(std::string_view local, std::string_view person, const RuleWords& words);
// True when the domain is made of the organisation's name: its longest label begins it, or the
// other way round.
bool domain_fits(std::string_view domain, std::string_view organisation, const RuleWords& words);

// Small letters and digits only, without marks: a text's letters for comparison.
std::string bare_letters(std::string_view text);

// The forms that people give a person's name before the @, without separators; empty for a single
// word.
std::vector<std::string> ways_of_writing(std::string_view person);
// An organisation's name in one word: whole, and without the kind of body.
std::vector<std::string> names_of(std::string_view organisation, const RuleWords& words);

// The label of a domain that names its owner: the longest one before the top.
std::string longest_label(std::string_view domain);

// A text of bare letters with all letters that engines take for one another written as one: thin
// strokes, rounds, m and its parts. Of 60 scans' misread addresses all but one differed from the
// truth by these only.
std::string skeleton(std::string_view bare);

// `part` of an address with other letters, its separators kept; nullopt when it has some and the
// number of letters differs.
std::optional<std::string> with_letters(const std::string& part, const std::string& letters);

}  // namespace avtalskoll::rules
