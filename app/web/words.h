// The words of the pages, in Swedish: statuses, decisions, codes, times.
#pragma once
#include <string>

#include "app/store/accounts.h"
#include "app/store/case_store.h"
#include "app/store/store.h"
#include "models/form.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app::web {

std::string status_in_swedish(const std::string& status);
// A submission's; empty: waits.
std::string verdict_in_swedish(const std::string& verdict, const pipeline::Texts& texts);
std::string role_in_swedish(Role role);
std::string action_in_swedish(Action action);  // "godkänt"
// A line of the audit log in words, without when and who.
std::string log_line_in_swedish(const AuditLine& line, const FormSet& forms,
                                const pipeline::Texts& texts);
std::string finding_in_swedish(const std::string& code);  // a few words for a chip

// One code of a report's summary, "form/point/field:verdict", "form:absent" or a finding's code.
struct Chip {
    std::string kind;  // missing, invalid, unclear, finding
    std::string text;
};
Chip chip_of(const std::string& code, const FormSet& forms);
// "form/point/field" with the field's label.
std::string field_in_swedish(const std::string& place, const FormSet& forms);

// "2026-11-25 23:03", the server's local time, of a time as the store has it. As it is when it is
// none.
std::string local_time(const std::string& utc);
std::int64_t seconds_between(const std::string& utc_from, const std::string& utc_to);
std::string duration_in_swedish(std::int64_t seconds);  // "3 dagar"

}  // namespace avtalskoll::app::web
