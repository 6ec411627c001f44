#include "app/store/case_search.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/store/stored_json.h"
#include "models/report.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

// Everything that stands on a point with an e-mail address: who the contact is.
std::string contacts_in(const Report& report) {
    std::string words;
    for (const AgreementReport& agreement : report.agreements)
        for (const PointReport& point : agreement.points) {
            const bool is_contact =
                std::any_of(point.fields.begin(), point.fields.end(), [](const auto& field) {
                    return field.value && field.value->find('@') != std::string::npos;
                });
            for (const FieldReport& field : point.fields)
                if (is_contact && field.value) words += " " + *field.value;
        }
    return words;
}

}  // namespace

void refresh_search(SqlDatabase& database, std::int64_t submission) {
    const auto row = database.row(
        "SELECT c.id, coalesce(c.number, ''), c.organisation, c.organisation_number, coalesce("
        "(SELECT r.json FROM reports r WHERE r.submission = s.key AND r.content = s.content ORDER "
        "BY r.key DESC LIMIT 1), '') FROM cases c JOIN submissions s ON s.key = c.submission WHERE "
        "c.submission = $1",
        submission);
    if (!row) return;
    const auto written = parsed_report(row->text(4));
    std::string digits = row->text(3);  // a number is looked for with its hyphen or without
    std::erase(digits, '-');
    const std::string text = fmt::format(
        "{} {} {}", folded_words(fmt::format("{} {} {}", row->text(0), row->text(1), row->text(2))),
        folded_words(row->text(3) + (written ? contacts_in(written->report) : "")), digits);
    database.run("UPDATE cases SET search = $1 WHERE submission = $2", text, submission);
}

}  // namespace avtalskoll::app
