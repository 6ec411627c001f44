#include "rules/register.h"

#include <fmt/format.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "models/error.h"
#include "models/text.h"
#include "rules/organisation_number.h"

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

// The name of the body itself: without department, kind of body and genitive s.
std::string core(std::string_view name, const RuleWords& words) {
    std::istringstream parts(folded_words(name.substr(0, name.find(','))));
    std::string out;
    for (std::string word; parts >> word;) {
        if (words.bodies_compared.contains(word)) continue;
        if (word.size() > 4 && word.back() == 's') word.pop_back();
        out += (out.empty() ? "" : " ") + word;
    }
    return out;
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
    const std::string core_a = core(written, words), core_b = core(registered, words);
    if (core_a.empty() || core_b.empty()) return NameMatch::Different;
    const bool part = has_words(core_a, core_b) || has_words(core_b, core_a);
    return part || similarity(core_a, core_b) >= kMisread || similarity(a, b) >= kMisread
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
    const std::string wanted = core(written, words);
    if (wanted.empty()) return found;
    for (const auto& [number, name] : names_)
        if (core(name, words) == wanted) {
            if (found) return std::nullopt;
            found = number;
        }
    return found;
}

}  // namespace avtalskoll::rules
