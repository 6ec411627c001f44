// Names of an enumeration's values as files and messages have them, and back.
#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace avtalskoll {

template <class Enum, std::size_t N>
using EnumNames = std::array<std::pair<Enum, const char*>, N>;

// "?" for a value that has no name.
template <class Enum, std::size_t N>
constexpr const char* name_of(const EnumNames<Enum, N>& names, Enum value) {
    for (const auto& [known, name] : names)
        if (known == value) return name;
    return "?";
}

// nullopt for a name that no value has.
template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_of(const EnumNames<Enum, N>& names, std::string_view name) {
    for (const auto& [value, known] : names)
        if (name == known) return value;
    return std::nullopt;
}

}  // namespace avtalskoll
