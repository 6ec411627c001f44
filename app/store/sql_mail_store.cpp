#include <fmt/format.h>

#include <algorithm>

#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/mail_rows.h"
#include "app/store/mail_store.h"
#include "app/store/originals.h"
#include "app/store/sql_database.h"

namespace avtalskoll::app {
namespace {

constexpr int kMailPatienceMs = 5000;

constexpr const char* kMailColumns =
    "m.key, m.kind, m.message_id, m.at, coalesce(m.recipient, ''), coalesce(m.text, ''), "
    "m.attachment, coalesce(m.attachment_name, ''), m.state, m.tries, coalesce(m.sent_at, ''), "
    "m.fault, s.id FROM mail m JOIN submissions s ON s.key = m.submission";

// Four minutes, eight, and so on up to four hours: servers that greylist want some minutes.
std::chrono::seconds wait_after(int tries) {
    return std::min(std::chrono::seconds(std::chrono::minutes(2) * (1 << std::min(tries, 8))),
                    std::chrono::seconds(std::chrono::hours(4)));
}

bool awaits_answer(SqlDatabase& database, std::int64_t submission) {
    return database
        .row("SELECT 1 FROM cases WHERE submission = $1 AND status = $2", submission,
             kToBeCompleted)
        .has_value();
}

class SqlMailStore final : public MailStore {
public:
    SqlMailStore(const StorePlace& place, int connections)
        : pool_([&] { return open_database(place, false, kMailPatienceMs); }, connections),
          originals_(place.originals_folder()) {}

    bool add(std::int64_t submission, const Mail& mail, const std::string& officer) override {
        return pool_.with([&](SqlDatabase& database) {
            SqlTransaction transaction(database, submission);
            if (mail.kind == MailKind::Reminder && !awaits_answer(database, submission))
                return false;
            insert_mail(database, submission, mail, officer);
            transaction.commit();
            return true;
        });
    }

    std::optional<Mail> take(bool may_repeat) override {
        return pool_.with([&](SqlDatabase& database) -> std::optional<Mail> {
            SqlTransaction transaction(database, SqlScope::Everything);
            const std::string now = database.now();
            database.run(
                "UPDATE mail SET state = CASE may_repeat WHEN 1 THEN 'waiting' ELSE 'unclear' END, "
                "fault = $1 WHERE state = 'sending' AND taken_until < $2",
                "the program ended while it handed this over", now);
            const auto row = database.row(
                fmt::format("SELECT {} WHERE m.state = 'waiting' AND m.next_try <= $1 ORDER BY "
                            "m.key LIMIT 1",
                            kMailColumns),
                now);
            if (row)
                database.run(
                    "UPDATE mail SET state = 'sending', tries = tries + 1, taken_until = $1, "
                    "may_repeat = $2 WHERE key = $3",
                    database.ago(-kHandOver), static_cast<int>(may_repeat), row->number(0));
            transaction.commit();
            if (!row) return std::nullopt;
            Mail mail = mail_from(*row);
            ++mail.tries;
            return mail;
        });
    }

    void sent(const Mail& mail) override { outcome(mail, MailState::Sent, "", {}); }
    void later(const Mail& mail, const std::string& fault) override {
        const bool is_over = mail.tries >= kMostMailTries;
        outcome(mail, is_over ? MailState::Failed : MailState::Waiting, fault,
                wait_after(mail.tries));
    }
    void failed(const Mail& mail, const std::string& fault) override {
        outcome(mail, MailState::Failed, fault, {});
    }
    void unclear(const Mail& mail, const std::string& fault) override {
        outcome(mail, MailState::Unclear, fault, {});
    }

