#include "app/store/audit_rows.h"

#include <charconv>

namespace avtalskoll::app {
namespace {

// Empty: NULL.
void bind_text(SQLite::Statement& insert, const char* name, const std::string& text) {
    if (!text.empty()) insert.bind(name, text);
}

// Zero: NULL.
void bind_number(SQLite::Statement& insert, const char* name, std::int64_t number) {
    if (number != 0) insert.bind(name, number);
}

template <class Enum>
void bind_name(SQLite::Statement& insert, const char* name, const std::optional<Enum>& value) {
    if (value) insert.bind(name, to_string(*value));
}

void bind_event(SQLite::Statement& statement, const AuditEvent& event) {
    bind_text(statement, ":subject", event.subject);
    bind_name(statement, ":role", event.role);
    bind_name(statement, ":verdict", event.verdict);
    bind_name(statement, ":decision", event.decision);
    bind_text(statement, ":form", event.place.form);
    bind_text(statement, ":point", event.place.point);
    bind_text(statement, ":field", event.place.field);
    bind_text(statement, ":finding", event.finding);
    bind_number(statement, ":undoes", event.undoes);
    bind_text(statement, ":engine", event.engine);
    bind_text(statement, ":rules", event.rules);
    bind_number(statement, ":number", event.number);
    bind_number(statement, ":earlier", event.earlier);
    bind_text(statement, ":time", event.time);
}

AuditEvent event_from(SQLite::Statement& row, int first) {
    const std::string name = row.getColumn(first);
    const auto action = parse_audit_action(name);
    if (!action) return {.action = AuditAction::Unknown, .subject = name};
    AuditEvent event{.action = *action};
    const auto text = [&](int n) { return row.getColumn(first + n).getString(); };
    event.subject = text(1);
    event.role = parse_role(text(2));
    event.verdict = parse_submission_verdict(text(3));
    event.decision = parse_action(text(4));
    event.place = {text(5), text(6), text(7)};
    event.finding = text(8);
    event.undoes = row.getColumn(first + 9).getInt64();
    event.engine = text(10);
    event.rules = text(11);
    event.number = row.getColumn(first + 12).getInt64();
    event.earlier = row.getColumn(first + 13).getInt64();
    event.time = text(14);
    return event;
}

// The words before the first semicolon, and those behind it.
struct Sentence {
    std::string first, second, rest, behind;

    explicit Sentence(const std::string& details) {
        const auto end = details.find("; ");
        std::string before = details.substr(0, end);
        if (end != std::string::npos) behind = details.substr(end + 2);
        first = take_word(before);
        second = take_word(before);
        rest = before;
    }

    static std::string take_word(std::string& text) {
        const auto end = std::min(text.find(' '), text.size());
        std::string word = text.substr(0, end);
        text.erase(0, std::min(end + 1, text.size()));
        return word;
    }
};

std::int64_t number_in(const std::string& text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The words behind `mark`; empty: it is not there.
std::string behind(const std::string& text, const std::string& mark) {
    const auto at = text.find(mark);
    return at == std::string::npos ? "" : text.substr(at + mark.size());
}

void read_decision(const Sentence& said, AuditEvent& event) {
    event.decision = parse_action(said.first);
    std::string rest = said.rest;
    if (said.second != "of") {
        if (const auto place = parse_field_place(said.second)) event.place = *place;
        else event.finding = said.second;
    } else {
        rest = "of " + rest;
    }
    event.undoes = number_in(behind(rest, "of decision "));
    event.engine = behind(said.behind, "engine ");
}

void read_check(const Sentence& said, AuditEvent& event) {
    event.verdict = parse_submission_verdict(said.first);
    const std::string versions = behind(said.behind, "engine ");
    event.engine = versions.substr(0, versions.find(", rules "));
    event.rules = behind(versions, ", rules ");
}

void read_account(const std::string& details, AuditEvent& event) {
    const auto comma = details.rfind(", ");
    event.subject = details.substr(0, comma);
    if (comma != std::string::npos) event.role = parse_role(details.substr(comma + 2));
}

}  // namespace

const char* const kAuditColumns =
    "a.at, a.actor, coalesce(s.id, ''), a.action, a.subject, a.role, a.verdict, a.decision, "
    "a.form, a.point, a.field, a.finding, a.undoes, a.engine, a.rules, a.number, a.earlier, "
    "a.time, a.detail";

void log(SQLite::Database& database, const std::string& actor, std::int64_t submission,
         const AuditEvent& event) {
    SQLite::Statement insert(database, R"sql(
INSERT INTO audit (at, actor, action, submission, detail, subject, role, verdict, decision, form,
    point, field, finding, undoes, engine, rules, number, earlier, time)
VALUES (:at, :actor, :action, :submission, '', :subject, :role, :verdict, :decision, :form,
    :point, :field, :finding, :undoes, :engine, :rules, :number, :earlier, :time))sql");
    insert.bind(":at", utc_now());
    insert.bind(":actor", actor);
    insert.bind(":action", to_string(event.action));
    bind_number(insert, ":submission", submission);
    bind_event(insert, event);
    insert.exec();
}

std::vector<AuditLine> audit_lines(SQLite::Statement& query) {
    std::vector<AuditLine> lines;
    while (query.executeStep())
        lines.push_back({query.getColumn(0), query.getColumn(1), query.getColumn(2),
                         event_from(query, 3), query.getColumn(18)});
    return lines;
}

AuditEvent event_from_words(const std::string& action, const std::string& details) {
    const auto known = parse_audit_action(action);
    if (!known) return {.action = AuditAction::Unknown};
    AuditEvent event{.action = *known};
    const Sentence said(details);
    switch (event.action) {
        case AuditAction::Received:
        case AuditAction::OpenedAgain:
        case AuditAction::AddedTo:
        case AuditAction::Uploaded: event.number = number_in(said.first); break;
        case AuditAction::OriginalRead:
        case AuditAction::EarlierOriginalRead:
            event.number = number_in(said.second);
            event.time = behind(said.behind, "of ");
            break;
        case AuditAction::Checked: read_check(said, event); break;
        case AuditAction::Decided: read_decision(said, event); break;
        case AuditAction::TakenOver: event.subject = behind(details, "from "); break;
        case AuditAction::Purged:
            event.number = number_in(said.first);
            event.earlier = number_in(behind(details, " and "));
            event.time = behind(details, "received before ");
            break;
        case AuditAction::UserAdded:
        case AuditAction::UserBlocked:
        case AuditAction::UserUnblocked:
        case AuditAction::PasswordSet:
        case AuditAction::TokenAdded:
        case AuditAction::TokenRemoved: read_account(details, event); break;
        default: break;
    }
    return event;
}

void move_audit_words_to_columns(SQLite::Database& database) {
    database.exec("DROP TRIGGER audit_is_not_changed");
    SQLite::Statement rows(database, "SELECT key, action, detail FROM audit");
    SQLite::Statement update(database, R"sql(
UPDATE audit SET subject = :subject, role = :role, verdict = :verdict, decision = :decision,
    form = :form, point = :point, field = :field, finding = :finding, undoes = :undoes,
    engine = :engine, rules = :rules, number = :number, earlier = :earlier, time = :time
WHERE key = :key)sql");
    while (rows.executeStep()) {
        const AuditEvent event = event_from_words(rows.getColumn(1), rows.getColumn(2));
        update.reset();
        update.clearBindings();
        update.bind(":key", rows.getColumn(0).getInt64());
        bind_event(update, event);
        update.exec();
    }
    database.exec(
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END");
}

}  // namespace avtalskoll::app
