// What happens to cases besides decisions: how it is written, and what follows in the queue.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/review/case_number.h"
#include "app/store/case_search.h"
#include "app/store/mail_rows.h"
#include "app/store/sql_case_store.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

using nlohmann::json;

json json_of(const CasePerson& person) {
    return {{"name", person.name}, {"email", person.email}, {"phone", person.phone}};
}

CasePerson person_from(const json& from) {
    return {from.at("name"), from.at("email"), from.at("phone")};
}

json json_of(const CaseMoved& e) {
    return {{"move", e.move}, {"from", e.from}, {"to", e.to}, {"reason", e.reason}};
}
json json_of(const CaseNoted& e) { return {{"text", e.text}}; }
json json_of(const CaseNumbered& e) { return {{"number", e.number}}; }
json json_of(const BoxShare& box) { return {box.x, box.y, box.w, box.h}; }
std::vector<BoxShare> boxes_from(const json& from) {
    std::vector<BoxShare> boxes;
    for (const json& box : from) boxes.push_back({box.at(0), box.at(1), box.at(2), box.at(3)});
    return boxes;
}
json boxes_of(const std::vector<BoxShare>& boxes) {
    json all = json::array();
    for (const BoxShare& box : boxes) all.push_back(json_of(box));
    return all;
}

json json_of(const CopyCompared& e) {
    json sheets = json::array();
    for (const CopySheet& sheet : e.sheets)
        sheets.push_back({{"file", sheet.approved_file},
                          {"page", sheet.approved_page},
                          {"copy_page", sheet.copy_page},
                          {"on_approved", boxes_of(sheet.on_approved)},
                          {"on_copy", boxes_of(sheet.on_copy)},
                          {"text", sheet.text}});
    return {
        {"verdict", to_string(e.verdict)}, {"file", e.file},       {"sha256", e.sha256},
        {"approved", e.approved},          {"remarks", e.remarks}, {"because", e.accepted_because},
        {"sheets", std::move(sheets)}};
}
CopyCompared copy_from(const json& from) {
    CopyCompared copy;
    copy.verdict = parse_countersigned_verdict(from.at("verdict").get<std::string>())
                       .value_or(CountersignedVerdict::Unsure);
    copy.file = from.at("file");
    copy.sha256 = from.at("sha256");
    copy.approved = from.at("approved");
    copy.remarks = from.at("remarks");
    copy.accepted_because = from.at("because");
    for (const json& sheet : from.at("sheets"))
        copy.sheets.push_back({sheet.at("file"), sheet.at("page"), sheet.at("copy_page"),
                               boxes_from(sheet.at("on_approved")), boxes_from(sheet.at("on_copy")),
                               sheet.at("text")});
    return copy;
}
json json_of(const DataSetAdded& e) {
    return {{"data_set", e.data_set},
            {"owner", json_of(e.owner)},
            {"support", json_of(e.support)},
            {"agent", e.agent},
            {"authority", e.authority}};
}
json json_of(const DataSetRemoved& e) { return {{"data_set", e.data_set}, {"reason", e.reason}}; }
json json_of(const CredentialsSent& e) {
    return {{"data_set", e.data_set}, {"to", json_of(e.to)}, {"on", e.on}};
}

// In the order of CaseEventDetail; nullopt for a kind of another version.
std::optional<CaseEventDetail> detail_from(const std::string& kind, const json& from) {
    if (kind == kind_of(CaseMoved{}))
        return CaseMoved{from.at("move"), from.at("from"), from.at("to"), from.at("reason")};
    if (kind == kind_of(CaseNoted{})) return CaseNoted{from.at("text")};
    if (kind == kind_of(CaseNumbered{})) return CaseNumbered{from.at("number")};
    if (kind == kind_of(CopyCompared{})) return copy_from(from);
    if (kind == kind_of(DataSetAdded{}))
        return DataSetAdded{from.at("data_set"), person_from(from.at("owner")),
                            person_from(from.at("support")), from.at("agent"),
                            from.at("authority")};
    if (kind == kind_of(DataSetRemoved{}))
        return DataSetRemoved{from.at("data_set"), from.at("reason")};
    if (kind == kind_of(CredentialsSent{}))
        return CredentialsSent{from.at("data_set"), person_from(from.at("to")), from.at("on")};
    return std::nullopt;
}

// A damaged one says nothing, like one that was purged.
std::optional<CaseEventDetail> detail_or_none(const std::string& kind,
                                              const std::string& text) try {
    return detail_from(kind, json::parse(text));
} catch (const json::exception&) {
    return std::nullopt;
}

// The line of the audit log; it holds no value.
AuditEvent event_of(const CaseEventDetail& detail) {
    if (const auto* moved = std::get_if<CaseMoved>(&detail))
        return {.action = AuditAction::Moved, .subject = moved->move};
    if (std::holds_alternative<CaseNoted>(detail)) return {.action = AuditAction::Noted};
    if (std::holds_alternative<CaseNumbered>(detail)) return {.action = AuditAction::Numbered};
    if (const auto* compared = std::get_if<CopyCompared>(&detail))
        return {.action = AuditAction::CopyCompared, .subject = to_string(compared->verdict)};
    if (const auto* added = std::get_if<DataSetAdded>(&detail))
        return {.action = AuditAction::DataSetAdded, .subject = added->data_set};
    if (const auto* removed = std::get_if<DataSetRemoved>(&detail))
        return {.action = AuditAction::DataSetRemoved, .subject = removed->data_set};
    return {.action = AuditAction::CredentialsSent,
            .subject = std::get<CredentialsSent>(detail).data_set};
}

