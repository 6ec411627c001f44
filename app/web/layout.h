// The parts that pages share: the beginning of every page's data, common answers, addresses.
#pragma once
#include <string>

#include "app/http/http.h"
#include "app/store/accounts.h"
#include "app/web/html.h"

namespace avtalskoll::app::web {

// `at`: which entry of the menu is current: queue, upload, statistics, log, users, or none.
Data page_data(const Identity* who, const std::string& title, const std::string& at = {});

Response html(std::string_view page, const Data& data, int status = 200);

Response see_other(const std::string& where);

// A page that says one sentence, with the way back to the cases.
Response message_page(int status, const std::string& message, const Identity* who);

std::string case_path(const std::string& id);

}  // namespace avtalskoll::app::web
