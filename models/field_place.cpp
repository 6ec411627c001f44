#include "models/field_place.h"

namespace avtalskoll {

std::string to_string(const FieldPlace& place) {
    return place.form + "/" + place.point + "/" + place.field;
}

std::optional<FieldPlace> parse_field_place(std::string_view text) {
    const auto first = text.find('/');
    if (first == std::string_view::npos) return std::nullopt;
    const auto second = text.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    FieldPlace place{std::string(text.substr(0, first)),
                     std::string(text.substr(first + 1, second - first - 1)),
                     std::string(text.substr(second + 1))};
    if (place.empty()) return std::nullopt;
    return place;
}

}  // namespace avtalskoll
