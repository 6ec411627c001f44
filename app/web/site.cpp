#include "app/web/site.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <cctype>

#include "app/store/accounts.h"
#include "app/store/case_store.h"
#include "app/web/api/api.h"
#include "app/web/layout.h"
#include "app/web/routes.h"
#include "models/error.h"

namespace avtalskoll::app::web {

namespace {

constexpr const char* kCookie = "__Host-avtalskoll";

bool is_path(const std::vector<std::string>& path, const char* only) {
    return path.size() == 1 && path[0] == only;
}
bool is_api(const std::vector<std::string>& path) { return !path.empty() && path[0] == "api"; }

// Where to go after the login: a path on this site and nothing else.
std::string safe_next(const std::string& next) {
    // Browsers take tabs out, so a path with control characters may lead elsewhere.
    const bool has_controls = std::any_of(next.begin(), next.end(), [](char c) {
        return std::iscntrl(static_cast<unsigned char>(c)) != 0;
    });
    const bool is_own_path = next.starts_with('/') && !next.starts_with("//") &&
                             next.find('\\') == std::string::npos && next.size() < 500;
    return is_own_path && !has_controls ? next : "/";
}

// The page on this site from which a form was sent.
std::string page_before(const Request& request) {
    const std::string referer = request.header("referer"), host = request.header("host");
    for (const char* scheme : {"http://", "https://"})
        if (const std::string site = scheme + host;
            !host.empty() && referer.starts_with(site + "/"))
            return safe_next(referer.substr(site.size()));
    return "/";
}

// The browser says where a change comes from; it must be from this site.
bool is_own_origin(const Request& request) {
    const std::string origin = request.header("origin"), host = request.header("host"),
                      site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin") return false;
    return !host.empty() && (origin == "http://" + host || origin == "https://" + host);
}

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && !a.empty() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// For who starts and stops the program: no login, no page.
Response health(int status, const char* line) {
    return {.status = status, .type = "text/plain; charset=utf-8", .body = line};
}

Response readiness(CaseStore& cases) try {
    cases.log(0, 1);
    return health(200, "ready\n");
} catch (const Error&) {
    return health(503, "the store does not answer\n");
}

void add_security_headers(Response& response) {
    const auto set = [&](const char* name, const char* value) {
        response.headers.emplace_back(name, value);
    };
    set("Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src "
        "'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    set("X-Content-Type-Options", "nosniff");
    set("X-Frame-Options", "DENY");
    set("Referrer-Policy", "same-origin");  // with no-referrer browsers would send Origin: null
    set("Cross-Origin-Opener-Policy", "same-origin");
    set("Cross-Origin-Resource-Policy", "same-origin");
    set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    const bool cached = std::any_of(response.headers.begin(), response.headers.end(),
                                    [](const auto& h) { return h.first == "Cache-Control"; });
    if (!cached) set("Cache-Control", "no-store");
}

const char* type_of(std::string_view name) {
    if (name.ends_with(".css")) return "text/css; charset=utf-8";
    if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
    if (name.ends_with(".svg")) return "image/svg+xml";
    return "application/json";
}

Response static_file(const pipeline::Texts& texts, const std::string& name) {
    const std::string_view content = asset(name);
    if (content.empty()) return message_page({texts}, 404, Message("answer.status_404"));
    return {200, type_of(name), std::string(content), {{"Cache-Control", "no-cache"}}};
}

// The state of the page to log in on: where to go then, the name as it was given, what was wrong.
struct LoginForm {
    std::string next = "/", name = {};
    Message trouble = {};
};

Response login_page(const pipeline::Texts& texts, const LoginForm& form, int status) {
    Data data = page_data(nullptr, texts.say(Message("login.title")));
    data.set("next", form.next);
    data.set("name", form.name);
    data.set("trouble", if_any(texts.say(form.trouble)));
    return html("login", data, status);
}

Response login_needed(const pipeline::Texts& texts, const Request& request) {
    if (request.method != "GET")
        return login_page(texts, {.next = page_before(request), .trouble = Message("login.ended")},
                          403);
    std::string here = "/";
    for (const std::string& segment : request.path)
        here += (here.size() > 1 ? "/" : "") + percent_encoded(segment);
    return see_other("/logga-in?till=" + percent_encoded(here));
}

Response token_needed(const pipeline::Texts& texts) {
    Response response = api_problem(texts, 401, Message("login.token_needed"));
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
}

Message why_refused(const SignedOn& found) {
    switch (found.fault) {
        case SignOnFault::Unclear: return Message("sign_on.unclear");
        case SignOnFault::BadName: return Message("sign_on.bad_name");
        case SignOnFault::NoRole: return Message("sign_on.no_role", {{"name", found.who.name}});
        case SignOnFault::Blocked: return Message("sign_on.blocked", {{"name", found.who.name}});
        default: return Message("sign_on.no_name");
    }
}

// For whoever runs the server, of faults that are the web server's.
const char* fault_of_web_server(SignOnFault fault) {
    if (fault == SignOnFault::Unclear)
        return "sign-on refused: an identity header came twice; let the web server before this one "
               "replace what clients send";
    if (fault == SignOnFault::BadName)
        return "sign-on refused: the web server sent a name that is none; names have 1 to 100 "
               "characters, no comma, and do not begin with 'token '";
    return nullptr;
}

Message what_went_wrong(int status) {
    switch (status) {
        case 400: return Message("answer.status_400");
        case 403: return Message("answer.status_403");
        case 404: return Message("answer.status_404");
        case 405: return Message("answer.status_405");
        case 413: return Message("answer.status_413");
        case 431: return Message("answer.status_431");
        case 503: return Message("answer.status_503");
        case 507: return Message("answer.status_507");
        default: return Message("answer.status_500");
    }
}

int status_of(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::BadInput: return 400;
        case ErrorKind::OverLimit: return 413;
        case ErrorKind::Io: return 503;
        default: return 500;
    }
}

Response fault_response(const pipeline::Texts& texts, int status, bool for_api) {
    Response response = for_api ? api_problem(texts, status, what_went_wrong(status))
                                : message_page({texts}, status, what_went_wrong(status));
    if (status == 503) response.headers.emplace_back("Retry-After", "5");
    return response;
}

}  // namespace

Kind Site::kind(const std::string& method, const Target& target) const {
    if (method == "POST" && is_path(target.path, "logga-in"))
        return Kind::Slow;  // hashes a password
    const RouteMatch match = find_route(method, target.path);
    return match.route ? match.route->kind : Kind::Fast;
}

Response Site::respond(const Request& request) {
    Response response;
    try {
        response = answer(request);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::BadInput && e.kind() != ErrorKind::OverLimit)
            services_.note_fault(e.what());
        response = fault_response(services_.texts, status_of(e.kind()), is_api(request.path));
    }
    add_security_headers(response);
    return response;
}

