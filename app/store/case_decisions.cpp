// Claims, decisions and letters.
#include <fmt/format.h>

#include <algorithm>

#include "app/store/mail_rows.h"
#include "app/store/sql_case_store.h"

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

// Gives the decision's key.
std::int64_t insert_decision(SqlDatabase& database, const OpenCase& open, const Decision& decision,
                             const std::string& at) {
    const auto inserted = database.row(
        "INSERT INTO decisions (submission, content, report, at, officer, action, form, point, "
        "field, finding, old_verdict, new_verdict, found_verdict, old_value, "
        "new_value, found_value, undoes) SELECT key, content, CAST($2 AS BIGINT), $3, $4, $5, $6, "
        "$7, $8, $9, "
        "$10, $11, $12, $13, $14, $15, CAST($16 AS BIGINT) FROM submissions WHERE key = $1 "
        "RETURNING key",
        open.line.key, open.report, at, decision.officer, std::string(to_string(decision.action)),
        decision.place.form, decision.place.point, decision.place.field,
        decision.finding ? to_string(*decision.finding) : "", decision.old_verdict,
        decision.new_verdict, decision.found_verdict, decision.old_value, decision.new_value,
        decision.found_value, decision.undoes ? std::optional(decision.undoes) : std::nullopt);
    return inserted ? inserted->number(0) : 0;
}

void set_status(SqlDatabase& database, const OpenCase& open, const Decision& decision,
                const Decision* undone) {
    const std::int64_t key = open.line.key;
    if (is_of_the_whole(decision.action)) {
        database.run(
            "UPDATE cases SET status = $1, decided_at = $2, claimed_by = NULL, claimed_at = NULL, "
            "answer_by = NULL WHERE submission = $3",
            std::string(status_after(decision.action)), database.now(), key);
    } else {
        const bool again =
            decision.action == Action::Reopen || (undone && is_of_the_whole(undone->action));
        database.run(
            "UPDATE cases SET status = 'in_review', answer_by = NULL, decided_at = CASE WHEN $1 "
            "THEN NULL ELSE "
            "decided_at END, claimed_by = $2, claimed_at = $3 WHERE submission = $4",
            static_cast<int>(again), decision.officer, database.now(), key);
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

Outcome SqlCaseStore::claim(const OpenCase& open, const std::string& officer, bool take_over) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, open.line.key);
        const std::string by = claimant(database, open.line.key);
        if (!by.empty() && by != officer && !take_over) return Outcome::Claimed;
        database.run(
            "UPDATE cases SET claimed_by = $1, claimed_at = $2, status = CASE status WHEN "
            "'received' THEN 'in_review' ELSE status END WHERE submission = $3",
            officer, database.now(), open.line.key);
        if (by != officer)
            database.log(officer, open.line.key,
                         {.action = by.empty() ? AuditAction::Claimed : AuditAction::TakenOver,
                          .subject = by});
        transaction.commit();
        return Outcome::Done;
    });
}

void SqlCaseStore::release_claim(const OpenCase& open, const std::string& officer) {
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, open.line.key);
        if (claimant(database, open.line.key) == officer) {
            database.run(
                "UPDATE cases SET claimed_by = NULL, claimed_at = NULL WHERE submission = $1",
                open.line.key);
            database.log(officer, open.line.key, {.action = AuditAction::Released});
        }
        transaction.commit();
    });
}

Outcome SqlCaseStore::decide(const OpenCase& open, const Decision& decision,
                             const RequestLetter& letter) {
    return pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, open.line.key);
        if (revision_of(database, open.line.key) != open.revision) return Outcome::Changed;
        const std::string by = claimant(database, open.line.key);
        if (!by.empty() && by != decision.officer) return Outcome::Claimed;
        const std::string at = database.now();
        const std::int64_t key = insert_decision(database, open, decision, at);
        if (decision.action == Action::Request)
            database.run(
                "INSERT INTO letters (decision, submission, at, officer, text, recipient) VALUES "
                "($1, $2, $3, $4, $5, $6)",
                key, open.line.key, at, decision.officer, letter.text,
                letter.to.empty() ? std::nullopt : std::optional(letter.to));
        if (decision.action == Action::Request && letter.mail)
            insert_mail(database, open.line.key, *letter.mail, decision.officer);
        const auto undone =
            std::find_if(open.decisions.begin(), open.decisions.end(),
                         [&](const Decision& d) { return d.key == decision.undoes; });
        set_status(database, open, decision, undone == open.decisions.end() ? nullptr : &*undone);
        if (undone != open.decisions.end() && undone->action == Action::Request)
            database.run(
                "UPDATE mail SET state = 'failed', fault = 'the request was taken back' WHERE "
                "submission = $1 AND kind = 'request' AND state = 'waiting'",
                open.line.key);
        if (decision.action == Action::Request && !letter.answer_by.empty())
            database.run("UPDATE cases SET answer_by = $1 WHERE submission = $2", letter.answer_by,
                         open.line.key);
        database.log(decision.officer, open.line.key, event_of(open, decision));
        transaction.commit();
        return Outcome::Done;
    });
}

}  // namespace avtalskoll::app
