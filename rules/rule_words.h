// The words of a language and of its authorities that rules look for (data/rule_words.yaml).
//
// Plain values; safe from many threads.
#pragma once
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace avtalskoll::rules {

struct RuleWords {
    std::vector<std::string> elsewhere;  // a text that begins so says nothing itself; folded_words
    // Words that say a body's kind, by kind: left out when two names are compared; folded_words.
    std::vector<std::set<std::string>> bodies_compared;
    // Whole names that a body bears beside the registered one; folded_words.
    std::map<std::string, std::string> other_names;
    // Kinds of bodies that are left out of a name when an address may be made of it; bare_words.
    std::set<std::string> bodies_in_addresses;
    std::set<std::string> shared_mailboxes;  // of a function, not of a person; bare_letters
    std::set<std::string> usual_tops;        // what usually stands after an address's last dot
    std::vector<std::string> between_values;
    std::vector<std::string> spoken_at;         // what stands in brackets for an @
    std::vector<std::set<std::string>> months;  // names of the twelve, each; bare_words
    std::vector<std::string> around_dates;      // words in a date that say nothing; bare_words
};

// True when the words send the reader elsewhere ("se bilaga", "samma som ovan", "dito") instead of
// saying something. Pure.
bool refers_elsewhere(std::string_view text, const RuleWords& words);

}  // namespace avtalskoll::rules
