#include "models/form.h"

#include <array>
#include <utility>

namespace avtalskoll {
namespace {

constexpr std::array<std::pair<FieldKind, const char*>, 8> kKindNames{{
    {FieldKind::Text, "text"},
    {FieldKind::OrganisationNumber, "organisation_number"},
    {FieldKind::Person, "person"},
    {FieldKind::Role, "role"},
    {FieldKind::Phone, "phone"},
    {FieldKind::Email, "email"},
    {FieldKind::FreeText, "free_text"},
    {FieldKind::Signature, "signature"},
}};

}  // namespace

const char* to_string(FieldKind kind) {
    for (const auto& [value, name] : kKindNames)
        if (value == kind) return name;
    return "?";
}

std::optional<FieldKind> parse_field_kind(const std::string& name) {
    for (const auto& [value, known] : kKindNames)
        if (name == known) return value;
    return std::nullopt;
}

}  // namespace avtalskoll