Response Site::refuse(int status, const Target* of) const {
    Response response = fault_response(services_.texts, status, of && is_api(of->path));
    add_security_headers(response);
    return response;
}

Response Site::answer(const Request& request) {
    const bool get = request.method == "GET", post = request.method == "POST";
    const bool signs_on = sign_on_.serves(request);
    if (get && request.path.size() == 2 && request.path[0] == "static")
        return static_file(services_.texts, "static/" + request.path[1]);
    if (get && request.path == std::vector<std::string>{"api", "v1", "openapi.json"})
        return static_file(services_.texts, "api/openapi.json");
    if (get && is_path(request.path, "healthz")) return health(200, "ok\n");
    if (get && is_path(request.path, "readyz")) return readiness(services_.cases);
    if (auto page = signs_on ? answer_sign_on(request) : answer_login(request))
        return std::move(*page);

    Identity who;
    RouteMatch found = find_route(request.method, request.path);
    if (auto refusal = admit(request, found, who)) return std::move(*refusal);
    // An upload's form is still on the disk; its token is looked at when it is unpacked.
    if (post && !found.route->is_api() && found.route->kind != Kind::Upload &&
        !same(request.form()["csrf"], who.csrf))
        return message_page({services_.texts, &who}, 403,
                            signs_on ? Message("sign_on.page_is_old") : what_went_wrong(403));
    return found.route->handler({request, who, std::move(found.arguments), services_});
}

std::optional<Response> Site::answer_login(const Request& request) {
    const bool get = request.method == "GET", post = request.method == "POST";
    if (get && is_path(request.path, "logga-in"))
        return login_page(
            services_.texts,
            {.next = safe_next(request.query.contains("till") ? request.query.at("till") : "")},
            200);
    if (post && is_path(request.path, "logga-in")) return log_in(request);
    if (post && is_path(request.path, "logga-ut")) return log_out(request);
    return std::nullopt;
}

