// The parts that pages share: the beginning of every page's data, common answers, addresses.
#pragma once
#include <string>

#include "app/http/http.h"
#include "app/store/accounts.h"
#include "app/web/html.h"
#include "app/web/visit.h"
#include "models/message.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app::web {

// Who reads a page, and in which language; nobody before the login.
struct Audience {
    const pipeline::Texts& texts;
    const Identity* who = nullptr;
};
inline Audience audience_of(const Visit& visit) { return {visit.services.texts, &visit.who}; }

// `title`: in words. `at`: which entry of the menu is current: queue, upload, statistics, forms,
// failed, log, users, or none.
Data page_data(const Identity* who, const std::string& title, const std::string& at = {});

Response html(std::string_view page, const Data& data, int status = 200);

Response see_other(const std::string& where);

// A page that says one sentence, with the way back to the cases.
Response message_page(const Audience& audience, int status, const Message& message);

// The answer when no case has that name.
Response no_such_case(const Visit& visit);

std::string case_path(const std::string& id);

}  // namespace avtalskoll::app::web
