#include "rules/address.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "models/text.h"

namespace avtalskoll::rules {
namespace {

std::vector<std::string> plain_words(std::string_view text) {
    std::istringstream in(bare_words(text));
    std::vector<std::string> words;
    for (std::string w; in >> w;) words.push_back(w);
    return words;
}

}  // namespace

std::string bare_letters(std::string_view text) {
    std::string out = bare_words(text);
    std::erase(out, ' ');
    return out;
}

std::string local_of(const std::string& address) { return address.substr(0, address.find('@')); }
std::string domain_of(const std::string& address) { return address.substr(address.find('@') + 1); }

std::string longest_label(std::string_view domain) {
    const auto top = domain.rfind('.');
    std::string longest;
    if (top == std::string_view::npos) return longest;
    std::istringstream labels{std::string(domain.substr(0, top))};
    for (std::string label; std::getline(labels, label, '.');)
        if (label.size() > longest.size()) longest = label;
    return longest;
}

std::vector<std::string> ways_of_writing(std::string_view person) {
    const std::vector<std::string> words = plain_words(person);
    if (words.size() < 2) return {};
    const std::string& first = words.front();
    const std::string& last = words.back();
    std::string rest;
    for (std::size_t i = 1; i < words.size(); ++i) rest += words[i];
    return {first + rest,
            first.substr(0, 1) + rest,
            first + last,
            first.substr(0, 1) + last,
            rest + first,
            last + first,
            first + last.substr(0, 1),
            rest};
}

std::vector<std::string> names_of(std::string_view organisation, const RuleWords& words) {
    std::string name, body;
    for (const std::string& word : plain_words(organisation)) {
        name += word;
        if (!words.bodies_in_addresses.contains(word)) body += word;
    }
    return {name, body};
}

std::string skeleton(std::string_view bare) {
    static const std::vector<std::pair<std::string, char>> kPairs{
        {"rn", 'm'}, {"in", 'm'}, {"ni", 'm'}, {"iii", 'm'}, {"nn", 'm'}, {"vv", 'w'}, {"cl", 'd'}};
    static const std::map<char, char> kSingles{{'l', 'i'}, {'1', 'i'}, {'j', 'i'}, {'t', 'i'},
                                               {'f', 'i'}, {'0', 'o'}, {'c', 'o'}, {'e', 'o'},
                                               {'5', 's'}, {'8', 'b'}, {'6', 'b'}, {'9', 'g'},
                                               {'q', 'g'}, {'v', 'u'}, {'y', 'u'}};
    std::string out;
    for (std::size_t i = 0; i < bare.size(); ++i) {
        const auto pair = std::find_if(kPairs.begin(), kPairs.end(), [&](const auto& p) {
            return bare.substr(i, p.first.size()) == p.first;
        });
        if (pair != kPairs.end()) {
            out += pair->second;
            i += pair->first.size() - 1;
        } else {
            const auto single = kSingles.find(bare[i]);
            out += single == kSingles.end() ? bare[i] : single->second;
        }
    }
    return out;
}

std::optional<std::string> with_letters(const std::string& part, const std::string& letters) {
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    const auto count = static_cast<std::size_t>(std::count_if(part.begin(), part.end(), is_letter));
    if (count == part.size()) return letters;
    if (count != letters.size()) return std::nullopt;
    std::string out = part;
    auto next = letters.begin();
    for (char& c : out)
        if (is_letter(c)) c = *next++;
    return out;
}

bool local_part_fits(std::string_view local, std::string_view person, const RuleWords& words) {
    const std::string written = bare_letters(local);
    if (words.shared_mailboxes.contains(written)) return true;
    const std::vector<std::string> ways = ways_of_writing(person);
    return std::find(ways.begin(), ways.end(), written) != ways.end();
}

bool domain_fits(std::string_view domain, std::string_view organisation, const RuleWords& words) {
    constexpr std::size_t kTelling = 3;  // letters that a shorter label shares with too many names
    const std::string label = bare_letters(longest_label(domain));
    if (label.size() < kTelling) return false;
    const std::vector<std::string> names = names_of(organisation, words);
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return (name.size() >= kTelling && name.starts_with(label)) ||
               (name.size() > kTelling && label == name + "s");
    });
}

}  // namespace avtalskoll::rules
