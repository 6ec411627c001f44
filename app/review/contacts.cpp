#include "app/review/contacts.h"

#include <algorithm>

namespace avtalskoll::app {
namespace {

// The first value of a kind that is in order on a point; empty: none.
std::string value_on(const ReviewedPoint& point, FieldKind kind) {
    const auto at =
        std::find_if(point.fields.begin(), point.fields.end(), [&](const ReviewedField& field) {
            return field.kind == kind && field.in_order() && !field.value.empty();
        });
    return at == point.fields.end() ? "" : at->value;
}

}  // namespace

std::vector<CasePerson> contacts_of(const Review& review) {
    std::vector<CasePerson> contacts;
    for (const ReviewedAgreement& agreement : review.agreements) {
        if (!agreement.counts()) continue;
        for (const ReviewedPoint& point : agreement.points) {
            CasePerson contact{value_on(point, FieldKind::Person),
                               value_on(point, FieldKind::Email),
                               value_on(point, FieldKind::Phone)};
            const bool is_known =
                std::any_of(contacts.begin(), contacts.end(),
                            [&](const CasePerson& other) { return other.email == contact.email; });
            if (!contact.email.empty() && !is_known) contacts.push_back(std::move(contact));
        }
    }
    return contacts;
}

}  // namespace avtalskoll::app
