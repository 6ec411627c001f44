#include "pipeline/forms/word_lists.h"

#include "models/text.h"
#include "pipeline/forms/definition.h"

namespace avtalskoll::pipeline {
namespace {

std::vector<std::string> folded_list(const Definition& file, const YAML::Node& map,
                                     const char* key) {
    std::vector<std::string> words = file.get<std::vector<std::string>>(map, key);
    for (std::string& word : words) word = bare_words(word);
    return words;
}

}  // namespace

FieldWords load_field_words(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"not_asked", "annex", "numbered", "fields"});
    FieldWords words{{},
                     folded_list(file, file.root(), "not_asked"),
                     folded_list(file, file.root(), "annex"),
                     folded_list(file, file.root(), "numbered")};
    for (const YAML::Node& node : file.list(file.root(), "fields")) {
        file.only_keys(node, {"id", "kind", "words"});
        const auto kind = parse_field_kind(file.get<std::string>(node, "kind"));
        if (!kind) file.refuse(node["kind"], "unknown kind");
        words.fields.push_back(
            {file.get<std::string>(node, "id"), *kind, folded_list(file, node, "words")});
    }
    return words;
}

rules::PageWords load_page_words(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    file.only_keys(file.root(), {"letter", "agreement"});
    return {folded_list(file, file.root(), "letter"), folded_list(file, file.root(), "agreement")};
}

}  // namespace avtalskoll::pipeline
