#include "app/web/api/api.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/review/review.h"
#include "app/store/case_store.h"
#include "app/web/api/answers.h"
#include "app/web/deciding.h"
#include "app/web/upload_intake.h"

namespace avtalskoll::app::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMostPerPage = 200;

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(nullptr); }

Json case_json(const Case& c) {
    return {{"id", c.id},
            {"status", c.status},
            {"verdict", or_null(c.verdict)},
            {"summary", to_string(c.lacks)},
            {"organisation", or_null(c.organisation)},
            {"organisation_number", or_null(c.organisation_number)},
            {"received_at", c.received_at},
            {"decided_at", or_null(c.decided_at)},
            {"claimed_by", or_null(c.claimed_by)}};
}

Json decision_json(const Decision& d) {
    return {{"key", d.key},
            {"at", d.at},
            {"officer", d.officer},
            {"action", to_string(d.action)},
            {"form", or_null(d.place.form)},
            {"point", or_null(d.place.point)},
            {"field", or_null(d.place.field)},
            {"finding", d.finding ? Json(to_string(*d.finding)) : Json(nullptr)},
            {"old_verdict", d.old_verdict},
            {"new_verdict", d.new_verdict},
            {"old_value", or_null(d.old_value)},
            {"new_value", or_null(d.new_value)},
            {"engine", d.engine},
            {"undoes", d.undoes ? Json(d.undoes) : Json(nullptr)},
            {"undone", d.undone}};
}

// A number in the query within its bounds; nullopt: something else stands there.
std::optional<int> number_in(const Request& request, const char* name, int otherwise, int least,
                             int most) {
    const auto at = request.query.find(name);
    if (at == request.query.end()) return otherwise;
    const auto number = whole_number(at->second);
    return number && *number >= least && *number <= most ? number : std::nullopt;
}

// The id has other content: what is there, and what may be sent in the field `val`.
Response choices_json(const Visit& visit, const UploadOutcome& outcome) {
    const std::string& id = outcome.there->stored.submission.id;
    Json problem{{"type", "about:blank"},
                 {"status", 409},
                 {"detail", visit.say(Message("api.case_exists"))}};
    if (const auto open = visit.services.cases.open(id)) {
        problem["submission"] = case_json(open->line);
        problem["submission"]["files"] = open->submission.files.size();
        problem["submission"]["purged"] = open->purged;
    }
    problem["choices"] = Json::array();
    for (const Choice choice : outcome.choices())
        problem["choices"].push_back({{"val", to_string(choice)},
                                      {"name", visit.say(name_of(choice))},
                                      {"meaning", visit.say(meaning_of(choice))}});
    Response response = json_response(problem, 409);
    response.type = "application/problem+json";
    return response;
}

}  // namespace

Response api_problem(const pipeline::Texts& texts, int status, const Message& detail) {
    return {
        status,
        "application/problem+json",
        Json{{"type", "about:blank"}, {"status", status}, {"detail", texts.say(detail)}}.dump() +
            "\n",
        {}};
}

Response api_list(const Visit& visit) {
    const auto get = [&](const char* name) {
        return visit.request.query.contains(name) ? visit.request.query.at(name) : "";
    };
    const auto page = number_in(visit.request, "page", 1, 1, 1'000'000),
               per_page = number_in(visit.request, "per_page", 50, 1, kMostPerPage);
    if (!page || !per_page)
        return problem(visit, 400, Message("api.bad_pages", {{"most", kMostPerPage}}));
    CaseQuery query;
    query.status = get("status");
    query.verdict = get("verdict");
    query.text = get("text").substr(0, 400);
    query.order = get("order") == "newest" ? CaseOrder::Newest : CaseOrder::Oldest;
    query.page = *page - 1;
    query.per_page = *per_page;
    const CasePage found = visit.services.cases.find(query);
    Json list{{"total", found.total},
              {"more", found.more},
              {"page", *page},
              {"per_page", *per_page},
              {"submissions", Json::array()}};
    for (const Case& c : found.cases) list["submissions"].push_back(case_json(c));
    return json_response(list);
}

Response api_upload(const Visit& visit) {
    const UploadOutcome outcome = intake_upload(visit);
    if (outcome.there) return choices_json(visit, outcome);
    if (outcome.id.empty()) return problem(visit, 422, outcome.trouble);
    Response response =
        json_response({{"id", outcome.id}, {"known", outcome.known}}, outcome.known ? 200 : 202);
    response.headers.emplace_back("Location", "/api/v1/submissions/" + percent_encoded(outcome.id));
    return response;
}

Response api_case(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_case(visit);
    Json json = case_json(open->line);
    json["revision"] = open->revision;
    json["purged"] = open->purged;
    json["open"] = open->report ? Json(review_of(*open, *visit.forms).open) : Json(nullptr);
    return json_response(json);
}

Response api_report(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_case(visit);
    if (open->report == 0) return problem(visit, 409, Message("refusal.not_checked_yet"));
    return {200, "application/json", open->report_json, {}};
}

Response api_decisions(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_case(visit);
    Json list{{"revision", open->revision},
              {"decisions", Json::array()},
              {"earlier_decisions", Json::array()}};
    for (const Decision& d : open->decisions) list["decisions"].push_back(decision_json(d));
    for (const Decision& d : open->earlier_decisions)
        list["earlier_decisions"].push_back(decision_json(d));
    return json_response(list);
}

Response api_decide(const Visit& visit) {
    const auto asked = nlohmann::json::parse(visit.request.body, nullptr, false);
    if (!asked.is_object()) return problem(visit, 400, Message("api.no_object"));
    const auto get = [&](const char* name) { return text_member(asked, name); };
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_case(visit);
    const auto action = parse_action(get("action"));
    if (!action) return problem(visit, 400, Message("api.bad_action"));
    const DecisionRequest request{*action,
                                  visit.who.name,
                                  get("revision"),
                                  {get("form"), get("point"), get("field")},
                                  finding_asked(get("finding")),
                                  get("value"),
                                  get("letter")};
    if (const auto refusal = decide(visit, *open, request))
        return problem(visit, status_of(refusal->kind), refusal->message);
    return api_case(visit);
}

}  // namespace avtalskoll::app::web
