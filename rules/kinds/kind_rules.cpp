#include "rules/kinds/kind_rules.h"

#include <array>

#include "rules/kinds/account_number.h"
#include "rules/kinds/amount.h"
#include "rules/kinds/date.h"
#include "rules/kinds/email.h"
#include "rules/kinds/organisation_number.h"
#include "rules/kinds/personal_number.h"
#include "rules/kinds/phone.h"
#include "rules/kinds/postal_code.h"
#include "rules/kinds/url.h"

namespace avtalskoll::rules {
namespace {

constexpr std::array kRules{
    KindRule{.kind = FieldKind::OrganisationNumber,
             .check = check_organisation_number,
             .has_check_digit = true,
             .misread_digits = {9, 11, 13}},
    KindRule{.kind = FieldKind::Phone, .check = check_phone},
    KindRule{.kind = FieldKind::Email, .check = check_email},
    KindRule{.kind = FieldKind::Person, .digits_too = false},
    KindRule{.kind = FieldKind::NameInPrint, .digits_too = false},
    KindRule{.kind = FieldKind::City, .digits_too = false},
    KindRule{.kind = FieldKind::Date, .check = check_date, .same_when_normalized = true},
    KindRule{.kind = FieldKind::PlaceAndDate, .check = check_place_and_date},
    KindRule{.kind = FieldKind::PersonalNumber,
             .check = check_personal_number,
             .has_check_digit = true,
             .misread_digits = {9, 11, 13}},
    KindRule{.kind = FieldKind::PostalCode, .check = check_postal_code, .misread_digits = {4, 6}},
    KindRule{.kind = FieldKind::Amount, .check = check_amount, .same_when_normalized = true},
    KindRule{.kind = FieldKind::Number, .check = check_plain_number, .same_when_normalized = true},
    KindRule{
        .kind = FieldKind::AccountNumber, .check = check_account_number, .has_check_digit = true},
    KindRule{.kind = FieldKind::Url, .check = check_url, .same_when_normalized = true},
};

}  // namespace

const KindRule& rule_of(FieldKind kind) {
    static constexpr KindRule kNoRule{.kind = FieldKind::Text};
    for (const KindRule& rule : kRules)
        if (rule.kind == kind) return rule;
    return kNoRule;
}

std::string shown_value(FieldKind kind, const std::string& text) {
    return kind == FieldKind::PersonalNumber ? without_last_four(text) : text;
}

}  // namespace avtalskoll::rules
