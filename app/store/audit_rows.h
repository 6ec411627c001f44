// The audit log's rows in the store's database.
//
// For one thread at a time on a database. Everything throws Error{Io}.
#pragma once
#include "app/store/sql_database.h"

#include <cstdint>
#include <string>
#include <vector>

#include "app/store/audit.h"

namespace avtalskoll::app {

// `submission` 0: of none.
void log(SqlDatabase& database, const std::string& actor, std::int64_t submission,
         const AuditEvent& event);

// Selects all lines, in no order; a condition on audit a and submissions s may follow. A condition
// that some callers do not need is left out, not made true: the database would look at every line.
extern const char* const kAuditLines;
// Reads the rows of kAuditLines.
std::vector<AuditLine> audit_lines(const SqlRows& rows);

// The event of a line from before the log had columns: `details` is the English beside the action,
// as details_of() gives it.
AuditEvent event_from_words(const std::string& action, const std::string& details);

// Runs once, within the transaction of the schema step that brings the columns: fills them from the
// words, which stay.
void move_audit_words_to_columns(SqlDatabase& database);

}  // namespace avtalskoll::app
