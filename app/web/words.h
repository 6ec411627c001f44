// The messages by which pages say codes: statuses, decisions, events, findings. They name texts
// (data/texts); only times are words already.
#pragma once
#include <cstdint>
#include <string>

#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/role.h"
#include "models/form.h"
#include "models/lack.h"
#include "models/message.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app::web {

Message status_message(const std::string& status);  // of a case
// Of a submission; empty: it waits.
Message verdict_message(const std::string& verdict);
Message role_message(Role role);
Message action_message(Action action);  // "godkänt"
// A line of the audit log, without when and who.
Message event_message(const AuditEvent& event, const FormSet& forms, const pipeline::Texts& texts);
// A few words for a chip; the code itself when `texts` has none: a report may be of another
// version.
Message finding_message(const std::string& code, const pipeline::Texts& texts);
Message files_message(std::size_t count);  // "3 filer"

// A reason why a submission is not complete, in a few words.
struct Chip {
    std::string kind;  // missing, invalid, unclear, finding
    Message text;
};
Chip chip_of(const Lack& lack, const FormSet& forms, const pipeline::Texts& texts);
// The form's id, the point and the field's label; the form alone for a place without a field.
std::string label_of(const FieldPlace& place, const FormSet& forms);

// "2026-11-25 23:03", the server's local time, of a time as the store has it. As it is when it is
// none.
std::string local_time(const std::string& utc);
std::int64_t seconds_between(const std::string& utc_from, const std::string& utc_to);
Message duration_message(std::int64_t seconds);  // "3 dagar"

}  // namespace avtalskoll::app::web
