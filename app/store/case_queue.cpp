// The queue: which cases there are, in which order, and which one is next.
#include <fmt/format.h>

#include "app/store/sql_case_store.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

// How a text is looked for: by SQLite's index, or row by row. The latter is for a text that is too
// short for the index (three letters), or found so often that going through the rows in their order
// is quicker. PostgreSQL chooses by itself.
enum class SearchMode { None, ByIndex, RowByRow };

constexpr std::int64_t kOften = 2000;

// folded_words() leaves no quotation mark.
std::string phrase_of(const std::string& folded) { return fmt::format("\"{}\"", folded); }

// The pattern of a text that holds `folded`.
std::string pattern_of(const std::string& folded) {
    std::string pattern = "%";
    for (const char c : folded) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

SearchMode search_mode(SqlDatabase& database, const std::string& folded) {
    if (folded.empty()) return SearchMode::None;
    if (database.engine() == SqlEngine::Postgresql || edit_distance(folded, "") < 3)
        return SearchMode::RowByRow;
    const auto count = database.row(
        "SELECT count(*) FROM (SELECT 1 FROM case_search WHERE case_search MATCH $1 LIMIT $2) f",
        phrase_of(folded), kOften + 1);
    return count->number(0) > kOften ? SearchMode::RowByRow : SearchMode::ByIndex;
}

// A condition on cases, with the values of its parameters.
struct Condition {
    std::string sql = "TRUE";
    std::vector<SqlValue> values;

    // `part` has {} in place of its parameter.
    void add(const char* part, const std::string& value) {
        values.emplace_back(value);
        sql += fmt::format(fmt::runtime(part), fmt::format("${}", values.size()));
    }
};

Condition condition_of(const CaseQuery& query, SearchMode mode, const std::string& folded) {
    Condition condition;
    if (!query.status.empty()) condition.add(" AND status = {}", query.status);
    if (!query.verdict.empty()) condition.add(" AND verdict = {}", query.verdict);
    if (!query.due_before.empty())
        condition.add(" AND status = 'to_be_completed' AND answer_by < {}", query.due_before);
    if (query.open) condition.sql += " AND status IN ('received', 'in_review') AND verdict <> ''";
    if (mode == SearchMode::RowByRow)
        condition.add(" AND search LIKE {} ESCAPE '\\'", pattern_of(folded));
    if (mode == SearchMode::ByIndex)
        condition.add(
            " AND submission IN (SELECT rowid FROM case_search WHERE case_search MATCH {})",
            phrase_of(folded));
    return condition;
}

const char* order_of(CaseOrder order) {
    switch (order) {
        case CaseOrder::Oldest: return "received_at, submission";
        case CaseOrder::Newest: return "received_at DESC, submission DESC";
        case CaseOrder::Organisation: return "organisation, submission";
        case CaseOrder::Id: return "id";
    }
    return "submission";
}

}  // namespace

CasePage SqlCaseStore::find(const CaseQuery& query) {
    return pool_.with([&](SqlDatabase& database) {
        CasePage page;
        const std::string folded = folded_words(query.text);
        const SearchMode mode = search_mode(database, folded);
        Condition condition = condition_of(query, mode, folded);
        // Row by row, only the first are counted: each costs a look.
        const SqlRows count = database.query(
            fmt::format("SELECT count(*) FROM (SELECT 1 FROM cases WHERE {} LIMIT {}) f",
                        condition.sql, mode == SearchMode::RowByRow ? kMostCounted : INT64_MAX),
            condition.values);
        page.total = count.front().number(0);
        page.more = mode == SearchMode::RowByRow && page.total == kMostCounted;
        condition.values.emplace_back(oldest_claim(database));
        const std::string sql =
            fmt::format("SELECT {} FROM cases WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
                        case_columns(condition.values.size()), condition.sql, order_of(query.order),
                        query.per_page, static_cast<std::int64_t>(query.page) * query.per_page);
        for (const SqlRow& row : database.query(sql, condition.values))
            page.cases.push_back(case_from(row));
        return page;
    });
}

CaseCounts SqlCaseStore::counts() {
    return pool_.with([](SqlDatabase& database) {
        CaseCounts counts;
        for (const SqlRow& row :
             database.rows("SELECT status, count(*) FROM cases GROUP BY status"))
            counts[row.text(0)] = row.number(1);
        return counts;
    });
}

std::string SqlCaseStore::next_open(const std::string& id, const std::string& officer) {
    return pool_.with([&](SqlDatabase& database) -> std::string {
        // The next one after the one that was left; when there is none, the oldest.
        const char* const by_time =  // SQLite would look through all rows of a status
            database.engine() == SqlEngine::Sqlite ? "INDEXED BY cases_received" : "";
        for (const char* after : {"(received_at, submission) > (SELECT received_at, submission "
                                  "FROM cases WHERE id = $1)",
                                  "TRUE"}) {
            const auto row = database.row(
                fmt::format(
                    "SELECT id FROM cases {} WHERE {} AND status IN "
                    "('received', 'in_review') AND verdict <> '' AND id <> $1 AND (claimed_by IS "
                    "NULL OR "
                    "claimed_by = $2 OR claimed_at < $3) ORDER BY received_at, submission LIMIT 1",
                    by_time, after),
                id, officer, oldest_claim(database));
            if (row) return row->text(0);
        }
        return {};
    });
}

}  // namespace avtalskoll::app
