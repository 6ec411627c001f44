#include "app/store/earlier.h"

#include <algorithm>
#include <optional>
#include <set>

#include "app/store/sql_database.h"
#include "app/store/stored_json.h"
#include "models/field_place.h"
#include "models/report.h"
#include "rules/kinds/organisation_number.h"

namespace avtalskoll::app {
namespace {

// The field that a report's organisation number was read from.
struct NumberField {
    FieldPlace place;
    bool is_sure = false;
};

std::optional<NumberField> field_of_number(const Report& report, const std::string& number) {
    std::optional<NumberField> found;
    for_each_field(report, [&](const auto& agreement, const auto& point, const FieldReport& field) {
        if (!found && field.value == number)
            found = NumberField{{agreement.form, point.point, field.field},
                                field.verdict == FieldVerdict::Ok};
    });
    return found;
}

bool tells_of_a_change(const Report& report) {
    return std::any_of(report.findings.begin(), report.findings.end(), [](const Finding& finding) {
        return finding.code == "organisation_changed";
    });
}

// The last word of the officers on a field of this content; nullopt: none.
std::optional<std::string> decided_value(SqlDatabase& database, std::int64_t submission,
                                         const std::string& content, const NumberField& of) {
    const auto row = database.row(
        "SELECT coalesce(d.new_value, '') FROM decisions d WHERE submission = $1 AND content = $2 "
        "AND form = $3 AND point = $4 AND field = $5 AND action <> 'undo' AND "
        "NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key) ORDER BY key DESC LIMIT 1",
        submission, content, of.place.form, of.place.point, of.place.field);
    return row ? std::optional(row->text(0)) : std::nullopt;
}

bool change_was_accepted(SqlDatabase& database, std::int64_t submission,
                         const std::string& content) {
    const auto row = database.row(
        "SELECT 1 FROM decisions d WHERE submission = $1 AND content = $2 AND (action = 'approve' "
        "OR "
        "action = 'accept' AND finding LIKE 'organisation_changed/%') "
        "AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key)",
        submission, content);
    return row.has_value();
}

// Empty: this report is no witness.
std::string witnessed_number(SqlDatabase& database, std::int64_t submission,
                             const std::string& content, const Report& report,
                             const std::string& number) {
    const auto field = field_of_number(report, number);
    if (!field) return {};
    if (tells_of_a_change(report) && !change_was_accepted(database, submission, content)) return {};
    const auto decided = decided_value(database, submission, content, *field);
    if (!decided && !field->is_sure) return {};
    return rules::parse_organisation_number(decided.value_or(number)).canonical;
}

}  // namespace

std::vector<EarlierContent> earlier_contents(SqlDatabase& database, const Originals& originals,
                                             std::int64_t submission) {
    std::vector<EarlierContent> found;
    for (const SqlRow& row : database.rows(R"sql(
SELECT e.key, e.content, e.receipt, e.received_at, e.replaced_at, e.purged_at IS NOT NULL,
    coalesce(r.key, 0), coalesce(r.verdict, '') FROM earlier e
LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports WHERE submission = e.submission
    AND content = e.content) WHERE e.submission = $1 ORDER BY e.key)sql",
                                           submission)) {
        EarlierContent& earlier = found.emplace_back();
        earlier.key = row.number(0);
        std::size_t at = 1;
        for (std::string* text :
             {&earlier.content, &earlier.receipt, &earlier.received, &earlier.replaced})
            *text = row.text(at++);
        earlier.purged = row.truth(5);
        earlier.report = row.number(6);
        earlier.verdict = row.text(7);
        for (const SqlRow& file : database.rows(
                 "SELECT name, sha256, hand_in FROM earlier_files WHERE earlier = $1 ORDER BY "
                 "position",
                 earlier.key))
            earlier.files.push_back(
                {file.text(0), originals.path_of(file.text(1)), static_cast<int>(file.number(2))});
    }
    return found;
}

std::vector<SetAsideReport> set_aside_reports(SqlDatabase& database, std::int64_t submission) {
    std::vector<SetAsideReport> found;
    for (const SqlRow& row :
         database.rows("SELECT r.key, r.made_at, a.at, r.verdict FROM set_aside_reports a JOIN "
                       "reports r ON r.key = a.report WHERE r.submission = $1 ORDER BY r.key",
                       submission))
        found.push_back({row.number(0), row.text(1), row.text(2), row.text(3)});
    return found;
}

std::string earlier_organisation_number(SqlDatabase& database, std::int64_t submission,
                                        const std::string& content) {
    std::set<std::string> seen;  // of each content the newest report counts
    for (const SqlRow& row :
         database.rows("SELECT content, organisation_number, json FROM reports WHERE submission = "
                       "$1 AND content "
                       "<> $2 AND organisation_number <> '' AND content NOT LIKE "
                       "'set aside %' ORDER BY key DESC",
                       submission, content)) {
        const std::string of = row.text(0);
        if (!seen.insert(of).second) continue;
        const auto written = parsed_report(row.text(2));
        if (!written) continue;
        if (std::string number =
                witnessed_number(database, submission, of, written->report, row.text(1));
            !number.empty())
            return number;
    }
    return {};
}

}  // namespace avtalskoll::app
