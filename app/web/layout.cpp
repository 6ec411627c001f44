#include "app/web/layout.h"

#include <fmt/format.h>

namespace avtalskoll::app::web {
namespace {

Message title_of(int status) {
    switch (status) {
        case 403: return Message("answer.title_403");
        case 404: return Message("answer.title_404");
        default: return Message("answer.title");
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
    for (const char* place : {"queue", "upload", "statistics", "forms", "failed", "log", "users"})
        data.set(fmt::format("at_{}", place), flag(at == place));
    return data;
}

Response html(std::string_view page, const Data& data, int status) {
    return {.status = status, .body = page_html(page, data)};
}

Response see_other(const std::string& where) {
    return {.status = 303, .headers = {{"Location", where}}};
}

Response message_page(const Audience& audience, int status, const Message& message) {
    Data data = page_data(audience.who, audience.texts.say(title_of(status)));
    data.set("message", audience.texts.say(message));
    data.set("back", "/");
    data.set("back_text", audience.texts.say(Message("answer.back")));
    return html("message", data, status);
}

Response no_such_case(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("case.not_there"));
}

std::string case_path(const std::string& id) { return "/inlamning/" + percent_encoded(id); }

}  // namespace avtalskoll::app::web
