// Texts as an engine may read them, or a sender type them: any bytes at all.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "models/text.h"
#include "rules/field_rule.h"
#include "rules/kinds/email.h"
#include "rules/kinds/kind_rules.h"
#include "rules/kinds/organisation_number.h"
#include "rules/kinds/phone.h"
#include "rules/register.h"

namespace {

const avtalskoll::rules::RuleWords kWords{.elsewhere = {"se", "dito"},
                                          .bodies_compared = {{"kommun"}},
                                          .bodies_in_addresses = {"kommun"},
                                          .shared_mailboxes = {"info"},
                                          .usual_tops = {"se"},
                                          .between_values = {"och"},
                                          .spoken_at = {"at", "snabel-a"},
                                          .months = {{"januari"}, {"februari"}, {"mars"}},
                                          .around_dates = {"den"}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace avtalskoll;
    if (size < 2 || size > 2000) return 0;
    const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
    const std::size_t half = text.size() / 2;
    const auto number = rules::parse_organisation_number(text);
    if (number.fault == rules::NumberFault::None &&
        rules::parse_organisation_number(number.canonical).canonical != number.canonical)
        std::abort();
    const auto phone = rules::parse_phone(text, kWords);
    if ((phone.fault == rules::PhoneFault::None) == phone.e164.empty()) std::abort();
    if (const auto email = rules::parse_email(text); email && rules::parse_email(*email) != email)
        std::abort();
    (void)rules::compare_names(text.substr(0, half), text.substr(half), kWords);
    (void)without_marks(text);
    (void)count_letters(text);
    const double alike = similarity(text.substr(0, half), text.substr(half));
    if (!(alike >= 0 && alike <= 1)) std::abort();
    if (folded_space(folded_space(text)) != folded_space(text)) std::abort();

    for (const KindTraits& traits : all_kinds()) {
        const auto check = rules::rule_of(traits.kind).check;
        if (!check || text.size() > 1'000) continue;
        const rules::ValueCheck value = check(text, kWords);
        if (value.valid && value.doubtful) std::abort();
        if (!value.valid && value.reason.empty()) std::abort();
        (void)rules::shown_value(traits.kind, text);
    }
    Field field;
    field.kind = static_cast<FieldKind>(data[0] % all_kinds().size());
    FieldReading reading;
    reading.ink.fill = Fill::Filled;
    reading.ink.confidence = 0.99;
    for (const char* model : {"a", "b"}) {
        TextVote vote;
        vote.model = model;
        vote.text = model[0] == 'a' ? text : text.substr(0, half);
        vote.confidence = vote.least = 0.95;
        reading.votes.push_back(vote);
    }
    const FieldReport report = rules::judge_field(field, reading, kWords);
    if (!(report.confidence >= 0 && report.confidence <= 1)) std::abort();
    return 0;
}
