// Cases over the API: where one stands, files that complete one, moves, and the producers whose
// agreements hold.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/review/case_rules.h"
#include "app/store/case_store.h"
#include "app/web/api/answers.h"
#include "app/web/deciding.h"
#include "app/web/upload_intake.h"
#include "app/web/words.h"
#include "pipeline/reports/report_json.h"

namespace avtalskoll::app::web {
namespace {

using Json = nlohmann::ordered_json;

// The case that the address names by its id or the authority's number.
std::optional<OpenCase> addressed(const Visit& visit) {
    const std::string id = visit.services.cases.id_of(visit.argument(0));
    return id.empty() ? std::nullopt : visit.services.cases.open(id);
}

std::string word_for(const Visit& visit, const std::string& status) {
    const CaseState* state = visit.services.rules.states.state(status);
    return visit.say(state ? Message("follow." + state->follow) : status_message(status));
}

// The cases whose agreements hold.
std::vector<Case> producers(const Visit& visit) {
    constexpr int kAtOnce = 500;
    std::vector<Case> found;
    for (const auto& [name, state] : visit.services.rules.states.states()) {
        if (!state.is_agreed) continue;
        CaseQuery query;
        query.status = name;
        query.order = CaseOrder::Organisation;
        query.per_page = kAtOnce;
        for (bool more = true; more; ++query.page) {
            CasePage page = visit.services.cases.find(query);
            more = static_cast<int>(page.cases.size()) == kAtOnce;
            std::move(page.cases.begin(), page.cases.end(), std::back_inserter(found));
        }
    }
    return found;
}

std::string producers_csv(const Visit& visit, const std::vector<Case>& cases) {
    std::string csv = "\xEF\xBB\xBForganisation;organisation_number;case;since;status\r\n";
    for (const Case& c : cases)
        csv += fmt::format("{};{};{};{};{}\r\n", pipeline::csv_cell(c.organisation),
                           pipeline::csv_cell(c.organisation_number),
                           pipeline::csv_cell(c.shown_number()), pipeline::csv_cell(c.decided_at),
                           pipeline::csv_cell(word_for(visit, c.status)));
    return csv;
}

}  // namespace

Response api_case_status(const Visit& visit) {
    const auto open = addressed(visit);
    if (!open) return no_case(visit);
    return json_response({{"status", word_for(visit, open->line.status)}});
}

Response api_case_files(const Visit& visit) {
    const std::string id = visit.services.cases.id_of(visit.argument(0));
    if (id.empty()) return no_case(visit);
    const UploadOutcome outcome = intake_case_files(visit, id);
    if (outcome.id.empty()) return problem(visit, 422, outcome.trouble);
    Response response =
        json_response({{"id", outcome.id}, {"known", outcome.known}}, outcome.known ? 200 : 202);
    response.headers.emplace_back("Location", "/api/v1/submissions/" + percent_encoded(outcome.id));
    return response;
}

Response api_move(const Visit& visit) {
    const auto asked = nlohmann::json::parse(visit.request.body, nullptr, false);
    if (!asked.is_object()) return problem(visit, 400, Message("api.no_object"));
    const auto get = [&](const char* name) { return text_member(asked, name); };
    const auto open = addressed(visit);
    if (!open) return no_case(visit);
    if (get("revision") != open->revision) {
        const Refusal refusal = changed_since();
        return problem(visit, status_of(refusal.kind), refusal.message);
    }
    const JudgedEvent judged =
        judge_move(*open, visit.services.rules.states, get("move"), get("reason"));
    if (const auto refusal = add_event(visit, *open, judged))
        return problem(visit, status_of(refusal->kind), refusal->message);
    return json_response({{"id", open->line.id},
                          {"status", std::get<CaseMoved>(std::get<CaseEventDetail>(judged)).to}});
}

Response api_producers(const Visit& visit) {
    const std::vector<Case> cases = producers(visit);
    const auto format = visit.request.query.find("format");
    if (format != visit.request.query.end() && format->second == "csv")
        return {200,
                "text/csv; charset=utf-8",
                producers_csv(visit, cases),
                {{"Content-Disposition", "attachment; filename=\"producenter.csv\""}}};
    Json list{{"producers", Json::array()}};
    for (const Case& c : cases)
        list["producers"].push_back({{"organisation", c.organisation},
                                     {"organisation_number", c.organisation_number},
                                     {"case", c.shown_number()},
                                     {"since", c.decided_at},
                                     {"status", word_for(visit, c.status)}});
    return json_response(list);
}

}  // namespace avtalskoll::app::web
