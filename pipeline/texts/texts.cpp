#include "pipeline/texts/texts.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <type_traits>

#include "pipeline/files/definition.h"

namespace avtalskoll::pipeline {
namespace {

template <class Value>
bool formats(const std::string& placeholder, const Value& value) try {
    (void)fmt::format(fmt::runtime(placeholder), value);
    return true;
} catch (const fmt::format_error&) {
    return false;
}

// The fault of one placeholder, without its braces; empty: none.
std::string fault_of(std::string_view placeholder) {
    const std::string_view name = placeholder.substr(0, placeholder.find(':'));
    const auto is_name_letter = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    if (name.empty() || std::isdigit(static_cast<unsigned char>(name.front())) != 0 ||
        !std::all_of(name.begin(), name.end(), is_name_letter))
        return fmt::format("'{{{}}}' names no value", placeholder);
    const std::string alone = fmt::format("{{{}}}", placeholder.substr(name.size()));
    constexpr double kNumber = 1.5;
    if (formats(alone, std::string("text")) || formats(alone, 1) || formats(alone, kNumber))
        return {};
    return fmt::format("'{{{}}}' has no known format", placeholder);
}

// The fault of a text; empty: none. "{{" and "}}" stand for braces.
std::string fault_in(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{' && text[i] != '}') continue;
        if (i + 1 < text.size() && text[i + 1] == text[i]) {
            ++i;
            continue;
        }
        const std::size_t end = text.find_first_of("{}", i + 1);
        if (text[i] == '}' || end == std::string_view::npos || text[end] == '{')
            return "a brace stands alone; '{{' and '}}' stand for braces";
        if (std::string fault = fault_of(text.substr(i + 1, end - i - 1)); !fault.empty())
            return fault;
        i = end;
    }
    return {};
}

// Takes the texts of a map and of the maps in it; `above`: the key of the map and a dot.
void take(const Definition& file, const YAML::Node& map, const std::string& above,
          std::map<std::string, std::string>& texts) {
    for (const auto& entry : map) {
        if (!entry.first.IsScalar()) file.refuse(map, "a key must be a word");
        const std::string key = above + entry.first.Scalar();
        if (entry.second.IsMap()) {
            take(file, entry.second, key + ".", texts);
            continue;
        }
        if (!entry.second.IsScalar()) file.refuse(entry.second, "must be a text");
        const std::string& text = entry.second.Scalar();
        if (const std::string fault = fault_in(text); !fault.empty())
            file.refuse(entry.second, fmt::format("'{}': {}", key, fault));
        if (!texts.emplace(key, text).second)
            file.refuse(entry.first, fmt::format("'{}' is given twice", key));
    }
}

}  // namespace

Texts::Texts(const std::filesystem::path& yaml) {
    const Definition file(yaml);
    take(file, file.root(), "", texts_);
}

std::string Texts::say(const Message& message) const {
    if (!message.written().empty() || message.empty()) return message.written();
    const auto text = texts_.find(message.key());
    if (text == texts_.end()) return to_string(message);
    fmt::dynamic_format_arg_store<fmt::format_context> values;
    for (const MessageValue& one : message.values())
        std::visit(
            [&](const auto& value) {
                if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Message>)
                    values.push_back(fmt::arg(one.name.c_str(), say(value)));
                else values.push_back(fmt::arg(one.name.c_str(), value));
            },
            one.value);
    try {
        return fmt::vformat(text->second, values);
    } catch (const fmt::format_error&) {
        return to_string(message);
    }
}

}  // namespace avtalskoll::pipeline
