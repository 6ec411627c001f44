// The part of a schema step that is more than SQL.
#pragma once
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

namespace avtalskoll::app {

// Runs once, within the transaction of the schema step that brings earlier contents. `store`: the
// database's file.
//
// Reports that do not cover every page (see speaks_of_every_page()) are set aside: their
// submissions count as received and unchecked again. The reports stay in the history, the officers'
// decisions stay in force, and a case that was decided on as a whole is open again. Purged
// submissions cannot be checked again; the audit log notes that their reports are doubtful.
//
// Contents that were replaced are rebuilt from the reports that were made of them; an original that
// was removed since is not there.
//
// Throws SQLite::Exception.
void migrate_to_earlier_contents(SQLite::Database& database, const std::filesystem::path& store);

}  // namespace avtalskoll::app
