// The queue: which cases there are, in which order, and which one is next.
#include <fmt/format.h>

#include <map>

#include "app/store/sqlite_case_store.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

// How a text is looked for: by the index, or row by row. The latter is for a text that is too short
// for the index (three letters), or found so often that going through the rows in their order is
// quicker.
enum class SearchMode { None, ByIndex, RowByRow };

constexpr std::int64_t kOften = 2000;

// folded_words() leaves no quotation mark.
std::string phrase_of(const std::string& folded) { return fmt::format("\"{}\"", folded); }

SearchMode search_mode(SqliteFile& file, const std::string& folded) {
    if (folded.empty()) return SearchMode::None;
    if (edit_distance(folded, "") < 3) return SearchMode::RowByRow;
    SQLite::Statement count(
        file.database(),
        "SELECT count(*) FROM (SELECT 1 FROM case_search WHERE case_search MATCH ? LIMIT ?)");
    bind_all(count, phrase_of(folded), kOften + 1);
    count.executeStep();
    return count.getColumn(0).getInt64() > kOften ? SearchMode::RowByRow : SearchMode::ByIndex;
}

// The conditions of a query; their values follow from ?2 on.
std::string condition_of(const CaseQuery& query, SearchMode mode) {
    std::string condition = "1";
    if (!query.status.empty()) condition += " AND status = ?2";
    if (!query.verdict.empty()) condition += " AND verdict = ?3";
    if (query.open) condition += " AND status IN ('received', 'in_review') AND verdict <> ''";
    if (mode == SearchMode::RowByRow) condition += " AND instr(search, ?4) > 0";
    if (mode == SearchMode::ByIndex)
        condition +=
            " AND submission IN (SELECT rowid FROM case_search WHERE case_search MATCH ?4)";
    return condition;
}

void bind_query(SQLite::Statement& statement, const CaseQuery& query, SearchMode mode,
                const std::string& folded) {
    if (!query.status.empty()) statement.bind(2, query.status);
    if (!query.verdict.empty()) statement.bind(3, query.verdict);
    if (mode != SearchMode::None)
        statement.bind(4, mode == SearchMode::ByIndex ? phrase_of(folded) : folded);
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

CasePage SqliteCaseStore::find(const CaseQuery& query) {
    return pool_.with([&](SqliteFile& file) {
        CasePage page;
        const std::string folded = folded_words(query.text);
        const SearchMode mode = search_mode(file, folded);
        const std::string condition = condition_of(query, mode);
        // Row by row, only the first are counted: each costs a look.
        SQLite::Statement count(
            file.database(),
            fmt::format("SELECT count(*) FROM (SELECT 1 FROM cases WHERE {} LIMIT {})", condition,
                        mode == SearchMode::RowByRow ? kMostCounted : INT64_MAX));
        bind_query(count, query, mode, folded);
        if (count.executeStep()) page.total = count.getColumn(0).getInt64();
        page.more = mode == SearchMode::RowByRow && page.total == kMostCounted;
        SQLite::Statement rows(
            file.database(),
            fmt::format("SELECT {} FROM cases WHERE {} ORDER BY {} LIMIT ?5 OFFSET ?6",
                        kCaseColumns, condition, order_of(query.order)));
        bind_query(rows, query, mode, folded);
        rows.bind(1, oldest_claim());
        rows.bind(5, query.per_page);
        rows.bind(6, static_cast<std::int64_t>(query.page) * query.per_page);
        while (rows.executeStep()) page.cases.push_back(case_from(rows));
        return page;
    });
}

CaseCounts SqliteCaseStore::counts() {
    return pool_.with([](SqliteFile& file) {
        CaseCounts counts;
        const std::map<std::string, std::int64_t*> places{{kReceived, &counts.received},
                                                          {kInReview, &counts.in_review},
                                                          {kComplete, &counts.complete},
                                                          {kToBeCompleted, &counts.to_be_completed},
                                                          {kClosed, &counts.closed}};
        SQLite::Statement rows(file.database(),
                               "SELECT status, count(*) FROM cases GROUP BY status");
        while (rows.executeStep())
            if (const auto place = places.find(rows.getColumn(0)); place != places.end())
                *place->second = rows.getColumn(1).getInt64();
        return counts;
    });
}

std::string SqliteCaseStore::next_open(const std::string& id, const std::string& officer) {
    return pool_.with([&](SqliteFile& file) -> std::string {
        // The next one after the one that was left; when there is none, the oldest.
        for (const char* after : {"(received_at, submission) > (SELECT received_at, submission "
                                  "FROM cases WHERE id = ?1)",
                                  "1"}) {
            SQLite::Statement row(
                file.database(),
                fmt::format(
                    "SELECT id FROM cases INDEXED BY cases_received WHERE {} AND status IN "
                    "('received', 'in_review') AND verdict <> '' AND id <> ?1 AND (claimed_by IS "
                    "NULL OR "
                    "claimed_by = ?2 OR claimed_at < ?3) ORDER BY received_at, submission LIMIT 1",
                    after));
            bind_all(row, id, officer, oldest_claim());
            if (row.executeStep()) return row.getColumn(0);
        }
        return {};
    });
}

}  // namespace avtalskoll::app
