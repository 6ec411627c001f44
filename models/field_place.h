// The place of a field: which agreement, which point, which field. Holds no value of a person.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace avtalskoll {

struct FieldPlace {
    std::string form, point, field;

    bool empty() const { return field.empty(); }
    bool operator==(const FieldPlace&) const = default;
    bool operator<(const FieldPlace& other) const {
        return std::tie(form, point, field) < std::tie(other.form, other.point, other.field);
    }
};

// "form/point/field", and back; nullopt for a text that has not these three parts.
std::string to_string(const FieldPlace& place);
std::optional<FieldPlace> parse_field_place(std::string_view text);

}  // namespace avtalskoll
