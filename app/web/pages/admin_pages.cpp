#include <fmt/format.h>

#include "app/store/case_store.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {

constexpr int kLogLines = 500;

Response log_page(const Visit& visit) {
    const std::vector<AuditLine> log = visit.services.cases.log(0, kLogLines);
    Data data = page_data(&visit.who, visit.say(Message("log_page.title")), "log"), lines = list();
    for (const AuditLine& line : log) {
        Data d;
        d.set("at", local_time(line.at));
        d.set("who", line.actor);
        d.set("id", line.id);
        d.set("what", visit.say(event_message(line.event, *visit.forms, visit.services.texts)));
        lines.push_back(d);
    }
    data.set("count", std::to_string(log.size()));
    data.set("lines", lines);
    return html("log", data);
}

Response users_page(const Visit& visit) {
    Data data = page_data(&visit.who, visit.say(Message("users_page.title")), "users"),
         users = list();
    for (const User& user : visit.services.accounts.users()) {
        Data d;
        d.set("name", user.name);
        d.set("role", visit.say(role_message(user.role)));
        d.set("added_at", local_time(user.added_at));
        d.set("blocked_at", user.blocked_at.empty() ? "" : local_time(user.blocked_at));
        users.push_back(d);
    }
    data.set("users", users);
    return html("users", data);
}

}  // namespace avtalskoll::app::web
