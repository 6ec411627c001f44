// Reads the lists of words by which print and values are understood: data/field_words.yaml,
// data/page_words.yaml, data/rule_words.yaml.
#pragma once
#include <filesystem>

#include "pipeline/forms/form_draft.h"
#include "rules/rule_words.h"
#include "rules/strange_page.h"

namespace avtalskoll::pipeline {

// All throw Error{BadInput} with file and line.
FieldWords load_field_words(const std::filesystem::path& yaml);
rules::PageWords load_page_words(const std::filesystem::path& yaml);
rules::RuleWords load_rule_words(const std::filesystem::path& yaml);

}  // namespace avtalskoll::pipeline
