// The words of the pages, in Swedish: statuses, decisions, codes, times.
#pragma once
#include <string>

#include "app/review/case.h"
#include "app/store/audit.h"
#include "app/store/role.h"
#include "models/form.h"
#include "models/lack.h"

namespace avtalskoll::app::web {

std::string status_in_swedish(const std::string& status);
std::string verdict_in_swedish(const std::string& verdict);  // a submission's; empty: waits
std::string role_in_swedish(Role role);
std::string action_in_swedish(Action action);  // "godkänt"
// A line of the audit log in words, without when and who.
std::string log_line_in_swedish(const AuditLine& line, const FormSet& forms);
std::string finding_in_swedish(const std::string& code);  // a few words for a chip

// A reason why a submission is not complete, in a few words.
struct Chip {
    std::string kind;  // missing, invalid, unclear, finding
    std::string text;
};
Chip chip_of(const Lack& lack, const FormSet& forms);
// The form's id, the point and the field's label; the form alone for a place without a field.
std::string field_in_swedish(const FieldPlace& place, const FormSet& forms);

// "2026-11-25 23:03", the server's local time, of a time as the store has it. As it is when it is
// none.
std::string local_time(const std::string& utc);
std::int64_t seconds_between(const std::string& utc_from, const std::string& utc_to);
std::string duration_in_swedish(std::int64_t seconds);  // "3 dagar"

}  // namespace avtalskoll::app::web
