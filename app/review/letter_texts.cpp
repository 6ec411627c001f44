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
    file.only_keys(root, {"subject", "greeting", "opening", "closing", "regards", "point_heading",
                          "any_agreement", "fields", "findings"});
    LetterTexts texts;
    texts.subject = text(file, root, "subject", {"id"});
    texts.greeting = text(file, root, "greeting", {"id"});
    texts.opening = text(file, root, "opening", {"id"});
    texts.closing = text(file, root, "closing", {"id"});
    texts.regards = text(file, root, "regards", {"id"});
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
