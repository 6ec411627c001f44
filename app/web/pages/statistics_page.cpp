#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/store/case_store.h"
#include "app/store/utc_time.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

constexpr int kDays = 90;
constexpr std::size_t kMostLacking = 12;
constexpr double kWidth = 800, kBottom = 180, kTop = 20;  // of the chart, in its own units

std::string percent(std::int64_t part, std::int64_t whole) {
    return whole == 0 ? "–" : fmt::format("{} %", (100 * part + whole / 2) / whole);
}

// A bar for each of the last days, empty ones too.
Data bars(const Visit& visit, const std::vector<DayCount>& days, std::int64_t most) {
    Data out = list();
    const double slot = kWidth / kDays;
    for (int ago = kDays - 1; ago >= 0; --ago) {
        const std::string day = utc_ago(std::chrono::days(ago)).substr(0, 10);
        const auto at =
            std::find_if(days.begin(), days.end(), [&](const DayCount& d) { return d.day == day; });
        const DayCount count = at == days.end() ? DayCount{day, 0, 0} : *at;
        const auto height = [&](std::int64_t n) {
            return static_cast<double>(n) * (kBottom - kTop) /
                   static_cast<double>(std::max<std::int64_t>(most, 1));
        };
        Data d;
        d.set("day", day);
        d.set("count", std::to_string(count.submissions));
        d.set("through", std::to_string(count.straight_through));
        d.set("title",
              visit.say(Message("statistics_page.day", {{"day", day},
                                                        {"count", count.submissions},
                                                        {"through", count.straight_through}})));
        d.set("x", fmt::format("{:.1f}", (kDays - 1 - ago) * slot));
        d.set("w", fmt::format("{:.1f}", slot * 0.8));
        d.set("y", fmt::format("{:.1f}", kBottom - height(count.submissions)));
        d.set("h", fmt::format("{:.1f}", height(count.submissions)));
        d.set("ty", fmt::format("{:.1f}", kBottom - height(count.straight_through)));
        d.set("th", fmt::format("{:.1f}", height(count.straight_through)));
        out.push_back(d);
    }
    return out;
}

Data metered(const std::vector<std::pair<std::string, std::int64_t>>& counted) {
    Data out = list();
    std::int64_t most = 1;
    for (const auto& [name, count] : counted) most = std::max(most, count);
    for (const auto& [name, count] : counted) {
        Data d;
        d.set("name", name);
        d.set("count", std::to_string(count));
        d.set("share", std::to_string(100 * count / most));
        out.push_back(d);
    }
    return out;
}

std::vector<std::int64_t> sorted_seconds(const std::vector<Duration>& decided) {
    std::vector<std::int64_t> seconds;
    for (const Duration& d : decided)
        seconds.push_back(std::max<std::int64_t>(0, seconds_between(d.received_at, d.decided_at)));
    std::sort(seconds.begin(), seconds.end());
    return seconds;
}

std::vector<std::pair<std::string, std::int64_t>> by_duration(
    const Visit& visit, const std::vector<std::int64_t>& seconds) {
    const std::array<std::pair<Message, std::int64_t>, 5> steps{
        {{Message("statistics_page.within_an_hour"), 3600},
         {Message("statistics_page.within_a_day"), 86'400},
         {Message("statistics_page.within_three_days"), 3 * 86'400},
         {Message("statistics_page.within_a_week"), 7 * 86'400},
         {Message("statistics_page.longer"), INT64_MAX}}};
    std::vector<std::pair<std::string, std::int64_t>> counted;
    std::int64_t before = 0;
    for (const auto& [name, most] : steps) {
        const auto within =
            std::upper_bound(seconds.begin(), seconds.end(), most) - seconds.begin();
        counted.emplace_back(visit.say(name), within - before);
        before = within;
    }
    return counted;
}

Data corrections(const std::vector<FieldCorrections>& all, const FormSet& forms) {
    Data out = list();
    for (const FieldCorrections& c : all) {
        Data d;
        d.set("name", label_of(c.place, forms));
        d.set("accepted", std::to_string(c.accepted));
        d.set("corrected", std::to_string(c.corrected));
        d.set("missing", std::to_string(c.missing));
        out.push_back(d);
    }
    return out;
}

}  // namespace

Response statistics_page(const Visit& visit) {
    const std::shared_ptr<const Statistics> held = visit.services.cases.statistics(kDays);
    const Statistics& statistics = *held;
    std::int64_t received = 0, through = 0, most = 0;
    for (const DayCount& day : statistics.days) {
        received += day.submissions;
        through += day.straight_through;
        most = std::max(most, day.submissions);
    }
    std::vector<std::pair<std::string, std::int64_t>> lacking;
    for (const auto& [place, count] : statistics.lacking)
        if (lacking.size() < kMostLacking)
            lacking.emplace_back(label_of(place, *visit.forms), count);
    const std::vector<std::int64_t> seconds = sorted_seconds(statistics.decided);
    Data data = page_data(&visit.who, visit.say(Message("statistics_page.title")), "statistics");
    data.set("days", std::to_string(kDays));
    data.set("received", std::to_string(received));
    data.set("straight_through", percent(through, received));
    data.set("median",
             seconds.empty() ? "–" : visit.say(duration_message(seconds[seconds.size() / 2])));
    data.set("any_days", flag(received > 0));
    data.set("bars", bars(visit, statistics.days, most));
    data.set("most", visit.say(Message("statistics_page.most", {{"count", most}})));
    data.set("first_day", utc_ago(std::chrono::days(kDays - 1)).substr(0, 10));
    data.set("last_day", utc_ago(std::chrono::days(0)).substr(0, 10));
    data.set("lacking", metered(lacking));
    data.set("corrections", corrections(statistics.corrections, *visit.forms));
    data.set("times", metered(by_duration(visit, seconds)));
    return html("statistics", data);
}

}  // namespace avtalskoll::app::web
