#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "app/review/case_rules.h"
#include "app/store/case_store.h"
#include "app/store/utc_time.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

constexpr int kMostChips = 6;
constexpr int kMostPages = 100'000;

// A way to narrow or order the list: its value in the address bar, and its text.
struct Option {
    std::string value;
    std::string text;
};
using Options = std::vector<Option>;

constexpr const char* kOpen = "oppna";
constexpr const char* kOverdue = "forsenade";

// Any state, and two that go by more than the state.
Options statuses(const CaseStates& states) {
    Options all{{kOpen, "queue_page.status_todo"},
                {kOverdue, "queue_page.status_overdue"},
                {"", "queue_page.status_any"}};
    for (const auto& [name, state] : states.states())
        all.push_back({name, status_message(name).key()});
    return all;
}
const Options kVerdicts{{"", "queue_page.verdict_any"},
                        {"incomplete", "submission_verdict.incomplete"},
                        {"review", "submission_verdict.review"},
                        {"complete", "submission_verdict.complete"},
                        {"rejected", "submission_verdict.rejected"}};
const Options kOrders{{"", "queue_page.order_oldest"},
                      {"nyast", "queue_page.order_newest"},
                      {"organisation", "queue_page.order_organisation"},
                      {"namn", "queue_page.order_case"}};

Data options(const Visit& visit, const Options& all, const std::string& chosen) {
    Data out = list();
    for (const Option& option : all) {
        Data d;
        d.set("value", option.value);
        d.set("name", visit.say(Message(option.text)));
        d.set("selected", flag(chosen == option.value));
        out.push_back(d);
    }
    return out;
}

std::string one_of(const Options& all, const std::string& asked, const char* otherwise) {
    for (const Option& option : all)
        if (asked == option.value) return asked;
    return otherwise;
}

CaseOrder order_of(const std::string& asked) {
    if (asked == "nyast") return CaseOrder::Newest;
    if (asked == "organisation") return CaseOrder::Organisation;
    if (asked == "namn") return CaseOrder::Id;
    return CaseOrder::Oldest;
}

// The query in the address bar.
struct Asked {
    std::string text, status, verdict, order;
    int page = 0;

    Asked(const Request& request, const CaseStates& states) {
        const auto get = [&](const char* name, const char* otherwise) {
            return request.query.contains(name) ? request.query.at(name) : otherwise;
        };
        text = get("q", "").substr(0, 400);
        status = one_of(statuses(states), get("status", kOpen), kOpen);
        verdict = one_of(kVerdicts, get("bedomning", ""), "");
        order = one_of(kOrders, get("ordning", ""), "");
        page = std::clamp(whole_number(get("sida", "1")).value_or(1), 1, kMostPages) - 1;
    }

    CaseQuery query() const {
        CaseQuery query;
        query.open = status == kOpen;
        if (status == kOverdue) query.due_before = local_day();
        else if (!query.open) query.status = status;
        query.verdict = verdict;
        query.text = text;
        query.order = order_of(order);
        query.page = page;
        return query;
    }

    std::string href(int other_page) const {
        return fmt::format("/?q={}&status={}&bedomning={}&ordning={}&sida={}",
                           percent_encoded(text), status, verdict, order, other_page + 1);
    }
};

Data chips(const Visit& visit, const std::vector<Lack>& lacks, std::string& more) {
    Data out = list();
    const Lack agreement_missing = GraveFinding{"agreement_missing"};
    int count = 0;
    for (const Lack& lack : lacks) {
        // The agreement itself is there already.
        const bool is_said = lack == agreement_missing && !out.list_value().empty();
        if (++count > kMostChips || is_said) continue;
        const Chip chip = chip_of(lack, *visit.forms, visit.services.texts);
        Data d;
        d.set("kind", chip.kind);
        d.set("text", visit.say(chip.text));
        out.push_back(d);
    }
    if (count > kMostChips)
        more = visit.say(Message("count.more", {{"count", count - kMostChips}}));
    return out;
}

Data row(const Case& c, const Visit& visit) {
    Data d;
    d.set("href", case_path(c.id));
    d.set("name", c.organisation.empty() ? c.shown_number() : c.organisation);
    d.set("detail", c.organisation.empty()
                        ? c.organisation_number
                        : fmt::format("{} · {}", c.shown_number(), c.organisation_number));
    d.set("answer_by", if_any(c.answer_by));
    d.set("overdue", flag(!c.answer_by.empty() && c.answer_by < local_day()));
    d.set("status", visit.say(status_message(c.status)));
    d.set("claimed_by", if_any(c.claimed_by == visit.who.name ? visit.say(Message("queue_page.you"))
                                                              : c.claimed_by));
    d.set("verdict", c.verdict);
    d.set("verdict_text", visit.say(verdict_message(c.verdict)));
    std::string more;
    d.set("chips", chips(visit, c.lacks, more));
    d.set("more", if_any(more));
    d.set("received_at", c.received_at);
    d.set("received", local_time(c.received_at));
    d.set("age", visit.say(duration_message(seconds_between(c.received_at, utc_now()))));
    return d;
}

Data tiles(const Visit& visit, const CaseCounts& counts, const std::string& status) {
    Data out = list();
    for (const auto& [name, state] : visit.services.rules.states.states()) {
        const auto at = counts.find(name);
        const std::int64_t count = at == counts.end() ? 0 : at->second;
        if (count == 0 && !state.is_open && status != name) continue;
        Data d;
        d.set("href", fmt::format("/?status={}", name));
        d.set("current", flag(status == name));
        d.set("count", std::to_string(count));
        d.set("name", visit.say(status_message(name)));
        out.push_back(d);
    }
    return out;
}

Message total_message(const CasePage& found) {
    if (found.total == 1) return Message("count.case", {{"count", 1}});
    if (found.more) return Message("count.at_least_cases", {{"count", found.total}});
    return Message("count.cases", {{"count", found.total}});
}

}  // namespace

Response queue_page(const Visit& visit) {
    const CaseStates& states = visit.services.rules.states;
    const Asked asked(visit.request, states);
    const CaseQuery query = asked.query();
    const CasePage found = visit.services.cases.find(query);
    Data data = page_data(&visit.who, visit.say(Message("queue_page.title")), "queue"),
         rows = list();
    for (const Case& c : found.cases) rows.push_back(row(c, visit));
    data.set("tiles", tiles(visit, visit.services.cases.counts(), asked.status));
    data.set("text", asked.text);
    data.set("statuses", options(visit, statuses(states), asked.status));
    data.set("verdicts", options(visit, kVerdicts, asked.verdict));
    data.set("orders", options(visit, kOrders, asked.order));
    data.set("total_text", visit.say(total_message(found)));
    data.set("any", flag(!found.cases.empty()));
    data.set("none", flag(found.cases.empty()));
    data.set("rows", rows);
    const std::int64_t pages = (found.total + query.per_page - 1) / query.per_page;
    data.set("page_text",
             visit.say(Message("queue_page.page", {{"page", query.page + 1},
                                                   {"pages", std::max<std::int64_t>(pages, 1)}})));
    data.set("previous", query.page > 0 ? Data(asked.href(query.page - 1)) : flag(false));
    data.set("next", query.page + 1 < pages ? Data(asked.href(query.page + 1)) : flag(false));
    return html("queue", data);
}

}  // namespace avtalskoll::app::web
