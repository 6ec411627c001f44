#include "rules/settle_address.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "rules/address.h"
#include "rules/field_rule.h"
#include "rules/kinds/email.h"
#include "rules/messages.h"

namespace avtalskoll::rules {
namespace {

std::string digits_of(const std::string& text) {
    std::string digits;
    std::copy_if(text.begin(), text.end(), std::back_inserter(digits),
                 [](char c) { return c >= '0' && c <= '9'; });
    return digits;
}

// hil1 and hill: a one and an l are told apart by nothing but what stands beside them, and a name
// does not tell.
bool may_be_a_digit(const std::string& part, const std::string& other) {
    return skeleton(bare_letters(part)) == skeleton(bare_letters(other)) &&
           digits_of(part) != digits_of(other);
}
bool ends_in_a_stroke(const std::string& part) {
    return std::string_view("l1Ii").find(part.back()) != std::string_view::npos;
}

bool has_signs_in_a_row(const std::string& part) {
    return std::adjacent_find(part.begin(), part.end(), [](char a, char b) {
               return std::string_view(".-_").find(a) != std::string_view::npos &&
                      std::string_view(".-_").find(b) != std::string_view::npos;
           }) != part.end();
}

// Nobody writes emma-Lisa: an address that begins small is small.
std::string small_if_begun_small(std::string local) {
    if (local.front() >= 'a' && local.front() <= 'z')
        for (char& c : local) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return local;
}

std::ptrdiff_t capitals(const std::string& text) {
    return std::count_if(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// Longer, or as long and with fewer capitals.
bool is_fuller(const std::string& part, const std::string& other) {
    return std::pair(part.size(), capitals(other)) > std::pair(other.size(), capitals(part));
}

// The part that all readings have; else the only one that the evidence knows. Of parts that differ
// in separators only the longer: a separator is sooner lost than found; in capitals only, the one
// with fewer. nullopt when nothing settles it.
std::optional<std::string> settled_part(const std::vector<std::string>& read,
                                        const std::function<bool(const std::string&)>& known) {
    if (std::all_of(read.begin(), read.end(),
                    [&](const std::string& r) { return r == read.front(); }))
        return read.front();
    std::optional<std::string> best;
    for (const std::string& part : read) {
        if (!known(part)) continue;
        if (best && bare_letters(*best) != bare_letters(part)) return std::nullopt;
        if (!best || is_fuller(part, *best)) best = part;
    }
    return best;
}

// The first reading that `mend` can mend, mended.
std::optional<std::string> first_mended(
    const std::vector<std::string>& read,
    const std::function<std::optional<std::string>(const std::string&)>& mend) {
    for (const std::string& part : read)
        if (auto mended = mend(part)) return mended;
    return std::nullopt;
}

// Belief in the part before the @ when the rest is known to be right: the chance of a misreading is
// spread over all characters, and that of the witnessed ones is gone.
double belief_in_local(const FieldReport& field) {
    const double share = static_cast<double>(local_of(*field.value).size()) /
                         static_cast<double>(field.value->size());
    return 1 - (1 - field.value_confidence.value_or(0)) * share;
}

void take_address(FieldReport& field, const std::string& address) {
    field.value = address;
    field.normalized = parse_email(address);
    field.value_confidence = kCorroborated;
    decide(field, FieldVerdict::Ok, kCorroborated, "");
    if (!field.repaired_by.empty())
        field.message = message_for("repaired_by_" + field.repaired_by, field.label);
}

// An address in two parts, each as far as it is known.
struct Parts {
    std::optional<std::string> local, domain;

    bool both() const { return local && domain; }
    std::string address() const { return *local + "@" + *domain; }
    bool operator==(const Parts&) const = default;
};

struct Readings {
    std::vector<std::string> locals, domains;
};

// The texts of a field that are addresses, in two parts.
Readings readings_of(const FieldReport& field) {
    const std::vector<std::string> texts = texts_of(field);
    // Where a reading has a space in the local part, a sign stands there that others may have lost
    // without a trace.
    const bool sign_lost = std::any_of(
        texts.begin(), texts.end(), [](const std::string& t) { return t.find(' ') < t.find('@'); });
    Readings read;
    for (const std::string& text : texts) {
        if (!parse_email(text) || has_signs_in_a_row(local_of(text))) continue;
        if (sign_lost && local_of(text).find_first_of(".-_") == std::string::npos) continue;
        read.locals.push_back(small_if_begun_small(local_of(text)));
        read.domains.push_back(domain_of(text));
    }
    return read;
}

// One address of several readings, with the help of what is known elsewhere.
class AddressSettler {
public:
    AddressSettler(const FieldReport& field, const AddressWitness& witness)
        : field_(field), witness_(witness), read_(readings_of(field)) {}

    bool nothing_read() const { return read_.locals.empty(); }
    bool may_hold_a_digit() const {
        return std::any_of(read_.locals.begin(), read_.locals.end(), [&](const std::string& l) {
            return may_be_a_digit(read_.locals.front(), l);
        });
    }
    Parts first() const { return {read_.locals.front(), read_.domains.front()}; }
    Parts agreed_on() const {
        return {settled_part(read_.locals, [&](const std::string& l) { return knows_local(l); }),
                settled_part(read_.domains, [&](const std::string& d) { return knows_domain(d); })};
    }
    // Nearly the name or nearly the organisation, yet not quite: more often a letter misread than a
    // person so named.
    bool is_plausible(const Parts& parts) const {
        return parts.both() && !witness_.near_miss(parts.address());
    }
    // `parts` with what looks like a known name written as that name; nullopt when that changes
    // nothing or is no known address.
    std::optional<Parts> mended(const Parts& parts) const {
        const auto mend_local = [&](const std::string& l) {
            return witness_.mended_local(l, read_.locals);
        };
        const auto mend_domain = [&](const std::string& d) { return witness_.mended_domain(d); };
        Parts out = parts;
        if (!out.local || !knows_local(*out.local))
            out.local = first_mended(read_.locals, mend_local);
        if (!out.domain || !knows_domain(*out.domain))
            out.domain = first_mended(read_.domains, mend_domain);
        if (out == parts || !is_plausible(out) || !knows_domain(*out.domain)) return std::nullopt;
        return out;
    }
    // Where the readings differ in one part, the other is sound; where they agree and are unsure,
    // both parts need a witness.
    bool is_witnessed(const Parts& parts) const {
        const bool local_known = knows_local(*parts.local);
        const bool domain_known = knows_domain(*parts.domain);
        if (!local_known && ends_in_a_stroke(*parts.local)) return false;
        if (local_known && domain_known) return true;
        if (read_.locals.size() > 1) return local_known || domain_known;
        constexpr double kAgreedOn = 0.9;  // less was never agreed on by all
        return domain_known && field_.value_confidence.value_or(0) >= kAgreedOn &&
               belief_in_local(field_) >= kCorroborated;
    }

private:
    bool knows_local(const std::string& l) const { return witness_.local_fits(l); }
    bool knows_domain(const std::string& d) const { return witness_.domain_is_known(d); }

    const FieldReport& field_;
    const AddressWitness& witness_;
    Readings read_;
};

}  // namespace

std::vector<std::string> texts_of(const FieldReport& field) {
    std::vector<std::string> texts;
    if (field.value) texts.push_back(*field.value);
    texts.insert(texts.end(), field.alternatives.begin(), field.alternatives.end());
    return texts;
}

void settle_address(FieldReport& field, const AddressWitness& witness) {
    const bool in_doubt =
        field.verdict == FieldVerdict::Unclear && field.reason == "low_confidence";
    if (field.typed || !field.value || !(field.verdict == FieldVerdict::Ok || in_doubt)) return;
    const AddressSettler settler(field, witness);
    if (settler.nothing_read() || (in_doubt && settler.may_hold_a_digit())) return;
    const Parts parts = in_doubt ? settler.agreed_on() : settler.first();
    const bool plausible = settler.is_plausible(parts);
    if (!in_doubt && plausible) return;
    if (const auto mended = settler.mended(parts)) {
        field.repaired_by = parts.domain == mended->domain ? "name" : "organisation";
        return take_address(field, mended->address());
    }
    if (!in_doubt) return decide(field, FieldVerdict::Unclear, 0.7, "conflicts_with_name");
    if (!parts.both()) return;
    if (plausible && settler.is_witnessed(parts)) return take_address(field, parts.address());
    field.value = parts.address();
    field.normalized = parse_email(*field.value);
}

}  // namespace avtalskoll::rules
