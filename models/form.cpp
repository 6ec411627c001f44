#include "models/form.h"

#include "models/enum_names.h"

namespace avtalskoll {
namespace {

constexpr EnumNames<FieldKind, 8> kKinds{{
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

const char* to_string(FieldKind kind) { return name_of(kKinds, kind); }

std::optional<FieldKind> parse_field_kind(std::string_view name) { return value_of(kKinds, name); }

}  // namespace avtalskoll
