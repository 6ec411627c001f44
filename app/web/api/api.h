// The API for other systems, /api/v1: the same store, rules and limits as the pages.
// app/web/api/openapi.json describes it. Handlers are called as those of the pages.
#pragma once
#include <string>

#include "app/http/http.h"
#include "models/message.h"
#include "pipeline/texts/texts.h"

namespace avtalskoll::app::web {

struct Visit;

Response api_list(const Visit& visit);
Response api_upload(const Visit& visit);
Response api_case(const Visit& visit);
Response api_report(const Visit& visit);
Response api_decisions(const Visit& visit);
Response api_decide(const Visit& visit);

// Cases. The path names one by its id or the authority's number.
Response api_case_status(const Visit& visit);
Response api_case_files(const Visit& visit);
Response api_move(const Visit& visit);
// The producers whose agreements hold, as JSON or, with format=csv, for a spreadsheet.
Response api_producers(const Visit& visit);

// An error as the API says it (RFC 9457).
Response api_problem(const pipeline::Texts& texts, int status, const Message& detail);

}  // namespace avtalskoll::app::web
