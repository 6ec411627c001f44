// Writes mail into the store's database, within a transaction that others began.
#pragma once
#include <cstdint>
#include <string>

#include "app/mail/mail.h"
#include "app/store/sql_database.h"

namespace avtalskoll::app {

// As MailStore::add. Throws Error{Io}.
void insert_mail(SqlDatabase& database, std::int64_t submission, const Mail& mail,
                 const std::string& officer);

}  // namespace avtalskoll::app
