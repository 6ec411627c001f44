// What every page's data begins with.
#pragma once
#include <string>

#include "app/web/html.h"
#include "app/web/site.h"

namespace avtalskoll::app::web {

// `at`: which entry of the menu is current: queue, upload, figures, log, users, or none.
Data page_data(const Identity* who, const std::string& title, const std::string& at = {});

Response html(std::string_view page, const Data& data, int status = 200);

}  // namespace avtalskoll::app::web
