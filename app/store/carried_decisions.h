// Decisions that go on to hold when a case was completed.
//
// For one thread at a time on a database. Throws Error{Io}.
#pragma once
#include <cstdint>

#include "app/store/sql_database.h"

namespace avtalskoll::app {

// Adds again, for the content that is there now, what officers decided on the content that it
// completes: on a field or finding whose page is the same as then, and on what the case needs.
// Their values are copied, so that they outlive the purge of the earlier content. Does nothing when
// the content completes none, or `report` is not the first of it. To be called within the
// transaction that keeps `report`. Gives how many.
int carry_decisions(SqlDatabase& database, std::int64_t submission, std::int64_t report);

}  // namespace avtalskoll::app
