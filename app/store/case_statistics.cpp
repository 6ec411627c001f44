// Statistics over submissions and decisions.
#include <algorithm>
#include <map>

#include "app/store/sqlite_case_store.h"
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

std::vector<std::pair<FieldPlace, std::int64_t>> lacking_since(SqliteFile& file,
                                                               const std::string& since) {
    SQLite::Statement rows(file.database(),
                           "SELECT summary FROM cases WHERE received_at >= ? AND summary <> ''");
    rows.bind(1, since);
    std::map<FieldPlace, std::int64_t> counted;
    while (rows.executeStep())
        for (const Lack& lack : parse_lacks(rows.getColumn(0).getString()))
            if (const auto place = lacking_place(lack)) ++counted[*place];
    std::vector<std::pair<FieldPlace, std::int64_t>> lacking(counted.begin(), counted.end());
    std::stable_sort(lacking.begin(), lacking.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return lacking;
}

Statistics counted_statistics(SqliteFile& file, const std::string& since) {
    Statistics statistics;
    SQLite::Statement by_day(
        file.database(),
        "SELECT substr(received_at, 1, 10), count(*), sum(verdict = 'complete' AND NOT EXISTS "
        "(SELECT 1 FROM decisions d WHERE d.submission = "
        "cases.submission)) FROM cases WHERE received_at >= ? GROUP BY 1 ORDER BY 1");
    by_day.bind(1, since);
    while (by_day.executeStep())
        statistics.days.push_back(
            {by_day.getColumn(0), by_day.getColumn(1).getInt64(), by_day.getColumn(2).getInt64()});
    statistics.lacking = lacking_since(file, since);
    // The last word on each field counts.
    SQLite::Statement corrected(
        file.database(),
        "SELECT form, point, field, sum(action = 'accept'), sum(action = 'correct'), sum(action = "
        "'missing') FROM decisions d WHERE at >= ? AND field <> '' AND "
        "action <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.key) AND "
        "key = (SELECT max(key) FROM decisions l WHERE l.submission = "
        "d.submission AND l.content = d.content AND l.form = d.form AND l.point = d.point AND "
        "l.field = d.field AND l.action <> 'undo') GROUP BY 1, 2, 3");
    corrected.bind(1, since);
    while (corrected.executeStep())
        statistics.corrections.push_back(
            {{corrected.getColumn(0), corrected.getColumn(1), corrected.getColumn(2)},
             corrected.getColumn(3).getInt64(),
             corrected.getColumn(4).getInt64(),
             corrected.getColumn(5).getInt64()});
    SQLite::Statement decided(file.database(),
                              "SELECT received_at, decided_at FROM cases WHERE decided_at >= ?");
    decided.bind(1, since);
    while (decided.executeStep())
        statistics.decided.push_back({decided.getColumn(0), decided.getColumn(1)});
    return statistics;
}

}  // namespace

std::shared_ptr<const Statistics> SqliteCaseStore::statistics(int days) {
    Counted& last = counted_;
    const std::lock_guard lock(last.mutex);
    const auto now = std::chrono::steady_clock::now();
    const bool is_fresh = last.statistics && last.days == days &&
                          now - last.at < std::chrono::seconds(kStatisticsSeconds);
    if (!is_fresh) {
        last.statistics = pool_.with([&](SqliteFile& file) {
            return std::make_shared<const Statistics>(
                counted_statistics(file, utc_ago(std::chrono::days(days))));
        });
        last.days = days;
        last.at = now;
    }
    return last.statistics;
}

}  // namespace avtalskoll::app
