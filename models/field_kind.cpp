#include "models/field_kind.h"

#include <array>

namespace avtalskoll {
namespace {

constexpr std::u32string_view kNumberSigns = U"0123456789- ";

// In the order of FieldKind.
constexpr std::array kKinds{
    KindTraits{FieldKind::Text, "text", KindShape::Words},
    KindTraits{FieldKind::OrganisationNumber, "organisation_number", KindShape::Exact, kNumberSigns,
               " -/().,"},
    KindTraits{FieldKind::Person, "person", KindShape::Words},
    KindTraits{FieldKind::Role, "role", KindShape::Words},
    KindTraits{FieldKind::Phone, "phone", KindShape::Exact, U"0123456789+-/(). ", " -/().,"},
    // RFC 5321's letters that are in use, and those of RFC 6531 that Swedish names have.
    KindTraits{FieldKind::Email, "email", KindShape::Exact,
               U"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               U"@._-+\u00E5\u00E4\u00F6\u00E9\u00FC"},
    KindTraits{FieldKind::FreeText, "free_text", KindShape::Words, {}, {}, true},
    KindTraits{FieldKind::Signature, "signature", KindShape::Signature},
    KindTraits{FieldKind::Date, "date", KindShape::Exact, {}, " "},
    KindTraits{FieldKind::PlaceAndDate, "place_and_date", KindShape::Words},
    KindTraits{FieldKind::Checkbox, "checkbox", KindShape::Ticks},
    KindTraits{FieldKind::Choice, "choice", KindShape::Ticks},
    KindTraits{FieldKind::PersonalNumber, "personal_number", KindShape::Exact, U"0123456789-+ ",
               " -"},
    KindTraits{FieldKind::Address, "address", KindShape::Words, {}, {}, true},
    KindTraits{FieldKind::PostalCode, "postal_code", KindShape::Exact, U"0123456789-SE ", " -"},
    KindTraits{FieldKind::City, "city", KindShape::Words},
    KindTraits{FieldKind::Amount, "amount", KindShape::Exact,
               U"0123456789 .,:-+krKRSEKEUR\u20AC\u2212", " "},
    KindTraits{FieldKind::Number, "number", KindShape::Exact, {}, " "},
    KindTraits{FieldKind::AccountNumber, "account_number", KindShape::Exact, {}, " -"},
    KindTraits{FieldKind::Url, "url", KindShape::Exact,
               U"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               U"-._~:/?#[]@!$&'()*+,;=%\u00E5\u00E4\u00F6"},
    KindTraits{FieldKind::NameInPrint, "name_in_print", KindShape::Words},
};

constexpr bool is_in_order() {
    for (std::size_t i = 0; i < kKinds.size(); ++i)
        if (kKinds[i].kind != static_cast<FieldKind>(i)) return false;
    return true;
}
static_assert(is_in_order());

}  // namespace

std::span<const KindTraits> all_kinds() { return kKinds; }

const KindTraits& traits_of(FieldKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

const char* to_string(FieldKind kind) { return traits_of(kind).name; }

std::optional<FieldKind> parse_field_kind(std::string_view name) {
    for (const KindTraits& traits : kKinds)
        if (name == traits.name) return traits.kind;
    return std::nullopt;
}

}  // namespace avtalskoll