// An event that follows from what was seen, so that nothing may have changed since.
bool needs_revision(const CaseEventDetail& detail) {
    return std::holds_alternative<CaseMoved>(detail) ||
           std::holds_alternative<CopyCompared>(detail);
}

// Whatever is written then would stay for good.
bool is_purged(SqlDatabase& database, std::int64_t submission) {
    return database
        .row("SELECT 1 FROM submissions WHERE key = $1 AND purged_at IS NOT NULL", submission)
        .has_value();
}

// False: another case has the number.
bool set_number(SqlDatabase& database, std::int64_t submission, const std::string& number) {
    const auto parsed = parse_case_number(number);
    const std::string key = parsed ? parsed->key : "";
    if (database.row("SELECT 1 FROM cases WHERE number_key = $1 AND submission <> $2", key,
                     submission))
        return false;
    database.run("UPDATE cases SET number = $1, number_key = $2 WHERE submission = $3",
                 parsed ? std::optional(number) : std::nullopt,
                 parsed ? std::optional(key) : std::nullopt, submission);
    refresh_search(database, submission);
    return true;
}

}  // namespace

std::vector<CaseEvent> events_of(SqlDatabase& database, std::int64_t submission) {
    std::vector<CaseEvent> events;
    for (const SqlRow& row : database.rows(
             "SELECT key, at, officer, kind, detail FROM case_events WHERE submission = $1 ORDER "
             "BY key",
             submission)) {
        CaseEvent& event = events.emplace_back();
        event.key = row.number(0);
        event.at = row.text(1);
        event.officer = row.text(2);
        event.kind = row.text(3);
        if (!row.is_null(4)) event.detail = detail_or_none(event.kind, row.text(4));
    }
    return events;
}

Outcome SqlCaseStore::add_with_mail(const OpenCase& open, const CaseEventDetail& event,
                                    const std::optional<Mail>& mail, const std::string& officer) {
    return add_beside(open, event, officer, {.mail = mail});
}

Outcome SqlCaseStore::add_copy(const OpenCase& open, const CopyCompared& copy,
                               const std::filesystem::path& file, const std::string& officer) {
    return add_beside(open, copy, officer, {.file = file});
}

Outcome SqlCaseStore::add_beside(const OpenCase& open, const CaseEventDetail& event,
                                 const std::string& officer, const Beside& beside) {
    return pool_.with([&](SqlDatabase& database) {
        const std::string sha = beside.file.empty() ? "" : originals_.keep(beside.file);
        const bool is_number = std::holds_alternative<CaseNumbered>(event);
        // A number is compared with those of all cases.
        SqlTransaction transaction(database,
                                   is_number ? SqlScope::Everything : SqlScope::OneSubmission);
        if (!is_number) database.lock_submission(open.line.key);
        if (is_purged(database, open.line.key)) return Outcome::Changed;
        if (!sha.empty() && !std::filesystem::exists(originals_.path_of(sha)))
            originals_.keep(beside.file);  // a purge came between
        if (needs_revision(event)) {
            if (revision_of(database, open.line.key) != open.revision) return Outcome::Changed;
            const std::string by = claimant(database, open.line.key);
            if (!by.empty() && by != officer) return Outcome::Claimed;
        }
        if (const auto* numbered = std::get_if<CaseNumbered>(&event);
            numbered && !set_number(database, open.line.key, numbered->number))
            return Outcome::NumberTaken;
        if (const auto* moved = std::get_if<CaseMoved>(&event))
            database.run(
                "UPDATE cases SET status = $1, claimed_by = NULL, claimed_at = NULL, answer_by = "
                "NULL, decided_at = coalesce(decided_at, $2) WHERE submission = $3",
                moved->to, database.now(), open.line.key);
        database.run(
            "INSERT INTO case_events (submission, at, officer, kind, detail) VALUES ($1, $2, $3, "
            "$4, $5)",
            open.line.key, database.now(), officer, kind_of(event),
            std::visit(
                [](const auto& one) {
                    return json_of(one).dump(-1, ' ', false, json::error_handler_t::replace);
                },
                event));
        if (beside.mail) insert_mail(database, open.line.key, *beside.mail, officer);
        if (!sha.empty())
            database.run(
                "INSERT INTO case_files (submission, at, name, sha256) VALUES ($1, $2, $3, $4)",
                open.line.key, database.now(), std::get<CopyCompared>(event).file, sha);
        database.log(officer, open.line.key, event_of(event));
        transaction.commit();
        return Outcome::Done;
    });
}

std::string SqlCaseStore::id_of(const std::string& id_or_number) {
    return pool_.with([&](SqlDatabase& database) -> std::string {
        if (database.row("SELECT 1 FROM cases WHERE id = $1", id_or_number)) return id_or_number;
        const auto number = parse_case_number(id_or_number);
        if (!number) return {};
        const auto row = database.row("SELECT id FROM cases WHERE number_key = $1", number->key);
        return row ? row->text(0) : "";
    });
}

}  // namespace avtalskoll::app
