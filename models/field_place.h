// The place of a field: which agreement, which point, which field. Holds no value of a person.
#pragma once
#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace avtalskoll {

struct FieldPlace {
    std::string form, point, field;

    bool empty() const { return field.empty(); }
    auto operator<=>(const FieldPlace&) const = default;
};

// "form/point/field", and back; nullopt for a text that has not these three parts.
std::string to_string(const FieldPlace& place);
std::optional<FieldPlace> parse_field_place(std::string_view text);

}  // namespace avtalskoll
