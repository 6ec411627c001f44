#include "pipeline/forms/word_lists.h"

#include <set>

#include "models/text.h"
#include "pipeline/files/definition.h"
#include "rules/address.h"

namespace avtalskoll::pipeline {
namespace {

std::vector<std::string> folded_list(const Definition& file, const YAML::Node& map, const char* key,
                                     std::string (*folded)(std::string_view) = bare_words) {
    std::vector<std::string> words = file.get<std::vector<std::string>>(map, key);
    for (std::string& word : words) word = folded(word);
    return words;
}

// A list of lists of words.
std::vector<std::set<std::string>> sets_of_words(const Definition& file, const char* key,
                                                 std::string (*folded)(std::string_view)) {
    std::vector<std::set<std::string>> sets;
    for (const YAML::Node& node : file.list(file.root(), key)) {
        if (!node.IsSequence() || node.size() == 0) file.refuse(node, "not a list of words");
        std::set<std::string>& words = sets.emplace_back();
        for (const YAML::Node& word : node) words.insert(folded(word.as<std::string>()));
    }
    return sets;
}

std::vector<std::set<std::string>> twelve_months(const Definition& file) {
    auto months = sets_of_words(file, "months", bare_words);
    if (months.size() != 12) file.refuse(file.root()["months"], "not the names of twelve months");
    return months;
}

std::map<std::string, std::string> other_names(const Definition& file) {
    std::map<std::string, std::string> names;
    for (const YAML::Node& node : file.list(file.root(), "other_names")) {
        file.only_keys(node, {"name", "registered"});
        names[folded_words(file.get<std::string>(node, "name"))] =
            folded_words(file.get<std::string>(node, "registered"));
    }
    return names;
}

}  // namespace

FieldWords load_field_words(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"beside_signature", "annex", "numbered", "parts", "version",
                                 "prompts", "own_side", "other_side", "untitled_point", "fields"});
    const auto list = [&](const char* key) { return folded_list(file, file.root(), key); };
    FieldWords words{.fields = {},
                     .beside_signature = list("beside_signature"),
                     .annex = list("annex"),
                     .numbered = list("numbered"),
                     .parts = list("parts"),
                     .version = list("version"),
                     .prompts = list("prompts"),
                     .own_side = list("own_side"),
                     .other_side = list("other_side"),
                     .untitled_point = file.get<std::string>(file.root(), "untitled_point")};
    for (const YAML::Node& node : file.list(file.root(), "fields")) {
        file.only_keys(node, {"id", "kind", "words"});
        const auto kind = parse_field_kind(file.get<std::string>(node, "kind"));
        if (!kind) file.refuse(node["kind"], "unknown kind");
        words.fields.push_back(
            {file.get<std::string>(node, "id"), *kind, folded_list(file, node, "words")});
    }
    return words;
}

rules::RuleWords load_rule_words(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"elsewhere", "bodies_compared", "other_names",
                                 "bodies_in_addresses", "shared_mailboxes", "usual_tops",
                                 "between_values", "spoken_at", "months", "around_dates"});
    const auto list_of = [&](const char* key, std::string (*folded)(std::string_view)) {
        std::vector<std::string> list = folded_list(file, file.root(), key, folded);
        if (list.empty()) file.refuse(file.root()[key], fmt::format("'{}' is empty", key));
        return list;
    };
    const auto set_of = [&](const char* key, std::string (*folded)(std::string_view)) {
        const std::vector<std::string> list = list_of(key, folded);
        return std::set<std::string>(list.begin(), list.end());
    };
    return {.elsewhere = list_of("elsewhere", folded_words),
            .bodies_compared = sets_of_words(file, "bodies_compared", folded_words),
            .other_names = other_names(file),
            .bodies_in_addresses = set_of("bodies_in_addresses", bare_words),
            .shared_mailboxes = set_of("shared_mailboxes", rules::bare_letters),
            .usual_tops = set_of("usual_tops", folded_words),
            .between_values = list_of("between_values", folded_space),
            .spoken_at = list_of("spoken_at", folded_space),
            .months = twelve_months(file),
            .around_dates = list_of("around_dates", bare_words)};
}

rules::PageWords load_page_words(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"letter", "agreement"});
    return {folded_list(file, file.root(), "letter"), folded_list(file, file.root(), "agreement")};
}

}  // namespace avtalskoll::pipeline
