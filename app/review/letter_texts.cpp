#include "app/review/letter_texts.h"

#include "pipeline/files/definition.h"

namespace avtalskoll::pipeline {
namespace {

// A text that has no placeholders but those in `known`.
std::string text(const Definition& file, const YAML::Node& map, const char* key,
                 std::initializer_list<const char*> known) {
    std::string found = file.get<std::string>(map, key);
    for (auto open = found.find('{'); open != std::string::npos; open = found.find('{', open + 1)) {
        const auto close = std::min(found.find('}', open), found.size());
        const std::string name = found.substr(open + 1, close - open - 1);
        if (std::none_of(known.begin(), known.end(), [&](const char* k) { return name == k; }))
            file.refuse(map[key], fmt::format("unknown placeholder '{{{}}}'; known here: {}", name,
                                              fmt::join(known, ", ")));
    }
    return found;
}

}  // namespace

LetterTexts load_letter_texts(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    const YAML::Node& root = file.root();
    LetterTexts texts;
    const std::map<std::string, std::string*> of_frame{
        {"subject", &texts.subject},
        {"to_person", &texts.to_person},
        {"to_address", &texts.to_address},
        {"about", &texts.about},
        {"greeting", &texts.greeting},
        {"greeting_person", &texts.greeting_person},
        {"opening", &texts.opening},
        {"closing", &texts.closing},
        {"deadline", &texts.deadline},
        {"regards", &texts.regards},
        {"reminder_subject", &texts.reminder_subject},
        {"reminder", &texts.reminder},
        {"overdue", &texts.overdue},
        {"copy_subject", &texts.copy_subject},
        {"copy", &texts.copy}};
    for (const auto& entry : root) {
        const auto key = entry.first.as<std::string>();
        if (!of_frame.contains(key) && key != "point_heading" && key != "any_agreement" &&
            key != "fields" && key != "findings")
            file.refuse(entry.first, fmt::format("unknown key '{}'", key));
    }
    for (const auto& [key, to] : of_frame)
        *to = text(file, root, key.c_str(),
                   {"id", "organisation", "organisation_number", "contact", "email", "officer",
                    "authority", "answer_by"});
    texts.point_heading = text(file, root, "point_heading", {"point", "point_title"});
    texts.any_agreement = text(file, root, "any_agreement", {});
    for (const auto& entry : root["fields"]) {
        file.only_keys(entry.second, {"value", "signature"});
        LetterTexts::OfField& of = texts.fields[entry.first.as<std::string>()];
        if (entry.second["value"]) of.value = text(file, entry.second, "value", {"label"});
        if (entry.second["signature"])
            of.signature = text(file, entry.second, "signature", {"label"});
    }
    if (!texts.fields.contains("otherwise"))
        file.refuse(root, "'fields' lacks 'otherwise', the text for every other reason");
    for (const auto& entry : root["findings"]) {
        const auto code = entry.first.as<std::string>();
        texts.findings[code] = text(file, root["findings"], code.c_str(), {"title", "file"});
    }
    return texts;
}

}  // namespace avtalskoll::pipeline
