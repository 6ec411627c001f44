// The review server's pages and API: who may see or do what, and the way from a request to a page.
//
// Every answer carries the security headers; every change needs a session with its CSRF token and
// the site's own Origin, or a token. Where people sign on at the web server before this one, nobody
// logs in here. Safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/http/http_server.h"
#include "app/store/accounts.h"
#include "app/web/login_limiter.h"
#include "app/web/sign_on.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

struct RouteMatch;

class Site {
public:
    // `roles`: of those who sign on at the web server before this one; none: nobody does.
    explicit Site(Services& services, std::vector<GroupRole> roles = {})
        : services_(services), sign_on_(std::move(roles)) {}

    Kind kind(const std::string& method, const Target& target) const;
    Response respond(const Request& request);
    // The refusal of an upload by its head, without its body; nullopt: it may come.
    std::optional<Response> before_upload(const Request& head);
    // For what never became a request.
    Response refuse(int status, const Target* of) const;

private:
    Response answer(const Request& request);
    // The pages to log in and out on; nullopt: the request is for none of them.
    std::optional<Response> answer_login(const Request& request);
    std::optional<Response> answer_sign_on(const Request& request);
    std::optional<Identity> identity_of(const Request& request) const;
    // Says who sent the request; the answer to give instead when nobody is known.
    std::optional<Response> find_out(const Request& request, Identity& who);
    std::optional<Response> find_signed_on(const Request& request, Identity& who);
    // Finds out who sent the request. nullopt when that person may use the route; else the answer
    // to give instead.
    std::optional<Response> admit(const Request& request, const RouteMatch& found, Identity& who);
    Response log_in(const Request& request);
    Response log_out(const Request& request);
    Response log_out_signed_on(const Request& request);

    Services& services_;
    SignOn sign_on_;
    LoginLimiter limiter_;
};

}  // namespace avtalskoll::app::web
