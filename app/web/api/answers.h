// What the API's handlers share: answers in JSON, and members of a JSON body.
#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "app/http/http.h"
#include "app/web/api/api.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

inline Response json_response(const nlohmann::ordered_json& json, int status = 200) {
    return {status,
            "application/json",
            json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n",
            {}};
}

// A problem in the visitor's words.
inline Response problem(const Visit& visit, int status, const Message& detail) {
    return api_problem(visit.services.texts, status, detail);
}

inline Response no_case(const Visit& visit) {
    return problem(visit, 404, Message("case.not_there"));
}

// Empty when the member is absent, or no text.
inline std::string text_member(const nlohmann::json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : "";
}

}  // namespace avtalskoll::app::web
