#include "app/store/case_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <sstream>

#include "app/store/earlier.h"
#include "app/store/originals.h"
#include "app/store/sqlite_file.h"
#include "app/store/stored_json.h"
#include "models/report.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr int kPatienceMs = 5000;  // a person waits

constexpr const char* kCaseColumns =
    "submission, id, status, verdict, summary, organisation, organisation_number, received_at, "
    "coalesce(decided_at, ''), "
    "CASE WHEN claimed_at >= ?1 THEN coalesce(claimed_by, '') ELSE '' END, coalesce(claimed_at, "
    "'')";

// Claims from before do not hold any more.
std::string oldest_claim() { return utc_ago(std::chrono::minutes(kClaimMinutes)); }

Case case_from(SQLite::Statement& row) {
    return {row.getColumn(0).getInt64(),
            row.getColumn(1),
            row.getColumn(2),
            row.getColumn(3),
            row.getColumn(4),
            row.getColumn(5),
            row.getColumn(6),
            row.getColumn(7),
            row.getColumn(8),
            row.getColumn(9),
            row.getColumn(10)};
}

// What is looked for, as a condition: by the index, or row by row where the text is too short for
// it (three letters) or found so often that going through the rows in their order is quicker.
enum class Looking { ForNothing, ByIndex, RowByRow };

constexpr std::int64_t kOften = 2000;

std::string phrase_of(const std::string& folded) {
    return fmt::format("\"{}\"", folded);
}  // folded_words() leaves no quotation mark

Looking how_to_look(SqliteFile& file, const std::string& folded) {
    if (folded.empty()) return Looking::ForNothing;
    if (edit_distance(folded, "") < 3) return Looking::RowByRow;
    SQLite::Statement count(
        file.database(),
        "SELECT count(*) FROM (SELECT 1 FROM case_search WHERE case_search MATCH ? LIMIT ?)");
    bind_all(count, phrase_of(folded), kOften + 1);
    count.executeStep();
    return count.getColumn(0).getInt64() > kOften ? Looking::RowByRow : Looking::ByIndex;
}

// The conditions of a query; their values follow from ?2 on.
std::string condition_of(const CaseQuery& query, Looking looking) {
    std::string condition = "1";
    if (!query.status.empty()) condition += " AND status = ?2";
    if (!query.verdict.empty()) condition += " AND verdict = ?3";
    if (query.open) condition += " AND status IN ('received', 'in_review') AND verdict <> ''";
    if (looking == Looking::RowByRow) condition += " AND instr(search, ?4) > 0";
    if (looking == Looking::ByIndex)
        condition +=
            " AND submission IN (SELECT rowid FROM case_search WHERE case_search MATCH ?4)";
    return condition;
}

