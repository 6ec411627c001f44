#include "app/web/layout.h"

#include <fmt/format.h>

namespace avtalskoll::app::web {
namespace {

const char* title_of(int status) {
    switch (status) {
        case 403: return "Inte tillåtet";
        case 404: return "Finns inte";
        default: return "Det gick inte";
    }
}

}  // namespace

Data page_data(const Identity* who, const std::string& title, const std::string& at) {
    Data data;
    data.set("title", title);
    data.set("user", who ? Data(who->name) : flag(false));
    data.set("csrf", who ? who->csrf : "");
    data.set("may_decide", flag(who && who->role >= Role::Officer));
    data.set("is_admin", flag(who && who->role >= Role::Admin));
    for (const char* place : {"queue", "upload", "statistics", "log", "users"})
        data.set(fmt::format("at_{}", place), flag(at == place));
    return data;
}

Response html(std::string_view page, const Data& data, int status) {
    return {.status = status, .body = page_html(page, data)};
}

Response see_other(const std::string& where) {
    return {.status = 303, .headers = {{"Location", where}}};
}

Response message_page(int status, const std::string& message, const Identity* who) {
    Data data = page_data(who, title_of(status));
    data.set("message", message);
    data.set("back", "/");
    data.set("back_text", "Till ärendena");
    return html("message", data, status);
}

std::string case_path(const std::string& id) { return "/inlamning/" + percent_encoded(id); }

}  // namespace avtalskoll::app::web
