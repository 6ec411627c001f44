// The register of known producers: which organisation owns a number.
//
// Immutable after loading; safe from many threads.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "rules/rule_words.h"

namespace avtalskoll::rules {

enum class NameMatch {
    Same,       // equal but for case and spacing
    SameBody,   // the same organisation in other words: genitive s, kommun/stad, a department
    Different,  // another organisation's name
};

// Compares an organisation's name as written with the register's. Small differences are taken for
// misreadings.
NameMatch compare_names(std::string_view written, std::string_view registered,
                        const RuleWords& words);

class Register {
public:
    // CSV with header organisation_number,name,kind (RFC 4180). Throws Error{BadInput} naming the
    // line that is wrong.
    static Register load(const std::filesystem::path& csv);
    Register() = default;

    // `number` as NNNNNN-NNNN.
    std::optional<std::string> name_of(const std::string& number) const;
    // The number of the organisation that `written` surely names; nullopt when none or several do.
    std::optional<std::string> number_of(std::string_view written, const RuleWords& words) const;

private:
    std::map<std::string, std::string> names_;
};

}  // namespace avtalskoll::rules
