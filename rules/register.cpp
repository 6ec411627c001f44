#include "rules/register.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <vector>

#include "models/error.h"
#include "models/text.h"
#include "rules/kinds/organisation_number.h"

namespace avtalskoll::rules {
namespace {

std::vector<std::string> split_csv(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
            cells.back() += line[++i];
        else if (c == '"') quoted = !quoted;
        else if (c == ',' && !quoted) cells.emplace_back();
        else if (c != '\r') cells.back() += c;
    }
    return cells;
}

// An organisation's name in two parts.
struct BodyName {
    std::string core;             // without what says its kind, no word in the genitive
    std::set<std::size_t> kinds;  // that it says; indices of RuleWords::bodies_compared
};

// Every s at a word's end goes, a genitive's and another: both names are folded alike.
std::string without_genitive(std::string word) {
    constexpr std::size_t kShortest = 3;
    if (word.size() > kShortest && word.back() == 's') word.pop_back();
    return word;
}

BodyName parted(std::string_view name, const RuleWords& words) {
    std::string folded = folded_words(name);
    if (const auto other = words.other_names.find(folded); other != words.other_names.end())
        folded = other->second;
    BodyName body;
    std::istringstream parts(folded);
    for (std::string word; parts >> word;) {
        const auto kind =
            std::find_if(words.bodies_compared.begin(), words.bodies_compared.end(),
                         [&](const std::set<std::string>& k) { return k.contains(word); });
        if (kind != words.bodies_compared.end())
            body.kinds.insert(static_cast<std::size_t>(kind - words.bodies_compared.begin()));
        else body.core += (body.core.empty() ? "" : " ") + without_genitive(word);
    }
    return body;
}

// A name that says no kind may be of any.
bool may_be_of_one_kind(const BodyName& a, const BodyName& b) {
    return a.kinds.empty() || b.kinds.empty() ||
           std::any_of(a.kinds.begin(), a.kinds.end(),
                       [&](std::size_t kind) { return b.kinds.contains(kind); });
}

bool has_words(const std::string& text, const std::string& words) {
    return (" " + text + " ").find(" " + words + " ") != std::string::npos;
}

}  // namespace

NameMatch compare_names(std::string_view written, std::string_view registered,
                        const RuleWords& words) {
    constexpr double kMisread = 0.8;  // two letters in ten may be misread
    const std::string a = folded_words(written), b = folded_words(registered);
    if (a == b) return NameMatch::Same;
    const BodyName one = parted(written, words), other = parted(registered, words);
    if (one.core.empty() || other.core.empty() || !may_be_of_one_kind(one, other))
        return NameMatch::Different;
    // A department's name stands before the body's or after it.
    const bool part = has_words(one.core, other.core) || has_words(other.core, one.core);
    return part || similarity(one.core, other.core) >= kMisread || similarity(a, b) >= kMisread
               ? NameMatch::SameBody
               : NameMatch::Different;
}

Register Register::load(const std::filesystem::path& csv) {
    std::ifstream in(csv);
    if (!in)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: the register cannot be read", csv.string()));
    Register loaded;
    std::string line;
    std::getline(in, line);
    for (int number = 2; std::getline(in, line); ++number) {
        if (line.empty()) continue;
        const std::vector<std::string> cells = split_csv(line);
        const OrganisationNumber parsed = parse_organisation_number(cells[0]);
        if (cells.size() < 2 || parsed.fault != NumberFault::None || cells[1].empty())
            throw Error(
                ErrorKind::BadInput,
                fmt::format("{}:{}: not 'organisation number,name,kind' with a valid number",
                            csv.string(), number));
        loaded.names_[parsed.canonical] = cells[1];
    }
    return loaded;
}

std::optional<std::string> Register::name_of(const std::string& number) const {
    const auto at = names_.find(number);
    return at == names_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::string> Register::number_of(std::string_view written,
                                               const RuleWords& words) const {
    std::optional<std::string> found;
    const BodyName wanted = parted(written.substr(0, written.find(',')), words);
    if (wanted.core.empty()) return found;
    for (const auto& [number, name] : names_)
        if (const BodyName body = parted(name, words);
            body.core == wanted.core && may_be_of_one_kind(body, wanted)) {
            if (found) return std::nullopt;
            found = number;
        }
    return found;
}

}  // namespace avtalskoll::rules