std::optional<Response> Site::answer_sign_on(const Request& request) {
    const bool get = request.method == "GET", post = request.method == "POST";
    if (get && is_path(request.path, "logga-in")) return see_other("/");
    if (post && is_path(request.path, "logga-in"))
        return message_page({services_.texts}, 403, Message("sign_on.no_password"));
    if (post && is_path(request.path, "logga-ut")) return log_out_signed_on(request);
    return std::nullopt;
}

std::optional<Response> Site::before_upload(const Request& request) try {
    Identity who;
    auto refusal = admit(request, find_route(request.method, request.path), who);
    if (refusal) add_security_headers(*refusal);
    return refusal;
} catch (const Error& e) {
    services_.note_fault(e.what());
    return refuse(503, nullptr);
}

std::optional<Identity> Site::identity_of(const Request& request) const {
    if (!is_api(request.path)) return services_.accounts.session(request.cookie(kCookie));
    const std::string bearer = request.header("authorization");
    if (!bearer.starts_with("Bearer ")) return std::nullopt;
    return services_.accounts.token(bearer.substr(7));
}

std::optional<Response> Site::find_out(const Request& request, Identity& who) {
    const bool api = is_api(request.path);
    if (!api && sign_on_.serves(request)) return find_signed_on(request, who);
    const std::optional<Identity> shown = identity_of(request);
    if (!shown) return api ? token_needed(services_.texts) : login_needed(services_.texts, request);
    who = *shown;
    return std::nullopt;
}

std::optional<Response> Site::find_signed_on(const Request& request, Identity& who) {
    const SignedOn found = sign_on_.look(request, services_.accounts);
    if (const char* fault = fault_of_web_server(found.fault)) services_.note_fault(fault);
    if (found.fault != SignOnFault::None)
        return message_page({services_.texts}, 403, why_refused(found));
    who = found.who;
    if (sign_on_.is_visiting(who.name)) return std::nullopt;
    services_.cases.note(0, who.name, {.action = AuditAction::LoggedIn});
    sign_on_.begin_visit(who.name);
    return std::nullopt;
}

std::optional<Response> Site::admit(const Request& request, const RouteMatch& found,
                                    Identity& who) {
    const bool get = request.method == "GET", api = is_api(request.path);
    if (auto nobody = find_out(request, who)) return nobody;
    const auto refused = [&](int status) {
        return api ? api_problem(services_.texts, status, what_went_wrong(status))
                   : message_page({services_.texts, &who}, status, what_went_wrong(status));
    };
    if (!found.route) return refused(found.is_path_known ? 405 : 404);
    if (who.role < found.route->role || (!get && !api && !is_own_origin(request)))
        return refused(403);
    return std::nullopt;
}

Response Site::log_in(const Request& request) {
    auto form = request.form();
    const std::string name = form["namn"], next = safe_next(form["till"]);
    if (!is_own_origin(request)) return message_page({services_.texts}, 403, what_went_wrong(403));
    if (!limiter_.begin(name, request.peer))
        return login_page(
            services_.texts,
            {next, name,
             Message("login.too_many_tries", {{"minutes", LoginLimiter::kFailureMinutes}})},
            429);
    const auto secret = services_.accounts.log_in(name, form["losenord"]);
    if (!secret) return login_page(services_.texts, {next, name, Message("login.wrong")}, 403);
    limiter_.succeeded(name, request.peer);
    Response response = see_other(next);
    response.headers.emplace_back(
        "Set-Cookie",
        fmt::format("{}={}; Path=/; Secure; HttpOnly; SameSite=Strict", kCookie, *secret));
    return response;
}

Response Site::log_out(const Request& request) {
    const std::string secret = request.cookie(kCookie);
    const auto who = services_.accounts.session(secret);
    if (who && (!is_own_origin(request) || !same(request.form()["csrf"], who->csrf)))
        return message_page({services_.texts, &*who}, 403, what_went_wrong(403));
    if (who) services_.accounts.log_out(secret);
    Response response = see_other("/logga-in");
    response.headers.emplace_back(
        "Set-Cookie",
        fmt::format("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", kCookie));
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
    return response;
}

// The sign-on would let the browser in again at once, so nothing can be ended here.
Response Site::log_out_signed_on(const Request& request) {
    Identity who;
    if (auto nobody = find_signed_on(request, who)) return std::move(*nobody);
    Data data = page_data(&who, services_.texts.say(Message("sign_on.log_out_title")));
    data.set("message", services_.texts.say(Message("sign_on.log_out")));
    data.set("back", "/");
    data.set("back_text", services_.texts.say(Message("answer.back")));
    Response response = html("message", data);
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
    return response;
}

}  // namespace avtalskoll::app::web
