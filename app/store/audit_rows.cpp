#include "app/store/audit_rows.h"

#include <fmt/format.h>

#include <charconv>

namespace avtalskoll::app {
namespace {

SqlValue text_or_null(const std::string& text) { return text.empty() ? SqlValue() : text; }

SqlValue number_or_null(std::int64_t number) { return number == 0 ? SqlValue() : number; }

template <class Enum>
SqlValue name_or_null(const std::optional<Enum>& value) {
    return value ? SqlValue(to_string(*value)) : SqlValue();
}

constexpr const char* kEventColumns =
    "subject, role, verdict, decision, form, point, field, finding, undoes, engine, rules, number, "
    "earlier, time";

// In the order of kEventColumns.
std::vector<SqlValue> event_values(const AuditEvent& event) {
    return {text_or_null(event.subject),     name_or_null(event.role),
            name_or_null(event.verdict),     name_or_null(event.decision),
            text_or_null(event.place.form),  text_or_null(event.place.point),
            text_or_null(event.place.field), text_or_null(event.finding),
            number_or_null(event.undoes),    text_or_null(event.engine),
            text_or_null(event.rules),       number_or_null(event.number),
            number_or_null(event.earlier),   text_or_null(event.time)};
}

AuditEvent event_from(const SqlRow& row, std::size_t first) {
    const std::string name = row.text(first);
    const auto action = parse_audit_action(name);
    if (!action) return {.action = AuditAction::Unknown, .subject = name};
    AuditEvent event{.action = *action};
    const auto text = [&](std::size_t n) { return row.text(first + n); };
    event.subject = text(1);
    event.role = parse_role(text(2));
    event.verdict = parse_submission_verdict(text(3));
    event.decision = parse_action(text(4));
    event.place = {text(5), text(6), text(7)};
    event.finding = text(8);
    event.undoes = row.number(first + 9);
    event.engine = text(10);
    event.rules = text(11);
    event.number = row.number(first + 12);
    event.earlier = row.number(first + 13);
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

const char* const kAuditLines =
    "SELECT a.at, a.actor, coalesce(s.id, ''), a.action, a.subject, a.role, a.verdict, a.decision, "
    "a.form, a.point, a.field, a.finding, a.undoes, a.engine, a.rules, a.number, a.earlier, "
    "a.time, a.detail FROM audit a LEFT JOIN submissions s ON s.key = a.submission";

void log(SqlDatabase& database, const std::string& actor, std::int64_t submission,
         const AuditEvent& event) {
    std::vector<SqlValue> values{database.now(), actor, std::string(to_string(event.action)),
                                 number_or_null(submission)};
    for (SqlValue& value : event_values(event)) values.push_back(std::move(value));
    database.execute(
        fmt::format("INSERT INTO audit (at, actor, action, submission, detail, {}) VALUES ($1, $2, "
                    "$3, $4, '', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
                    kEventColumns),
        values);
}

std::vector<AuditLine> audit_lines(const SqlRows& rows) {
    std::vector<AuditLine> lines;
    for (const SqlRow& row : rows)
        lines.push_back({row.text(0), row.text(1), row.text(2), event_from(row, 3), row.text(18)});
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

void move_audit_words_to_columns(SqlDatabase& database) {
    database.run("DROP TRIGGER audit_is_not_changed");
    for (const SqlRow& row : database.rows("SELECT key, action, detail FROM audit")) {
        std::vector<SqlValue> values = event_values(event_from_words(row.text(1), row.text(2)));
        values.emplace_back(row.number(0));
        database.execute(
            fmt::format("UPDATE audit SET ({}) = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
                        "$12, $13, $14) WHERE key = $15",
                        kEventColumns),
            values);
    }
    database.run(
        "CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END");
}

}  // namespace avtalskoll::app