void bind_query(SQLite::Statement& statement, const CaseQuery& query, Looking looking,
                const std::string& folded) {
    if (!query.status.empty()) statement.bind(2, query.status);
    if (!query.verdict.empty()) statement.bind(3, query.verdict);
    if (looking != Looking::ForNothing)
        statement.bind(4, looking == Looking::ByIndex ? phrase_of(folded) : folded);
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

std::optional<std::string> optional_text(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(column.getString());
}

bool is_of_the_whole(Action action) {
    return action == Action::Approve || action == Action::Request || action == Action::Close;
}

void read_decisions(SqliteFile& file, OpenCase& open) {
    SQLite::Statement rows(
        file.database(),
        "SELECT d.key, d.report, d.action, d.at, d.officer, r.engine, d.form, d.point, d.field, "
        "d.finding, d.old_verdict, d.new_verdict, d.old_value, d.new_value, "
        "d.found_verdict, d.found_value, coalesce(d.undoes, 0), d.content = s.content AND d.at >= "
        "s.received_at FROM decisions d JOIN reports r ON r.key = d.report JOIN "
        "submissions s ON s.key = "
        "d.submission WHERE d.submission = ? ORDER BY d.key");
    rows.bind(1, open.line.key);
    while (rows.executeStep()) {
        Decision d;
        d.key = rows.getColumn(0).getInt64();
        d.report = rows.getColumn(1).getInt64();
        d.action = parse_action(rows.getColumn(2)).value_or(Action::Undo);
        int at = 3;
        for (std::string* text : {&d.at, &d.officer, &d.engine, &d.form, &d.point, &d.field,
                                  &d.finding, &d.old_verdict, &d.new_verdict})
            *text = rows.getColumn(at++).getString();
        d.old_value = optional_text(rows.getColumn(12));
        d.new_value = optional_text(rows.getColumn(13));
        d.found_verdict = rows.getColumn(14).getString();
        d.found_value = optional_text(rows.getColumn(15));
        d.undoes = rows.getColumn(16).getInt64();
        (rows.getColumn(17).getInt() != 0 ? open.decisions : open.earlier_decisions)
            .push_back(std::move(d));
    }
    for (const Decision& undo : open.decisions)
        for (Decision& d : open.decisions)
            if (undo.undoes == d.key) d.undone = true;
}

void read_letters(SqliteFile& file, OpenCase& open) {
    SQLite::Statement rows(file.database(),
                           "SELECT decision, at, officer, coalesce(text, '') FROM letters WHERE "
                           "submission = ? ORDER BY decision");
    rows.bind(1, open.line.key);
    while (rows.executeStep())
        open.letters.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1), rows.getColumn(2),
                                rows.getColumn(3)});
}

// Changes with every report, decision and purge.
std::string revision_of(SqliteFile& file, std::int64_t submission) {
    SQLite::Statement row(
        file.database(),
        "SELECT coalesce((SELECT max(r.key) FROM reports r WHERE r.submission = s.key AND "
        "r.content = s.content), 0) || '.' || coalesce((SELECT max(key) FROM decisions WHERE "
        "submission = s.key), 0) || CASE WHEN s.purged_at IS NULL THEN '' ELSE '.purged' END FROM "
        "submissions s WHERE s.key = ?");
    row.bind(1, submission);
    return row.executeStep() ? row.getColumn(0).getString() : "";
}

// The claim that still holds; empty: none.
std::string claimant(SqliteFile& file, std::int64_t submission) {
    SQLite::Statement row(file.database(),
                          fmt::format("SELECT {} FROM cases WHERE submission = ?2", kCaseColumns));
    bind_all(row, oldest_claim(), submission);
    return row.executeStep() ? case_from(row).claimed_by : "";
}

void set_status(SqliteFile& file, const OpenCase& open, const Decision& decision,
                const Decision* undone) {
    const std::int64_t key = open.line.key;
    if (is_of_the_whole(decision.action)) {
        const char* status = decision.action == Action::Approve   ? kComplete
                             : decision.action == Action::Request ? kToBeCompleted
                                                                  : kClosed;
        file.run(
            "UPDATE cases SET status = ?, decided_at = ?, claimed_by = NULL, claimed_at = NULL "
            "WHERE submission = ?",
            std::string(status), utc_now(), key);
    } else {
        const bool again =
            decision.action == Action::Reopen || (undone && is_of_the_whole(undone->action));
        file.run(
            "UPDATE cases SET status = 'in_review', decided_at = CASE WHEN ? THEN NULL ELSE "
            "decided_at END, claimed_by = ?, claimed_at = ? WHERE submission = ?",
            static_cast<int>(again), decision.officer, utc_now(), key);
    }
}

// What the log says of a decision: no values.
std::string told(const OpenCase& open, const Decision& decision) {
    std::string of = decision.finding.substr(0, decision.finding.find('/'));
    if (!decision.field.empty())
        of = fmt::format("{}/{}/{}", decision.form, decision.point, decision.field);
    return fmt::format("{}{}{}{}; engine {}", to_string(decision.action), of.empty() ? "" : " ", of,
                       decision.undoes ? fmt::format(" of decision {}", decision.undoes) : "",
                       open.engine);
}

