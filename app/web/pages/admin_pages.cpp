#include <charconv>

#include "app/store/case_store.h"
#include "app/store/work_store.h"
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

Response failed_page(const Visit& visit) {
    const WorkState state = visit.services.work.state();
    const std::vector<DeadLetter> dead = visit.services.work.dead_letters();
    Data data = page_data(&visit.who, visit.say(Message("failed_page.title")), "failed"),
         letters = list();
    for (const DeadLetter& letter : dead) {
        const bool is_exhausted = letter.tries >= kMostTries;
        Data d;
        d.set("id", letter.id);
        d.set("href", case_path(letter.id));
        d.set("why", visit.say(is_exhausted ? Message("failed_page.exhausted")
                                            : Message("failed_page.refused")));
        d.set("at", local_time(letter.at));
        d.set("key", std::to_string(letter.key));
        letters.push_back(d);
    }
    data.set("waiting", std::to_string(state.waiting));
    data.set("oldest",
             state.oldest_waiting.empty() ? flag(false) : Data(local_time(state.oldest_waiting)));
    data.set("unsent", std::to_string(state.unsent));
    data.set("any", flag(!dead.empty()));
    data.set("none", flag(dead.empty()));
    data.set("letters", letters);
    return html("failed", data);
}

// Somebody else may have been faster: the page shows what is left.
Response try_failed_again(const Visit& visit) {
    const std::string number = visit.request.form()["nummer"];
    std::int64_t key = 0;
    const auto [end, failed] = std::from_chars(number.data(), number.data() + number.size(), key);
    if (failed != std::errc() || end != number.data() + number.size())
        return message_page(audience_of(visit), 400, Message("refusal.not_understood"));
    if (visit.services.work.retry(key, visit.who.name)) visit.services.wake_checker();
    return see_other("/misslyckade");
}

}  // namespace avtalskoll::app::web
