#include "app/review/case.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "models/enum_names.h"

namespace avtalskoll::app {
namespace {

constexpr EnumNames<Action, 10> kActions{{
    {Action::Accept, "accept"},
    {Action::Correct, "correct"},
    {Action::Missing, "missing"},
    {Action::SetAside, "set_aside"},
    {Action::NoPersonalData, "no_personal_data"},
    {Action::Approve, "approve"},
    {Action::Request, "request"},
    {Action::Close, "close"},
    {Action::Reopen, "reopen"},
    {Action::Undo, "undo"},
}};

constexpr std::size_t kPartsOfAPlace = 7;

// False when it is no whole number.
bool read_number(std::string_view text, int& number) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

}  // namespace

const char* to_string(Action action) { return name_of(kActions, action); }
std::optional<Action> parse_action(std::string_view name) { return value_of(kActions, name); }

std::string to_string(const FindingPlace& place) {
    if (place == FindingPlace{.code = place.code}) return place.code;
    return fmt::format("{}/{}/{}/{}/{}/{}/{}", place.code, place.field.form, place.field.point,
                       place.field.field, place.file, place.page, place.said);
}

FindingPlace finding_place_from(std::string_view text) {
    std::array<std::string, kPartsOfAPlace> parts;
    std::size_t count = 0;
    for (std::string_view rest = text; count < parts.size(); ++count) {
        const auto end = rest.find('/');
        parts.at(count) = rest.substr(0, end);
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    FindingPlace place{parts[0], {parts[1], parts[2], parts[3]}, 0, 0, parts[6]};
    const bool is_place = count + 1 == parts.size() && read_number(parts[4], place.file) &&
                          read_number(parts[5], place.page);
    return is_place ? place : FindingPlace{.code = std::string(text)};
}

const Decision* last_decision(const OpenCase& open) {
    for (auto d = open.decisions.rbegin(); d != open.decisions.rend(); ++d)
        if (d->holds()) return &*d;
    return nullptr;
}

}  // namespace avtalskoll::app
