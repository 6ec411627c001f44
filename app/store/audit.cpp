#include "app/store/audit.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/enum_names.h"
#include "models/text.h"

namespace avtalskoll::app {
namespace {

constexpr EnumNames<AuditAction, 37> kAuditActions{{
    {AuditAction::Received, "received"},
    {AuditAction::OpenedAgain, "opened again"},
    {AuditAction::AddedTo, "added to"},
    {AuditAction::ReceivedAgain, "received again"},
    {AuditAction::Uploaded, "uploaded"},
    {AuditAction::Checked, "checked"},
    {AuditAction::Crashed, "crashed"},
    {AuditAction::GivenUp, "given up"},
    {AuditAction::TriedAgain, "tried again"},
    {AuditAction::ReportSetAside, "report set aside"},
    {AuditAction::ReportDoubted, "report doubted"},
    {AuditAction::Claimed, "claimed"},
    {AuditAction::TakenOver, "taken over"},
    {AuditAction::Released, "let go"},
    {AuditAction::Decided, "decided"},
    {AuditAction::OriginalRead, "original read"},
    {AuditAction::EarlierOriginalRead, "earlier original read"},
    {AuditAction::Purged, "purged"},
    {AuditAction::EarlierPurged, "earlier purged"},
    {AuditAction::LoggedIn, "logged in"},
    {AuditAction::UserAdded, "user added"},
    {AuditAction::UserBlocked, "user blocked"},
    {AuditAction::UserUnblocked, "user unblocked"},
    {AuditAction::PasswordSet, "password set"},
    {AuditAction::TokenAdded, "token added"},
    {AuditAction::TokenRemoved, "token removed"},
    {AuditAction::FormSaved, "form saved"},
    {AuditAction::Moved, "moved"},
    {AuditAction::Noted, "noted"},
    {AuditAction::Numbered, "numbered"},
    {AuditAction::CopyCompared, "copy compared"},
    {AuditAction::DataSetAdded, "data set added"},
    {AuditAction::DataSetRemoved, "data set removed"},
    {AuditAction::CredentialsSent, "credentials sent"},
    {AuditAction::MailWritten, "mail written"},
    {AuditAction::MailHandedOver, "mail handed over"},
    {AuditAction::MailSettled, "mail settled"},
}};

// The details of events that have no members.
constexpr EnumNames<AuditAction, 7> kFixedWords{{
    {AuditAction::ReceivedAgain, "under another id"},
    {AuditAction::Crashed, "the program ended while it checked this"},
    {AuditAction::GivenUp, "no worker could finish it"},
    {AuditAction::TriedAgain, "put into the queue once more"},
    {AuditAction::ReportSetAside, "it did not speak of every page"},
    {AuditAction::ReportDoubted,
     "it did not speak of every page; purged, so that it cannot be checked again"},
    {AuditAction::EarlierPurged, "originals, pages, crops and values of what was replaced removed"},
}};

constexpr EnumNames<Role, 3> kRoles{{
    {Role::Reader, "reader"},
    {Role::Officer, "officer"},
    {Role::Admin, "admin"},
}};

std::string counted_items(std::int64_t count, const char* item) {
    return counted(static_cast<std::size_t>(count), item);
}

std::string decision_of(const AuditEvent& event) {
    std::string text = event.decision ? to_string(*event.decision) : "?";
    if (!event.place.empty()) text += " " + to_string(event.place);
    else if (!event.finding.empty()) text += " " + event.finding;
    if (event.undoes) text += fmt::format(" of decision {}", event.undoes);
    return text + "; engine " + event.engine;
}

std::string purge_of(const AuditEvent& event) {
    if (event.time.empty()) return "originals, pages, crops and values removed";
    return fmt::format("{} and {} earlier received before {}",
                       counted_items(event.number, "submission"), event.earlier, event.time);
}

std::string account_of(const AuditEvent& event) {
    return event.role ? fmt::format("{}, {}", event.subject, to_string(*event.role))
                      : event.subject;
}

}  // namespace

const char* to_string(AuditAction action) { return name_of(kAuditActions, action); }
std::optional<AuditAction> parse_audit_action(std::string_view name) {
    return value_of(kAuditActions, name);
}

const char* to_string(Role role) { return name_of(kRoles, role); }
std::optional<Role> parse_role(std::string_view name) { return value_of(kRoles, name); }

std::string details_of(const AuditEvent& event) {
    switch (event.action) {
        case AuditAction::Received:
        case AuditAction::OpenedAgain:
        case AuditAction::AddedTo:
        case AuditAction::Uploaded: return counted_items(event.number, "file");
        case AuditAction::Checked:
            return fmt::format("{}; engine {}, rules {}",
                               event.verdict ? to_string(*event.verdict) : "?", event.engine,
                               event.rules);
        case AuditAction::TakenOver: return "from " + event.subject;
        case AuditAction::Decided: return decision_of(event);
        case AuditAction::OriginalRead: return fmt::format("file {}", event.number);
        case AuditAction::EarlierOriginalRead:
            return fmt::format("file {}; of {}", event.number, event.time);
        case AuditAction::Purged: return purge_of(event);
        case AuditAction::Unknown: return {};
        default: break;
    }
    if (!event.subject.empty()) return account_of(event);
    const auto fixed = std::find_if(kFixedWords.begin(), kFixedWords.end(),
                                    [&](const auto& one) { return one.first == event.action; });
    return fixed == kFixedWords.end() ? "" : fixed->second;
}

}  // namespace avtalskoll::app