std::vector<std::pair<std::string, std::int64_t>> lacking_since(SqliteFile& file,
                                                                const std::string& since) {
    SQLite::Statement rows(file.database(),
                           "SELECT summary FROM cases WHERE received_at >= ? AND summary <> ''");
    rows.bind(1, since);
    std::map<std::string, std::int64_t> counted;
    while (rows.executeStep()) {
        std::istringstream codes(rows.getColumn(0).getString());
        for (std::string code; codes >> code;)
            if (const auto colon = code.find(':');
                colon != std::string::npos &&
                code.substr(colon + 1) != to_string(FieldVerdict::Unclear))
                ++counted[code.substr(0, colon)];
    }
    std::vector<std::pair<std::string, std::int64_t>> lacking(counted.begin(), counted.end());
    std::stable_sort(lacking.begin(), lacking.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return lacking;
}

}  // namespace

const char* to_string(Action action) {
    switch (action) {
        case Action::Accept: return "accept";
        case Action::Correct: return "correct";
        case Action::Missing: return "missing";
        case Action::Approve: return "approve";
        case Action::Request: return "request";
        case Action::Close: return "close";
        case Action::Reopen: return "reopen";
        case Action::Undo: return "undo";
    }
    return "?";
}

std::optional<Action> parse_action(const std::string& text) {
    for (const auto action : {Action::Accept, Action::Correct, Action::Missing, Action::Approve,
                              Action::Request, Action::Close, Action::Reopen, Action::Undo})
        if (text == to_string(action)) return action;
    return std::nullopt;
}

struct CaseStore::Connections {
    Connections(const std::filesystem::path& store, int connections)
        : pool(store, connections, kPatienceMs), originals(store.string() + ".files") {}
    SqlitePool pool;
    Originals originals;

    std::mutex figures_mutex;  // whoever comes while they are counted waits for them
    std::shared_ptr<const Figures> figures;
    int figures_days = 0;
    std::chrono::steady_clock::time_point figures_at;
};

CaseStore::CaseStore(const std::filesystem::path& store, int connections)
    : connections_(std::make_unique<Connections>(store, connections)) {}
CaseStore::~CaseStore() = default;

CasePage CaseStore::find(const CaseQuery& query) {
    return connections_->pool.with([&](SqliteFile& file) {
        CasePage page;
        const std::string folded = folded_words(query.text);
        const Looking looking = how_to_look(file, folded);
        const std::string condition = condition_of(query, looking);
        // What is looked for row by row is counted so far only.
        SQLite::Statement count(
            file.database(),
            fmt::format("SELECT count(*) FROM (SELECT 1 FROM cases WHERE {} LIMIT {})", condition,
                        looking == Looking::RowByRow ? kMostCounted : INT64_MAX));
        bind_query(count, query, looking, folded);
        if (count.executeStep()) page.total = count.getColumn(0).getInt64();
        page.more = looking == Looking::RowByRow && page.total == kMostCounted;
        SQLite::Statement rows(
            file.database(),
            fmt::format("SELECT {} FROM cases WHERE {} ORDER BY {} LIMIT ?5 OFFSET ?6",
                        kCaseColumns, condition, order_of(query.order)));
        bind_query(rows, query, looking, folded);
        rows.bind(1, oldest_claim());
        rows.bind(5, query.per_page);
        rows.bind(6, static_cast<std::int64_t>(query.page) * query.per_page);
        while (rows.executeStep()) page.cases.push_back(case_from(rows));
        return page;
    });
}

