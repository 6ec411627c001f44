// The text by which officers find a case.
//
// For one thread at a time on a database. Throws Error{Io}.
#pragma once
#include <cstdint>

#include "app/store/sql_database.h"

namespace avtalskoll::app {

// Writes it anew: id, the authority's number, organisation and its number, and the contact persons
// of the newest report. To be called within a transaction when one of these has changed.
void refresh_search(SqlDatabase& database, std::int64_t submission);

}  // namespace avtalskoll::app