    bool settle(std::int64_t mail, bool has_left, const std::string& officer) override {
        return pool_.with([&](SqlDatabase& database) {
            SqlTransaction transaction(database, SqlScope::Everything);
            const auto row = database.row(
                "SELECT submission FROM mail WHERE key = $1 AND state IN ('unclear', 'failed') AND "
                "text IS NOT NULL",
                mail);
            if (!row) return false;
            database.run(
                "UPDATE mail SET state = $1, tries = 0, next_try = $2, sent_at = CASE WHEN $3 THEN "
                "CAST($2 AS TEXT) ELSE NULL END WHERE key = $4",
                std::string(to_string(has_left ? MailState::Sent : MailState::Waiting)),
                database.now(), has_left, mail);
            database.log(
                officer, row->number(0),
                {.action = AuditAction::MailSettled, .subject = has_left ? "sent" : "again"});
            transaction.commit();
            return true;
        });
    }

    std::vector<MailLine> list(std::int64_t submission) override {
        return pool_.with([&](SqlDatabase& database) {
            std::vector<MailLine> lines;
            const SqlRows rows =
                submission == 0
                    ? database.rows(fmt::format("SELECT {} WHERE m.state <> 'sent' ORDER BY m.key",
                                                kMailColumns))
                    : database.rows(fmt::format("SELECT {} WHERE m.submission = $1 ORDER BY m.key",
                                                kMailColumns),
                                    submission);
            for (const SqlRow& row : rows) lines.push_back({row.text(12), mail_from(row)});
            return lines;
        });
    }

private:
    Mail mail_from(const SqlRow& row) const {
        Mail mail;
        mail.key = row.number(0);
        mail.kind = parse_mail_kind(row.text(1)).value_or(MailKind::Request);
        mail.message_id = row.text(2);
        mail.at = row.text(3);
        mail.recipient = row.text(4);
        mail.text = row.text(5);
        mail.attachment = row.text(6);
        mail.attachment_name = row.text(7);
        if (!mail.attachment.empty()) mail.attachment_path = originals_.path_of(mail.attachment);
        mail.state = parse_mail_state(row.text(8)).value_or(MailState::Unclear);
        mail.tries = static_cast<int>(row.number(9));
        mail.sent_at = row.text(10);
        mail.fault = row.text(11);
        return mail;
    }

    // Only while it is still in the hands of who took it.
    void outcome(const Mail& mail, MailState state, const std::string& fault,
                 std::chrono::seconds wait) {
        pool_.with([&](SqlDatabase& database) {
            SqlTransaction transaction(database, SqlScope::Everything);
            const auto row = database.row(
                "SELECT submission FROM mail WHERE key = $1 AND state = 'sending' AND tries = $2",
                mail.key, mail.tries);
            if (!row) return;
            database.run(
                "UPDATE mail SET state = $1, fault = $2, next_try = $3, sent_at = CASE WHEN $4 "
                "THEN CAST($5 AS TEXT) ELSE NULL END WHERE key = $6",
                std::string(to_string(state)), fault, database.ago(-wait), state == MailState::Sent,
                database.now(), mail.key);
            if (state != MailState::Waiting)
                database.log("avtalskoll", row->number(0),
                             {.action = AuditAction::MailHandedOver, .subject = to_string(state)});
            transaction.commit();
        });
    }

    SqlPool pool_;
    const Originals originals_;
};

}  // namespace

void insert_mail(SqlDatabase& database, std::int64_t submission, const Mail& mail,
                 const std::string& officer) {
    const std::string now = database.now();
    database.run(
        "INSERT INTO mail (submission, at, officer, kind, message_id, recipient, text, attachment, "
        "attachment_name, state, next_try) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', "
        "$2) ON CONFLICT (message_id) DO NOTHING",
        submission, now, officer, std::string(to_string(mail.kind)), mail.message_id,
        mail.recipient, mail.text, mail.attachment, mail.attachment_name);
    database.log(officer, submission,
                 {.action = AuditAction::MailWritten, .subject = to_string(mail.kind)});
}

std::unique_ptr<MailStore> open_mail_store(const StorePlace& place, int connections) {
    return std::make_unique<SqlMailStore>(place, connections);
}

}  // namespace avtalskoll::app
