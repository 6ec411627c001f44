#include "app/store/sqlite_case_store.h"

#include <fmt/format.h>

#include "app/store/audit_rows.h"
#include "app/store/earlier.h"
#include "app/store/stored_json.h"

namespace avtalskoll::app {
namespace {

std::optional<std::string> optional_text(const SQLite::Column& column) {
    return column.isNull() ? std::nullopt : std::optional(column.getString());
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
        d.action = parse_action(rows.getColumn(2).getString()).value_or(Action::Undo);
        int at = 3;
        std::string finding;
        for (std::string* text : {&d.at, &d.officer, &d.engine, &d.place.form, &d.place.point,
                                  &d.place.field, &finding, &d.old_verdict, &d.new_verdict})
            *text = rows.getColumn(at++).getString();
        if (!finding.empty()) d.finding = finding_place_from(finding);
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

}  // namespace

std::optional<OpenCase> SqliteCaseStore::open(const std::string& id) {
    return pool_.with([&](SqliteFile& file) -> std::optional<OpenCase> {
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
                {files.getColumn(0), originals_.path_of(files.getColumn(1))});
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
        open.earlier = earlier_contents(file.database(), originals_, open.line.key);
        open.set_aside = set_aside_reports(file.database(), open.line.key);
        open.revision = revision_of(file, open.line.key);
        return open;
    });
}

std::optional<std::string> SqliteCaseStore::report_html(const OpenCase& open, std::int64_t report) {
    return pool_.with([&](SqliteFile& file) -> std::optional<std::string> {
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

void SqliteCaseStore::note(std::int64_t key, const std::string& who, const AuditEvent& event) {
    pool_.with([&](SqliteFile& file) { file.log(who, key, event); });
}

std::vector<AuditLine> SqliteCaseStore::log(std::int64_t key, int most) {
    return pool_.with([&](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            fmt::format("SELECT {} FROM audit a LEFT JOIN submissions s ON s.key = a.submission {} "
                        "ORDER BY a.key DESC LIMIT ?1",
                        kAuditColumns, key ? "WHERE a.submission = ?2" : ""));
        rows.bind(1, most);
        if (key) rows.bind(2, key);
        return audit_lines(rows);
    });
}

std::unique_ptr<CaseStore> open_sqlite_case_store(const std::filesystem::path& store,
                                                  int connections) {
    return std::make_unique<SqliteCaseStore>(store, connections);
}

}  // namespace avtalskoll::app