CaseCounts CaseStore::counts() {
    return connections_->pool.with([](SqliteFile& file) {
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

std::optional<OpenCase> CaseStore::open(const std::string& id) {
    return connections_->pool.with([&](SqliteFile& file) -> std::optional<OpenCase> {
        SQLite::Transaction one_view(file.database());
        SQLite::Statement row(file.database(),
                              fmt::format("SELECT {} FROM cases WHERE id = ?2", kCaseColumns));
        bind_all(row, oldest_claim(), id);
        if (!row.executeStep()) return std::nullopt;
        OpenCase open;
        open.line = case_from(row);
        SQLite::Statement stored(
            file.database(),
            "SELECT content, account, purged_at IS NOT NULL FROM submissions WHERE key = ?");
        stored.bind(1, open.line.key);
        stored.executeStep();
        const std::string content = stored.getColumn(0);
        read_account_json(stored.getColumn(1), open.submission);
        open.submission.id = id;
        open.purged = stored.getColumn(2).getInt() != 0;
        SQLite::Statement files(
            file.database(),
            "SELECT name, sha256 FROM files WHERE submission = ? ORDER BY position");
        files.bind(1, open.line.key);
        while (files.executeStep())
            open.submission.files.push_back(
                {files.getColumn(0), connections_->originals.path_of(files.getColumn(1))});
        SQLite::Statement report(file.database(),
                                 "SELECT key, json, engine FROM reports WHERE submission = ? AND "
                                 "content = ? ORDER BY key DESC LIMIT 1");
        bind_all(report, open.line.key, content);
        if (report.executeStep()) {
            open.report = report.getColumn(0).getInt64();
            open.report_json = report.getColumn(1).getString();
            open.engine = report.getColumn(2).getString();
        }
        read_decisions(file, open);
        read_letters(file, open);
        open.earlier = earlier_contents(file.database(), connections_->originals, open.line.key);
        open.set_aside = set_aside_reports(file.database(), open.line.key);
        open.revision = revision_of(file, open.line.key);
        return open;
    });
}

std::optional<std::string> CaseStore::report_html(const OpenCase& open, std::int64_t report) {
    return connections_->pool.with([&](SqliteFile& file) -> std::optional<std::string> {
        SQLite::Statement row(
            file.database(),
            "SELECT html FROM reports WHERE key = ? AND submission = ? AND html IS NOT NULL");
        bind_all(row, report, open.line.key);
        if (!row.executeStep()) return std::nullopt;
        const SQLite::Column html = row.getColumn(0);
        return std::string(static_cast<const char*>(html.getBlob()),
                           static_cast<std::size_t>(html.getBytes()));
    });
}

std::string CaseStore::next_open(const std::string& id, const std::string& officer) {
    return connections_->pool.with([&](SqliteFile& file) -> std::string {
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

Outcome CaseStore::claim(const OpenCase& open, const std::string& officer, bool take_over) {
    return connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        const std::string by = claimant(file, open.line.key);
        if (!by.empty() && by != officer && !take_over) return Outcome::Claimed;
        file.run(
            "UPDATE cases SET claimed_by = ?, claimed_at = ?, status = CASE status WHEN 'received' "
            "THEN 'in_review' ELSE status END WHERE submission = ?",
            officer, utc_now(), open.line.key);
        if (by != officer)
            file.log(officer, by.empty() ? "claimed" : "taken over", open.line.key,
                     by.empty() ? "" : "from " + by);
        transaction.commit();
        return Outcome::Done;
    });
}

void CaseStore::let_go(const OpenCase& open, const std::string& officer) {
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        if (claimant(file, open.line.key) == officer) {
            file.run("UPDATE cases SET claimed_by = NULL, claimed_at = NULL WHERE submission = ?",
                     open.line.key);
            file.log(officer, "let go", open.line.key, "");
        }
        transaction.commit();
    });
}

Outcome CaseStore::decide(const OpenCase& open, const Decision& decision,
                          const std::string& letter) {
    return connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        if (revision_of(file, open.line.key) != open.revision) return Outcome::Changed;
        const std::string by = claimant(file, open.line.key);
        if (!by.empty() && by != decision.officer) return Outcome::Claimed;
        const std::string at = utc_now();
        SQLite::Statement insert(
            file.database(),
            "INSERT INTO decisions (submission, content, report, at, officer, action, form, point, "
            "field, finding, old_verdict, new_verdict, found_verdict, old_value, "
            "new_value, found_value, undoes) SELECT ?1, content, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
            "?10, ?11, ?12, ?13, ?14, ?15, ?16 FROM submissions WHERE key = ?1");
        bind_all(insert, open.line.key, open.report, at, decision.officer,
                 std::string(to_string(decision.action)), decision.form, decision.point,
                 decision.field, decision.finding, decision.old_verdict, decision.new_verdict,
                 decision.found_verdict);
        if (decision.old_value) insert.bind(13, *decision.old_value);
        if (decision.new_value) insert.bind(14, *decision.new_value);
        if (decision.found_value) insert.bind(15, *decision.found_value);
        if (decision.undoes) insert.bind(16, decision.undoes);
        insert.exec();
        const std::int64_t key = file.database().getLastInsertRowid();
        if (decision.action == Action::Request)
            file.run(
                "INSERT INTO letters (decision, submission, at, officer, text) VALUES (?, ?, ?, ?, "
                "?)",
                key, open.line.key, at, decision.officer, letter);
        const auto undone =
            std::find_if(open.decisions.begin(), open.decisions.end(),
                         [&](const Decision& d) { return d.key == decision.undoes; });
        set_status(file, open, decision, undone == open.decisions.end() ? nullptr : &*undone);
        file.log(decision.officer, "decided", open.line.key, told(open, decision));
        transaction.commit();
        return Outcome::Done;
    });
}

