#include "app/store/earlier.h"

#include <algorithm>
#include <optional>
#include <set>

#include "app/store/sqlite_file.h"
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
std::optional<std::string> decided_value(SQLite::Database& database, std::int64_t submission,
                                         const std::string& content, const NumberField& of) {
    SQLite::Statement row(
        database,
        "SELECT coalesce(d.new_value, '') FROM decisions d WHERE submission = ? AND content = ? "
        "AND form = ? AND point = ? AND field = ? AND action <> 'undo' AND "
        "NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key) ORDER BY key DESC LIMIT 1");
    bind_all(row, submission, content, of.place.form, of.place.point, of.place.field);
    return row.executeStep() ? std::optional(row.getColumn(0).getString()) : std::nullopt;
}

bool change_was_accepted(SQLite::Database& database, std::int64_t submission,
                         const std::string& content) {
    SQLite::Statement row(
        database,
        "SELECT 1 FROM decisions d WHERE submission = ? AND content = ? AND (action = 'approve' OR "
        "action = 'accept' AND finding LIKE 'organisation_changed/%') "
        "AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key)");
    bind_all(row, submission, content);
    return row.executeStep();
}

// Empty: this report is no witness.
std::string witnessed_number(SQLite::Database& database, std::int64_t submission,
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

std::vector<EarlierContent> earlier_contents(SQLite::Database& database, const Originals& originals,
                                             std::int64_t submission) {
    SQLite::Statement rows(database, R"sql(
SELECT e.key, e.content, e.receipt, e.received_at, e.replaced_at, e.purged_at IS NOT NULL,
    coalesce(r.key, 0), coalesce(r.verdict, '') FROM earlier e
LEFT JOIN reports r ON r.key = (SELECT max(key) FROM reports WHERE submission = e.submission
    AND content = e.content) WHERE e.submission = ? ORDER BY e.key)sql");
    rows.bind(1, submission);
    std::vector<EarlierContent> found;
    while (rows.executeStep()) {
        EarlierContent& earlier = found.emplace_back();
        earlier.key = rows.getColumn(0).getInt64();
        int at = 1;
        for (std::string* text :
             {&earlier.content, &earlier.receipt, &earlier.received, &earlier.replaced})
            *text = rows.getColumn(at++).getString();
        earlier.purged = rows.getColumn(5).getInt() != 0;
        earlier.report = rows.getColumn(6).getInt64();
        earlier.verdict = rows.getColumn(7).getString();
        SQLite::Statement files(
            database, "SELECT name, sha256 FROM earlier_files WHERE earlier = ? ORDER BY position");
        files.bind(1, earlier.key);
        while (files.executeStep())
            earlier.files.push_back({files.getColumn(0), originals.path_of(files.getColumn(1))});
    }
    return found;
}

std::vector<SetAsideReport> set_aside_reports(SQLite::Database& database, std::int64_t submission) {
    SQLite::Statement rows(database,
                           "SELECT r.key, r.made_at, a.at, r.verdict FROM set_aside_reports a JOIN "
                           "reports r ON r.key = a.report WHERE r.submission = ? ORDER BY r.key");
    rows.bind(1, submission);
    std::vector<SetAsideReport> found;
    while (rows.executeStep())
        found.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1), rows.getColumn(2),
                         rows.getColumn(3)});
    return found;
}

std::string earlier_organisation_number(SQLite::Database& database, std::int64_t submission,
                                        const std::string& content) {
    SQLite::Statement rows(
        database,
        "SELECT content, organisation_number, json FROM reports WHERE submission = ? AND content "
        "<> ? AND organisation_number <> '' AND content NOT LIKE "
        "'set aside %' ORDER BY key DESC");
    bind_all(rows, submission, content);
    std::set<std::string> seen;  // of each content the newest report counts
    while (rows.executeStep()) {
        const std::string of = rows.getColumn(0);
        if (!seen.insert(of).second) continue;
        const auto written = parsed_report(rows.getColumn(2));
        if (!written) continue;
        if (std::string number =
                witnessed_number(database, submission, of, written->report, rows.getColumn(1));
            !number.empty())
            return number;
    }
    return {};
}

}  // namespace avtalskoll::app
