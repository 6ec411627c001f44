#include "app/store/sql_case_store.h"

#include <fmt/format.h>

#include "app/store/audit_rows.h"
#include "app/store/earlier.h"
#include "app/store/stored_json.h"

namespace avtalskoll::app {
namespace {

std::optional<std::string> optional_text(const SqlRow& row, std::size_t column) {
    return row.is_null(column) ? std::nullopt : std::optional(row.text(column));
}

void read_decisions(SqlDatabase& database, OpenCase& open) {
    for (const SqlRow& row : database.rows(
             "SELECT d.key, d.report, d.action, d.at, d.officer, r.engine, d.form, "
             "d.point, d.field, "
             "d.finding, d.old_verdict, d.new_verdict, d.old_value, d.new_value, "
             "d.found_verdict, d.found_value, coalesce(d.undoes, 0), coalesce(d.carried, 0), "
             "d.content = s.content AND d.at >= "
             "s.received_at FROM decisions d JOIN reports r ON r.key = d.report JOIN "
             "submissions s ON s.key = "
             "d.submission WHERE d.submission = $1 ORDER BY d.key",
             open.line.key)) {
        Decision d;
        d.key = row.number(0);
        d.report = row.number(1);
        d.action = parse_action(row.text(2)).value_or(Action::Undo);
        std::size_t at = 3;
        std::string finding;
        for (std::string* text : {&d.at, &d.officer, &d.engine, &d.place.form, &d.place.point,
                                  &d.place.field, &finding, &d.old_verdict, &d.new_verdict})
            *text = row.text(at++);
        if (!finding.empty()) d.finding = finding_place_from(finding);
        d.old_value = optional_text(row, 12);
        d.new_value = optional_text(row, 13);
        d.found_verdict = row.text(14);
        d.found_value = optional_text(row, 15);
        d.undoes = row.number(16);
        d.carried = row.number(17);
        (row.truth(18) ? open.decisions : open.earlier_decisions).push_back(std::move(d));
    }
    for (const Decision& undo : open.decisions)
        for (Decision& d : open.decisions)
            if (undo.undoes == d.key) d.undone = true;
}

void read_letters(SqlDatabase& database, OpenCase& open) {
    for (const SqlRow& row :
         database.rows("SELECT decision, at, officer, coalesce(text, ''), coalesce(recipient, '') "
                       "FROM letters WHERE submission = $1 ORDER BY decision",
                       open.line.key))
        open.letters.push_back({row.number(0), row.text(1), row.text(2), row.text(3), row.text(4)});
}

}  // namespace

std::optional<OpenCase> SqlCaseStore::open(const std::string& id) {
    return pool_.with([&](SqlDatabase& database) -> std::optional<OpenCase> {
        const SqlTransaction one_view(database, SqlScope::Reading);
        const auto row =
            database.row(fmt::format("SELECT {} FROM cases WHERE id = $2", case_columns(1)),
                         oldest_claim(database), id);
        if (!row) return std::nullopt;
        OpenCase open;
        open.line = case_from(*row);
        const auto stored = database.row(
            "SELECT content, account, purged_at IS NOT NULL FROM submissions WHERE key = $1",
            open.line.key);
        open.content = stored->text(0);
        read_account_json(stored->text(1), open.submission);
        open.submission.id = id;
        open.purged = stored->truth(2);
        for (const SqlRow& file : database.rows(
                 "SELECT name, sha256, hand_in FROM files WHERE submission = $1 ORDER BY position",
                 open.line.key))
            open.submission.files.push_back(
                {file.text(0), originals_.path_of(file.text(1)), static_cast<int>(file.number(2))});
        const auto report = database.row(
            "SELECT key, json, engine FROM reports WHERE submission = $1 AND "
            "content = $2 ORDER BY key DESC LIMIT 1",
            open.line.key, open.content);
        if (report) {
            open.report = report->number(0);
            open.report_json = report->text(1);
            open.engine = report->text(2);
        }
        read_decisions(database, open);
        read_letters(database, open);
        open.events = events_of(database, open.line.key);
        open.earlier = earlier_contents(database, originals_, open.line.key);
        open.set_aside = set_aside_reports(database, open.line.key);
        open.revision = revision_of(database, open.line.key);
        return open;
    });
}

std::optional<std::string> SqlCaseStore::report_html(const OpenCase& open, std::int64_t report) {
    return pool_.with([&](SqlDatabase& database) -> std::optional<std::string> {
        const auto row = database.row(
            "SELECT html FROM reports WHERE key = $1 AND submission = $2 AND html IS NOT NULL",
            report, open.line.key);
        return row ? std::optional(row->text(0)) : std::nullopt;
    });
}

void SqlCaseStore::note(std::int64_t key, const std::string& who, const AuditEvent& event) {
    pool_.with([&](SqlDatabase& database) { database.log(who, key, event); });
}

std::vector<AuditLine> SqlCaseStore::log(std::int64_t key, int most) {
    return pool_.with([&](SqlDatabase& database) {
        const std::string lines =
            std::string(kAuditLines) + (key == 0 ? "" : " WHERE a.submission = $2");
        std::vector<SqlValue> values{std::int64_t{most}};
        if (key != 0) values.emplace_back(key);
        return audit_lines(database.query(lines + " ORDER BY a.key DESC LIMIT $1", values));
    });
}

std::unique_ptr<CaseStore> open_case_store(const StorePlace& store, int connections) {
    return std::make_unique<SqlCaseStore>(store, connections);
}

}  // namespace avtalskoll::app
