#include "app/web/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>

#include "app/store/utc_time.h"
#include "pipeline/reports/verdict_messages.h"

namespace avtalskoll::app::web {
namespace {

Message action_of_event(AuditAction action) {
    std::string name = to_string(action);
    std::replace(name.begin(), name.end(), ' ', '_');
    return Message("event." + name);
}

Message decision_in(const AuditEvent& event, const FormSet& forms, const pipeline::Texts& texts) {
    if (!event.decision) return {};
    Message action = action_message(*event.decision);
    if (!event.place.empty())
        return Message("event_line.decision_on_point",
                       {{"decision", action}, {"place", label_of(event.place, forms)}});
    if (!event.finding.empty())
        return Message("event_line.decision_on_finding",
                       {{"decision", action}, {"finding", finding_message(event.finding, texts)}});
    return action;
}

Message account_in(const AuditEvent& event) {
    if (!event.role) return Message("event_line.account", {{"name", event.subject}});
    return Message("event_line.account_with_role",
                   {{"name", event.subject}, {"role", role_message(*event.role)}});
}

// The members of an event beside its action; empty: it has none.
Message details_of_event(const AuditEvent& event, const FormSet& forms,
                         const pipeline::Texts& texts) {
    switch (event.action) {
        case AuditAction::Received:
        case AuditAction::OpenedAgain:
        case AuditAction::AddedTo:
        case AuditAction::Uploaded: return files_message(static_cast<std::size_t>(event.number));
        case AuditAction::OriginalRead:
        case AuditAction::EarlierOriginalRead:
            return Message("event_line.file", {{"number", event.number}});
        case AuditAction::Checked:
            return event.verdict ? pipeline::message_for(*event.verdict) : Message();
        case AuditAction::Decided: return decision_in(event, forms, texts);
        case AuditAction::UserAdded:
        case AuditAction::UserBlocked:
        case AuditAction::UserUnblocked:
        case AuditAction::PasswordSet:
        case AuditAction::TokenAdded:
        case AuditAction::TokenRemoved:
        case AuditAction::FormSaved: return account_in(event);
        default: return {};
    }
}

}  // namespace

Message status_message(const std::string& status) { return Message("status." + status); }

Message verdict_message(const std::string& verdict) {
    if (verdict.empty()) return Message("case.waits");
    const auto known = parse_submission_verdict(verdict);
    return known ? pipeline::message_for(*known) : Message::as_written(verdict);
}

Message role_message(Role role) { return Message(std::string("role.") + to_string(role)); }

Message action_message(Action action) {
    return Message(std::string("decision.") + to_string(action));
}

Message files_message(std::size_t count) {
    return count == 1 ? Message("count.file", {{"count", count}})
                      : Message("count.files", {{"count", count}});
}

Message event_message(const AuditEvent& event, const FormSet& forms, const pipeline::Texts& texts) {
    if (event.action == AuditAction::Unknown) return Message::as_written(event.subject);
    Message action = action_of_event(event.action);
    if (event.action == AuditAction::TakenOver)
        return Message("event_line.from", {{"event", action}, {"name", event.subject}});
    const Message details = details_of_event(event, forms, texts);
    if (details.empty()) return action;
    return Message("event_line.with", {{"event", action}, {"details", details}});
}

Message finding_message(const std::string& code, const pipeline::Texts& texts) {
    const std::string key = "finding_chip." + code;
    return texts.by_key().contains(key) ? Message(key) : Message::as_written(code);
}

std::string label_of(const FieldPlace& place, const FormSet& forms) {
    if (place.empty()) return place.form;
    std::string label = place.field;
    for (const Form& form : forms.forms)
        for (const FormPoint& point : form.points)
            for (const Field& field : point.fields)
                if (FieldPlace{form.id, point.number, field.id} == place) label = field.label;
    return fmt::format("{} {} {}", place.form, place.point, label);
}

Chip chip_of(const Lack& lack, const FormSet& forms, const pipeline::Texts& texts) {
    if (const auto* finding = std::get_if<GraveFinding>(&lack))
        return {"finding", finding_message(finding->code, texts)};
    if (const auto* agreement = std::get_if<AbsentAgreement>(&lack))
        return {"missing", Message("chip.missing", {{"place", agreement->form}})};
    const auto& field = std::get<LackingField>(lack);
    const std::string place = label_of(field.place, forms);
    if (field.verdict == FieldVerdict::Invalid)
        return {"invalid", Message("chip.invalid", {{"place", place}})};
    if (field.verdict == FieldVerdict::Unclear)
        return {"unclear", Message("chip.unclear", {{"place", place}})};
    return {"missing", Message("chip.missing", {{"place", place}})};
}

std::string local_time(const std::string& utc) {
    const std::time_t at = seconds_of_utc(utc);
    return at < 0 ? utc : fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(at));
}

std::int64_t seconds_between(const std::string& utc_from, const std::string& utc_to) {
    return seconds_of_utc(utc_to) - seconds_of_utc(utc_from);
}

Message duration_message(std::int64_t seconds) {
    constexpr std::int64_t kMinute = 60, kHour = 60 * kMinute, kDay = 24 * kHour;
    const std::int64_t minutes = seconds / kMinute, hours = seconds / kHour, days = seconds / kDay;
    if (minutes < 1) return Message("count.under_a_minute");
    if (minutes == 1) return Message("count.minute", {{"count", minutes}});
    if (hours == 0) return Message("count.minutes", {{"count", minutes}});
    if (hours == 1) return Message("count.hour", {{"count", hours}});
    if (days < 2) return Message("count.hours", {{"count", hours}});
    return Message("count.days", {{"count", days}});
}

}  // namespace avtalskoll::app::web