namespace {

Figures counted_figures(SqliteFile& file, const std::string& since) {
    Figures figures;
    SQLite::Statement by_day(
        file.database(),
        "SELECT substr(received_at, 1, 10), count(*), sum(verdict = 'complete' AND NOT EXISTS "
        "(SELECT 1 FROM decisions d WHERE d.submission = "
        "cases.submission)) FROM cases WHERE received_at >= ? GROUP BY 1 ORDER BY 1");
    by_day.bind(1, since);
    while (by_day.executeStep())
        figures.days.push_back(
            {by_day.getColumn(0), by_day.getColumn(1).getInt64(), by_day.getColumn(2).getInt64()});
    figures.lacking = lacking_since(file, since);
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
        figures.corrections.push_back({corrected.getColumn(0), corrected.getColumn(1),
                                       corrected.getColumn(2), corrected.getColumn(3).getInt64(),
                                       corrected.getColumn(4).getInt64(),
                                       corrected.getColumn(5).getInt64()});
    SQLite::Statement decided(file.database(),
                              "SELECT received_at, decided_at FROM cases WHERE decided_at >= ?");
    decided.bind(1, since);
    while (decided.executeStep())
        figures.decided.push_back({decided.getColumn(0), decided.getColumn(1)});
    return figures;
}

}  // namespace

std::shared_ptr<const Figures> CaseStore::figures(int days) {
    const std::lock_guard lock(connections_->figures_mutex);
    const auto now = std::chrono::steady_clock::now();
    const bool is_fresh = connections_->figures && connections_->figures_days == days &&
                          now - connections_->figures_at < std::chrono::seconds(kFiguresSeconds);
    if (!is_fresh) {
        connections_->figures = connections_->pool.with([&](SqliteFile& file) {
            return std::make_shared<const Figures>(
                counted_figures(file, utc_ago(std::chrono::days(days))));
        });
        connections_->figures_days = days;
        connections_->figures_at = now;
    }
    return connections_->figures;
}

void CaseStore::note(std::int64_t key, const std::string& who, const std::string& action,
                     const std::string& detail) {
    connections_->pool.with([&](SqliteFile& file) { file.log(who, action, key, detail); });
}

std::vector<AuditLine> CaseStore::log(std::int64_t key, int most) {
    return connections_->pool.with([&](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            fmt::format("SELECT a.at, a.actor, a.action, coalesce(s.id, ''), a.detail FROM audit a "
                        "LEFT JOIN submissions s ON s.key = a.submission {} "
                        "ORDER BY a.key DESC LIMIT ?1",
                        key ? "WHERE a.submission = ?2" : ""));
        rows.bind(1, most);
        if (key) rows.bind(2, key);
        std::vector<AuditLine> lines;
        while (rows.executeStep())
            lines.push_back({rows.getColumn(0), rows.getColumn(1), rows.getColumn(2),
                             rows.getColumn(3), rows.getColumn(4)});
        return lines;
    });
}

}  // namespace avtalskoll::app
