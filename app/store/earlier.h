// The store's past, from before a submission's content was replaced: contents, reports that were
// set aside, whose submission it was.
//
// For one thread at a time on a database. Everything throws Error{Io}.
#pragma once
#include "app/store/sql_database.h"

#include <cstdint>
#include <string>
#include <vector>

#include "app/store/originals.h"
#include "app/store/store.h"

namespace avtalskoll::app {

// Oldest first.
std::vector<EarlierContent> earlier_contents(SqlDatabase& database, const Originals& originals,
                                             std::int64_t submission);
std::vector<SetAsideReport> set_aside_reports(SqlDatabase& database, std::int64_t submission);

// The organisation number that a submission had before `content`, surely read or given by an
// officer; empty: none. A number that was itself reported as a change counts when an officer
// accepted it.
std::string earlier_organisation_number(SqlDatabase& database, std::int64_t submission,
                                        const std::string& content);

}  // namespace avtalskoll::app
