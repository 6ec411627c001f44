// Statistics over submissions and decisions.
#include <algorithm>
#include <map>

#include "app/store/sql_case_store.h"
#include "models/report.h"

namespace avtalskoll::app {
namespace {

// The place of what is surely lacking; of an agreement, its form. Doubts do not count.
std::optional<FieldPlace> lacking_place(const Lack& lack) {
    if (const auto* agreement = std::get_if<AbsentAgreement>(&lack))
        return FieldPlace{agreement->form, "", ""};
    const auto* field = std::get_if<LackingField>(&lack);
    if (!field || field->verdict == FieldVerdict::Unclear) return std::nullopt;
    return field->place;
}

std::vector<std::pair<FieldPlace, std::int64_t>> lacking_since(SqlDatabase& database,
                                                               const std::string& since) {
    std::map<FieldPlace, std::int64_t> counted;
    for (const SqlRow& row : database.rows(
             "SELECT summary FROM cases WHERE received_at >= $1 AND summary <> ''", since))
        for (const Lack& lack : parse_lacks(row.text(0)))
            if (const auto place = lacking_place(lack)) ++counted[*place];
    std::vector<std::pair<FieldPlace, std::int64_t>> lacking(counted.begin(), counted.end());
    std::stable_sort(lacking.begin(), lacking.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return lacking;
}

Statistics counted_statistics(SqlDatabase& database, const std::string& since) {
    Statistics statistics;
    for (const SqlRow& by_day : database.rows(
             "SELECT substr(received_at, 1, 10), count(*), count(*) FILTER (WHERE verdict = "
             "'complete' AND NOT EXISTS "
             "(SELECT 1 FROM decisions d WHERE d.submission = "
             "cases.submission)) FROM cases WHERE received_at >= $1 GROUP BY 1 ORDER BY 1",
             since))
        statistics.days.push_back({by_day.text(0), by_day.number(1), by_day.number(2)});
    statistics.lacking = lacking_since(database, since);
    // The last word on each field counts.
    for (const SqlRow& corrected : database.rows(
             "SELECT form, point, field, count(*) FILTER (WHERE action = 'accept'), count(*) "
             "FILTER (WHERE action = 'correct'), "
             "count(*) FILTER (WHERE action = 'missing') FROM decisions d WHERE at >= $1 AND field "
             "<> '' AND "
             "action <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key) "
             "AND "
             "d.key = (SELECT max(l.key) FROM decisions l WHERE l.submission = "
             "d.submission AND l.content = d.content AND l.form = d.form AND l.point = d.point AND "
             "l.field = d.field AND l.action <> 'undo') GROUP BY 1, 2, 3",
             since))
        statistics.corrections.push_back({{corrected.text(0), corrected.text(1), corrected.text(2)},
                                          corrected.number(3),
                                          corrected.number(4),
                                          corrected.number(5)});
    for (const SqlRow& decided :
         database.rows("SELECT received_at, decided_at FROM cases WHERE decided_at >= $1", since))
        statistics.decided.push_back({decided.text(0), decided.text(1)});
    return statistics;
}

}  // namespace

std::shared_ptr<const Statistics> SqlCaseStore::statistics(int days) {
    Counted& last = counted_;
    const std::lock_guard lock(last.mutex);
    const auto now = std::chrono::steady_clock::now();
    const bool is_fresh = last.statistics && last.days == days &&
                          now - last.at < std::chrono::seconds(kStatisticsSeconds);
    if (!is_fresh) {
        last.statistics = pool_.with([&](SqlDatabase& database) {
            return std::make_shared<const Statistics>(
                counted_statistics(database, database.ago(std::chrono::days(days))));
        });
        last.days = days;
        last.at = now;
    }
    return last.statistics;
}

}  // namespace avtalskoll::app
