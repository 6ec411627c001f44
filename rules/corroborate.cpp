#include "rules/corroborate.h"

#include <algorithm>
#include <set>

#include "rules/address.h"
#include "rules/field_rule.h"
#include "rules/kinds/organisation_number.h"
#include "rules/settle_address.h"

namespace avtalskoll::rules {
namespace {

// Every field of the agreements that are there, with its point.
template <class Visit>
void for_each_field_there(Report& report, const Visit& visit) {
    for_each_field(report, [&](AgreementReport& agreement, PointReport& point, FieldReport& f) {
        if (agreement.present) visit(point, f);
    });
}

FieldReport* sibling(PointReport& point, const std::string& id) {
    const auto at = std::find_if(point.fields.begin(), point.fields.end(),
                                 [&](const FieldReport& f) { return f.field == id; });
    return at == point.fields.end() ? nullptr : &*at;
}

void settle_numbers(Report& report, const Submission& submission, const Register& organisations,
                    const RuleWords& words) {
    std::set<std::string> known;
    known.insert(parse_organisation_number(submission.organisation_number).canonical);
    for_each_field_there(report, [&](PointReport&, FieldReport& f) {
        if (f.kind == FieldKind::OrganisationNumber && f.verdict == FieldVerdict::Ok)
            known.insert(*f.value);
    });
    for_each_field_there(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::OrganisationNumber || f.verdict != FieldVerdict::Unclear ||
            f.reason != "low_confidence")
            return;
        std::set<std::string> likely = known;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value)
            if (const auto number = organisations.number_of(*name->value, words))
                likely.insert(*number);
        likely.erase("");
        std::set<std::string> agreed;
        for (const std::string& text : texts_of(f))
            if (const auto number = parse_organisation_number(text).canonical;
                likely.contains(number))
                agreed.insert(number);
        if (agreed.size() != 1) return;
        f.value = *agreed.begin();
        f.value_confidence = kCorroborated;
        decide(f, FieldVerdict::Ok, kCorroborated, "");
    });
}

// Chooses among several readings of an organisation's name the one that its number's owner bears.
void settle_names(Report& report, const Register& organisations, const RuleWords& words) {
    for_each_field_there(report, [&](PointReport& point, FieldReport& number) {
        if (number.kind != FieldKind::OrganisationNumber || number.verdict != FieldVerdict::Ok)
            return;
        FieldReport* name = sibling(point, number.name_field);
        const auto registered = organisations.name_of(*number.value);
        if (!name || name->verdict != FieldVerdict::Ok || name->alternatives.empty() || !registered)
            return;
        for (const std::string& text : texts_of(*name))
            if (compare_names(text, *registered, words) == NameMatch::Same) {
                name->value = text;
                name->value_confidence =
                    std::max(kCorroborated, name->value_confidence.value_or(0));
                return;
            }
    });
}

// The person whose address it is: the last named before it in its point, or else the first.
const FieldReport* owner_of(const PointReport& point, const FieldReport& address) {
    const FieldReport *before = nullptr, *first = nullptr;
    bool passed = false;
    for (const FieldReport& f : point.fields) {
        passed |= &f == &address;
        if (f.kind != FieldKind::Person) continue;
        if (!first) first = &f;
        if (!passed) before = &f;
    }
    return before ? before : first;
}

NameRead how_read(const FieldReport& name) {
    constexpr double kWell = 0.9, kSurely = 0.97;
    const double confidence = name.value_confidence.value_or(0);
    if (confidence >= kSurely) return NameRead::Surely;
    return confidence >= kWell ? NameRead::Well : NameRead::Badly;
}

// A badly read name does not put an address in doubt that was read surely.
bool is_sure(const FieldReport& address) {
    constexpr double kSurely = 0.97;
    return address.value_confidence.value_or(0) >= kSurely;
}

void settle_addresses(Report& report, const Register& organisations, const RuleWords& words) {
    std::vector<std::string> owners;
    std::set<std::string> domains;
    for_each_field_there(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind == FieldKind::Email && f.verdict == FieldVerdict::Ok && f.normalized &&
            f.value_confidence.value_or(0) > kCorroborated)
            domains.insert(domain_of(*f.normalized));
        if (f.kind != FieldKind::OrganisationNumber) return;
        if (const FieldReport* name = sibling(point, f.name_field); name && name->value)
            owners.push_back(*name->value);
        if (f.verdict == FieldVerdict::Ok)
            if (const auto registered = organisations.name_of(*f.value))
                owners.push_back(*registered);
    });
    for_each_field_there(report, [&](PointReport& point, FieldReport& f) {
        if (f.kind != FieldKind::Email) return;
        std::set<std::string> others = domains;
        // An address is no witness of its own domain unless the organisation's name is one too.
        if (f.normalized && !std::any_of(owners.begin(), owners.end(), [&](const std::string& o) {
                return domain_fits(domain_of(*f.normalized), o, words);
            })) {
            int same = 0;
            for_each_field_there(report, [&](PointReport&, FieldReport& g) {
                same += g.kind == FieldKind::Email && g.normalized &&
                        domain_of(*g.normalized) == domain_of(*f.normalized);
            });
            if (same < 2) others.erase(domain_of(*f.normalized));
        }
        const FieldReport* person = owner_of(point, f);
        const NameRead read = person ? how_read(*person) : NameRead::Badly;
        const bool heard = person && person->value && (read != NameRead::Badly || !is_sure(f));
        settle_address(f,
                       AddressWitness({heard ? *person->value : "", read, owners, others}, words));
    });
}

}  // namespace

void corroborate(Report& report, const Submission& submission, const Register& organisations,
                 const RuleWords& words) {
    settle_numbers(report, submission, organisations, words);
    settle_names(report, organisations, words);
    settle_addresses(report, organisations, words);
}

}  // namespace avtalskoll::rules
