#include "rules/cross_rules.h"

#include <algorithm>
#include <set>

#include "rules/kinds/organisation_number.h"

namespace avtalskoll::rules {
namespace {

struct ReadNumber {
    const AgreementReport* agreement;
    const PointReport* point;
    const FieldReport* number;
    const FieldReport* name;  // may be null
};

std::vector<ReadNumber> read_numbers(const Report& report) {
    std::vector<ReadNumber> numbers;
    for_each_field(report, [&](const auto& agreement, const auto& point, const auto& field) {
        if (field.kind != FieldKind::OrganisationNumber || field.verdict != FieldVerdict::Ok)
            return;
        const auto name =
            std::find_if(point.fields.begin(), point.fields.end(),
                         [&](const FieldReport& f) { return f.field == field.name_field; });
        numbers.push_back(
            {&agreement, &point, &field, name == point.fields.end() ? nullptr : &*name});
    });
    return numbers;
}

void compare_with_register(Report& report, const ReadNumber& read, const Register& organisations,
                           const RuleWords& words) {
    const auto finding = [&](const char* code, Severity severity, const Message& message) {
        report.findings.push_back({.code = code,
                                   .severity = severity,
                                   .message = message,
                                   .form = read.agreement->form,
                                   .point = read.point->point,
                                   .field = read.number->field});
    };
    const auto registered = organisations.name_of(*read.number->value);
    if (!registered)
        return finding("register_unknown", Severity::Info,
                       Message("finding.register_unknown", {{"title", read.agreement->title}}));
    if (!read.name || read.name->verdict != FieldVerdict::Ok || !read.name->value) return;
    switch (compare_names(*read.name->value, *registered, words)) {
        case NameMatch::Same: return;
        case NameMatch::SameBody:
            return finding("register_name_differs", Severity::Info,
                           Message("finding.register_name_differs",
                                   {{"title", read.agreement->title}, {"owner", *registered}}));
        case NameMatch::Different: break;
    }
    // A name that was badly read says nothing about whose number it is.
    constexpr double kReadWell = 0.85;
    if (read.name->value_confidence.value_or(0) < kReadWell &&
        !organisations.number_of(*read.name->value, words))
        return finding("register_name_differs", Severity::Info,
                       Message("finding.register_name_unsure",
                               {{"title", read.agreement->title}, {"owner", *registered}}));
    finding("register_mismatch", Severity::Review,
            Message("finding.register_mismatch",
                    {{"title", read.agreement->title}, {"owner", *registered}}));
}

// Pairs of numbers, one within the other.
Message listed(const std::set<std::string>& numbers) {
    Message all = Message::as_written(*numbers.begin());
    for (auto at = std::next(numbers.begin()); at != numbers.end(); ++at)
        all = Message("list.and", {{"first", all}, {"last", *at}});
    return all;
}

// The earlier submission under the same id was another organisation's.
void compare_with_earlier(Report& report, const std::string& earlier,
                          const std::set<std::string>& numbers) {
    if (earlier.empty() || numbers.empty() || numbers.contains(earlier)) return;
    report.findings.push_back(
        {.code = "organisation_changed",
         .severity = Severity::Review,
         .message = Message("finding.organisation_changed",
                            {{"earlier", earlier}, {"now", listed(numbers)}})});
}

}  // namespace

void check_organisation(Report& report, const Submission& submission, const Register& organisations,
                        const RuleWords& words) {
    const std::vector<ReadNumber> numbers = read_numbers(report);
    std::set<std::string> distinct;
    for (const ReadNumber& n : numbers) distinct.insert(*n.number->value);
    const OrganisationNumber account = parse_organisation_number(submission.organisation_number);
    if (distinct.size() > 1) {
        report.findings.push_back({.code = "organisation_number_mismatch",
                                   .severity = Severity::Error,
                                   .message = Message("finding.numbers_differ")});
    } else if (!distinct.empty() && !account.canonical.empty() &&
               *distinct.begin() != account.canonical) {
        report.findings.push_back({.code = "organisation_number_mismatch",
                                   .severity = Severity::Error,
                                   .message = Message("finding.number_not_of_account")});
    }
    compare_with_earlier(report, submission.earlier_organisation_number, distinct);
    for (const ReadNumber& n : numbers) compare_with_register(report, n, organisations, words);
}

}  // namespace avtalskoll::rules
