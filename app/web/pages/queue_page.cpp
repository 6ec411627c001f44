#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

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

struct Choice {
    const char* value;
    const char* name;
};
constexpr std::array kStatuses{Choice{"oppna", "Att göra"},
                               Choice{"", "Alla"},
                               Choice{kReceived, "Inkomna"},
                               Choice{kInReview, "Granskas"},
                               Choice{kToBeCompleted, "Kompletteras"},
                               Choice{kComplete, "Kompletta"},
                               Choice{kClosed, "Avslutade"}};
constexpr std::array kVerdicts{Choice{"", "Alla"}, Choice{"incomplete", "Ofullständig"},
                               Choice{"review", "Granskas"}, Choice{"complete", "Komplett"},
                               Choice{"rejected", "Avvisad"}};
constexpr std::array kOrders{Choice{"", "Äldst först"}, Choice{"nyast", "Nyast först"},
                             Choice{"organisation", "Organisation"}, Choice{"namn", "Ärende"}};

template <std::size_t N>
Data choices(const std::array<Choice, N>& all, const std::string& chosen) {
    Data out = list();
    for (const Choice& choice : all) {
        Data d;
        d.set("value", choice.value);
        d.set("name", choice.name);
        d.set("selected", flag(chosen == choice.value));
        out.push_back(d);
    }
    return out;
}

template <std::size_t N>
std::string one_of(const std::array<Choice, N>& all, const std::string& asked,
                   const char* otherwise) {
    for (const Choice& choice : all)
        if (asked == choice.value) return asked;
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

    explicit Asked(const Request& request) {
        const auto get = [&](const char* name, const char* otherwise) {
            return request.query.contains(name) ? request.query.at(name) : otherwise;
        };
        text = get("q", "").substr(0, 400);
        status = one_of(kStatuses, get("status", "oppna"), "oppna");
        verdict = one_of(kVerdicts, get("bedomning", ""), "");
        order = one_of(kOrders, get("ordning", ""), "");
        page = std::clamp(whole_number(get("sida", "1")).value_or(1), 1, kMostPages) - 1;
    }

    CaseQuery query() const {
        CaseQuery query;
        query.open = status == "oppna";
        query.status = query.open ? "" : status;
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

Data chips(const std::string& summary, const FormSet& forms, std::string& more) {
    Data out = list();
    std::istringstream codes(summary);
    int count = 0;
    for (std::string code; codes >> code; ++count) {
        // Its ":absent" is there already.
        if (code == "agreement_missing" && !out.list_value().empty()) continue;
        if (count >= kMostChips) continue;
        const Chip chip = chip_of(code, forms);
        Data d;
        d.set("kind", chip.kind);
        d.set("text", chip.text);
        out.push_back(d);
    }
    more = count > kMostChips ? fmt::format("och {} till", count - kMostChips) : "";
    return out;
}

Data row(const Case& c, const Visit& visit) {
    Data d;
    d.set("href", case_path(c.id));
    d.set("name", c.organisation.empty() ? c.id : c.organisation);
    d.set("detail", c.organisation.empty() ? c.organisation_number
                                           : fmt::format("{} · {}", c.id, c.organisation_number));
    d.set("status", status_in_swedish(c.status));
    d.set("claimed_by", if_any(c.claimed_by == visit.who.name ? "Du" : c.claimed_by));
    d.set("verdict", c.verdict);
    d.set("verdict_text", verdict_in_swedish(c.verdict, visit.services.texts));
    std::string more;
    d.set("chips", chips(c.summary, visit.services.forms, more));
    d.set("more", if_any(more));
    d.set("received_at", c.received_at);
    d.set("received", local_time(c.received_at));
    d.set("age", duration_in_swedish(seconds_between(c.received_at, utc_now())));
    return d;
}

Data tiles(const CaseCounts& counts, const std::string& status) {
    Data out = list();
    const std::array all{std::pair(kReceived, counts.received),
                         std::pair(kInReview, counts.in_review),
                         std::pair(kToBeCompleted, counts.to_be_completed),
                         std::pair(kComplete, counts.complete), std::pair(kClosed, counts.closed)};
    for (const auto& [name, count] : all) {
        Data d;
        d.set("href", fmt::format("/?status={}", name));
        d.set("current", flag(status == name));
        d.set("count", std::to_string(count));
        d.set("name", status_in_swedish(name));
        out.push_back(d);
    }
    return out;
}

std::string total_text(const CasePage& found) {
    if (found.total == 1) return "1 ärende";
    return fmt::format("{}{} ärenden", found.more ? "minst " : "", found.total);
}

}  // namespace

Response queue_page(const Visit& visit) {
    const Asked asked(visit.request);
    const CaseQuery query = asked.query();
    const CasePage found = visit.services.cases.find(query);
    Data data = page_data(&visit.who, "Ärenden", "queue"), rows = list();
    for (const Case& c : found.cases) rows.push_back(row(c, visit));
    data.set("tiles", tiles(visit.services.cases.counts(), asked.status));
    data.set("text", asked.text);
    data.set("statuses", choices(kStatuses, asked.status));
    data.set("verdicts", choices(kVerdicts, asked.verdict));
    data.set("orders", choices(kOrders, asked.order));
    data.set("total_text", total_text(found));
    data.set("any", flag(!found.cases.empty()));
    data.set("none", flag(found.cases.empty()));
    data.set("rows", rows);
    const std::int64_t pages = (found.total + query.per_page - 1) / query.per_page;
    data.set("page_text",
             fmt::format("Sida {} av {}", query.page + 1, std::max<std::int64_t>(pages, 1)));
    data.set("previous", query.page > 0 ? Data(asked.href(query.page - 1)) : flag(false));
    data.set("next", query.page + 1 < pages ? Data(asked.href(query.page + 1)) : flag(false));
    return html("queue", data);
}

}  // namespace avtalskoll::app::web
