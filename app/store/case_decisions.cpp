// Claims, decisions and letters.
#include <fmt/format.h>

#include <algorithm>

#include "app/store/sqlite_case_store.h"

namespace avtalskoll::app {
namespace {

bool is_of_the_whole(Action action) {
    return action == Action::Approve || action == Action::Request || action == Action::Close;
}

const char* status_after(Action of_the_whole) {
    switch (of_the_whole) {
        case Action::Approve: return kComplete;
        case Action::Request: return kToBeCompleted;
        default: return kClosed;
    }
}

// The claim that still holds; empty: none.
std::string claimant(SqliteFile& file, std::int64_t submission) {
    SQLite::Statement row(file.database(),
                          fmt::format("SELECT {} FROM cases WHERE submission = ?2", kCaseColumns));
    bind_all(row, oldest_claim(), submission);
    return row.executeStep() ? case_from(row).claimed_by : "";
}

// Gives the decision's key.
std::int64_t insert_decision(SqliteFile& file, const OpenCase& open, const Decision& decision,
                             const std::string& at) {
    SQLite::Statement insert(
        file.database(),
        "INSERT INTO decisions (submission, content, report, at, officer, action, form, point, "
        "field, finding, old_verdict, new_verdict, found_verdict, old_value, "
        "new_value, found_value, undoes) SELECT ?1, content, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
        "?10, ?11, ?12, ?13, ?14, ?15, ?16 FROM submissions WHERE key = ?1");
    bind_all(insert, open.line.key, open.report, at, decision.officer,
             std::string(to_string(decision.action)), decision.place.form, decision.place.point,
             decision.place.field, decision.finding ? to_string(*decision.finding) : "",
             decision.old_verdict, decision.new_verdict, decision.found_verdict);
    if (decision.old_value) insert.bind(13, *decision.old_value);
    if (decision.new_value) insert.bind(14, *decision.new_value);
    if (decision.found_value) insert.bind(15, *decision.found_value);
    if (decision.undoes) insert.bind(16, decision.undoes);
    insert.exec();
    return file.database().getLastInsertRowid();
}

void set_status(SqliteFile& file, const OpenCase& open, const Decision& decision,
                const Decision* undone) {
    const std::int64_t key = open.line.key;
    if (is_of_the_whole(decision.action)) {
        file.run(
            "UPDATE cases SET status = ?, decided_at = ?, claimed_by = NULL, claimed_at = NULL "
            "WHERE submission = ?",
            std::string(status_after(decision.action)), utc_now(), key);
    } else {
        const bool again =
            decision.action == Action::Reopen || (undone && is_of_the_whole(undone->action));
        file.run(
            "UPDATE cases SET status = 'in_review', decided_at = CASE WHEN ? THEN NULL ELSE "
            "decided_at END, claimed_by = ?, claimed_at = ? WHERE submission = ?",
            static_cast<int>(again), decision.officer, utc_now(), key);
    }
}

AuditEvent event_of(const OpenCase& open, const Decision& decision) {
    return {.action = AuditAction::Decided,
            .decision = decision.action,
            .place = decision.place,
            .finding = decision.finding ? decision.finding->code : "",
            .undoes = decision.undoes,
            .engine = open.engine};
}

}  // namespace

Outcome SqliteCaseStore::claim(const OpenCase& open, const std::string& officer, bool take_over) {
    return pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        const std::string by = claimant(file, open.line.key);
        if (!by.empty() && by != officer && !take_over) return Outcome::Claimed;
        file.run(
            "UPDATE cases SET claimed_by = ?, claimed_at = ?, status = CASE status WHEN 'received' "
            "THEN 'in_review' ELSE status END WHERE submission = ?",
            officer, utc_now(), open.line.key);
        if (by != officer)
            file.log(officer, open.line.key,
                     {.action = by.empty() ? AuditAction::Claimed : AuditAction::TakenOver,
                      .subject = by});
        transaction.commit();
        return Outcome::Done;
    });
}

void SqliteCaseStore::release_claim(const OpenCase& open, const std::string& officer) {
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        if (claimant(file, open.line.key) == officer) {
            file.run("UPDATE cases SET claimed_by = NULL, claimed_at = NULL WHERE submission = ?",
                     open.line.key);
            file.log(officer, open.line.key, {.action = AuditAction::Released});
        }
        transaction.commit();
    });
}

Outcome SqliteCaseStore::decide(const OpenCase& open, const Decision& decision,
                                const std::string& letter) {
    return pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        if (revision_of(file, open.line.key) != open.revision) return Outcome::Changed;
        const std::string by = claimant(file, open.line.key);
        if (!by.empty() && by != decision.officer) return Outcome::Claimed;
        const std::string at = utc_now();
        const std::int64_t key = insert_decision(file, open, decision, at);
        if (decision.action == Action::Request)
            file.run(
                "INSERT INTO letters (decision, submission, at, officer, text) VALUES (?, ?, ?, ?, "
                "?)",
                key, open.line.key, at, decision.officer, letter);
        const auto undone =
            std::find_if(open.decisions.begin(), open.decisions.end(),
                         [&](const Decision& d) { return d.key == decision.undoes; });
        set_status(file, open, decision, undone == open.decisions.end() ? nullptr : &*undone);
        file.log(decision.officer, open.line.key, event_of(open, decision));
        transaction.commit();
        return Outcome::Done;
    });
}

}  // namespace avtalskoll::app
