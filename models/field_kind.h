// The kinds of fields, and what every stage must know of a kind: one row of a table for each. The
// rules of its values are one file for each in rules/kinds/.
//
// Constant data; safe from many threads.
#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace avtalskoll {

enum class FieldKind {
    Text,
    OrganisationNumber,
    Person,
    Role,
    Phone,
    Email,
    FreeText,
    Signature,
    Date,
    PlaceAndDate,
    Checkbox,
    Choice,
    PersonalNumber,
    Address,
    PostalCode,
    City,
    Amount,
    Number,
    AccountNumber,
    Url,
    NameInPrint,
};

// The way in which a place is filled in, and so the way in which it is read.
enum class KindShape {
    Words,      // a text that may lose a letter and still say what it says
    Exact,      // a value of which every character must be right
    Signature,  // a hand's name
    Ticks,      // boxes in which a tick stands or does not
};

struct KindTraits {
    FieldKind kind;
    const char* name;  // in form.yaml
    KindShape shape;
    // The letters that a value may have, right or wrong; empty: any.
    std::u32string_view letters = {};
    // The signs that come and go between two readings of one value.
    std::string_view loose = {};
    bool several_lines = false;
};

std::span<const KindTraits> all_kinds();
const KindTraits& traits_of(FieldKind kind);

inline bool is_strict(FieldKind kind) { return traits_of(kind).shape == KindShape::Exact; }
inline bool is_signature(FieldKind kind) { return kind == FieldKind::Signature; }
inline bool is_ticked(FieldKind kind) { return traits_of(kind).shape == KindShape::Ticks; }
// True when a value stands in the place, which can be read and written.
inline bool has_value(FieldKind kind) { return !is_signature(kind) && !is_ticked(kind); }

// Name of a kind as written in form.yaml, and back; nullopt when no kind has that name.
const char* to_string(FieldKind kind);
std::optional<FieldKind> parse_field_kind(std::string_view name);

}  // namespace avtalskoll
