// The table of routes: which handler answers what, for whom, and how it is to be taken.
#pragma once
#include <string>
#include <vector>

#include "app/http/http_server.h"
#include "app/store/accounts.h"

namespace avtalskoll::app::web {

struct Visit;

struct Route {
    const char* method;
    std::vector<std::string> path;  // ":" stands for any segment
    Role role;                      // the least that is needed
    Kind kind;
    Response (*handler)(const Visit&);
    bool is_api() const { return !path.empty() && path[0] == "api"; }
};

struct RouteMatch {
    const Route* route = nullptr;        // null: none fits
    std::vector<std::string> arguments;  // the segments that ':' stood for
    bool is_path_known = false;          // with some method
};

// Lives as long as the program. Safe from many threads.
RouteMatch find_route(const std::string& method, const std::vector<std::string>& path);

}  // namespace avtalskoll::app::web
