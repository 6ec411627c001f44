// The audit log: who did what with which submission or account, and when. It holds no value that
// was read or written in an agreement.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "app/review/case.h"
#include "app/store/role.h"
#include "models/field_place.h"
#include "models/report.h"

namespace avtalskoll::app {

enum class AuditAction {
    Received,             // number: its files
    OpenedAgain,          // other content came under a known id; number: its files
    AddedTo,              // the same, and the earlier files are among them
    ReceivedAgain,        // the same content came under another id
    Uploaded,             // number: the files that an officer sent
    Checked,              // verdict, engine, rules
    Crashed,              // the program ended while it checked this
    GivenUp,              // by the queue
    TriedAgain,           // put into the queue once more
    ReportSetAside,       // an earlier version's report that did not cover every page
    ReportDoubted,        // the same, of a purged submission
    Claimed,              // no members
    TakenOver,            // subject: whose claim it was
    Released,             // no members
    Decided,              // decision; place or finding; engine; undoes: a decision's key
    OriginalRead,         // number: the file, from 1
    EarlierOriginalRead,  // the same; time: when that content came
    Purged,               // of a submission nothing more; of the whole: number, earlier, time
    EarlierPurged,        // what was replaced
    LoggedIn,             // no members
    UserAdded,            // subject, role
    UserBlocked,          // subject
    UserUnblocked,        // subject
    PasswordSet,          // subject
    TokenAdded,           // subject, role
    TokenRemoved,         // subject
    FormSaved,            // subject: its name
    Moved,                // subject: the move
    Noted,                // no members
    Numbered,             // no members
    CopyCompared,         // subject: the verdict
    DataSetAdded,         // subject: its kind
    DataSetRemoved,       // subject: its kind
    CredentialsSent,      // subject: the data set's kind
    MailWritten,          // subject: its kind
    MailHandedOver,       // subject: its state since
    MailSettled,          // subject: sent, or again
    Unknown,              // subject: its name, of another version
};
// As stored: "opened again".
const char* to_string(AuditAction action);
std::optional<AuditAction> parse_audit_action(std::string_view name);

// The members that an action has are named beside it; the others are empty.
struct AuditEvent {
    AuditAction action = AuditAction::Received;
    std::string subject = {};  // the name of a user or token
    std::optional<Role> role = {};
    std::optional<SubmissionVerdict> verdict = {};
    std::optional<Action> decision = {};
    FieldPlace place = {};
    std::string finding = {};  // its code
    std::int64_t undoes = 0;
    std::string engine = {}, rules = {};
    std::int64_t number = 0, earlier = 0;
    std::string time = {};  // ISO 8601, UTC

    bool operator==(const AuditEvent&) const = default;
};

struct AuditLine {
    std::string at, actor, id;  // id: the submission's; empty: of none
    AuditEvent event;
    std::string words = {};  // beside the action, in English: a line from before events had members
};

// The event's members in English, without its action: "accept avtal/1/phone; engine 0.3.0".
std::string details_of(const AuditEvent& event);

}  // namespace avtalskoll::app
