#include "app/web/site.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "app/web/layout.h"
#include "models/error.h"

namespace avtalskoll::app::web {

struct Route {
    const char* method;
    std::vector<std::string> path;  // ":" stands for any segment
    Role role;
    Kind kind;
    Response (*handler)(const Visit&);
    bool is_api() const { return !path.empty() && path[0] == "api"; }
};

namespace {

constexpr const char* kCookie = "__Host-avtalskoll";

const std::vector<Route>& routes() {
    static const std::vector<Route> kRoutes{
        {"GET", {}, Role::Reader, Kind::Fast, queue_page},
        {"GET", {"inlamning", ":"}, Role::Reader, Kind::Fast, review_page},
        {"POST", {"inlamning", ":", "beslut"}, Role::Officer, Kind::Fast, decide_on_case},
        {"POST", {"inlamning", ":", "angra"}, Role::Officer, Kind::Fast, undo_decision},
        {"POST", {"inlamning", ":", "granska"}, Role::Officer, Kind::Fast, claim_case},
        {"POST", {"inlamning", ":", "ta-over"}, Role::Officer, Kind::Fast, take_over_case},
        {"POST", {"inlamning", ":", "slapp"}, Role::Officer, Kind::Fast, let_case_go},
        {"GET", {"inlamning", ":", "sida", ":", ":"}, Role::Reader, Kind::Slow, page_picture},
        {"GET",
         {"inlamning", ":", "utsnitt", ":", ":", ":"},
         Role::Reader,
         Kind::Slow,
         field_cutting},
        {"GET", {"inlamning", ":", "original", ":"}, Role::Officer, Kind::Slow, original_file},
        {"GET", {"inlamning", ":", "tidigare", ":", ":"}, Role::Officer, Kind::Slow, earlier_file},
        {"GET", {"inlamning", ":", "rapport", ":"}, Role::Officer, Kind::Slow, earlier_report},
        {"GET", {"inlamning", ":", "brev"}, Role::Officer, Kind::Fast, letter_form},
        {"POST", {"inlamning", ":", "brev"}, Role::Officer, Kind::Fast, send_letter},
        {"GET", {"inlamning", ":", "brev", ":"}, Role::Reader, Kind::Fast, letter_page},
        {"GET", {"inlamning", ":", "brev", ":", "text"}, Role::Reader, Kind::Fast, letter_text},
        {"GET", {"ladda-upp"}, Role::Officer, Kind::Fast, upload_page},
        {"POST", {"ladda-upp"}, Role::Officer, Kind::Upload, take_upload},
        {"GET", {"ladda-upp", "fraga", ":"}, Role::Officer, Kind::Fast, upload_question},
        {"POST", {"ladda-upp", "fraga", ":"}, Role::Officer, Kind::Slow, answer_upload},
        {"GET", {"statistik"}, Role::Reader, Kind::Slow, figures_page},
        {"GET", {"logg"}, Role::Admin, Kind::Fast, log_page},
        {"GET", {"anvandare"}, Role::Admin, Kind::Fast, users_page},
        {"GET", {"api", "v1", "submissions"}, Role::Reader, Kind::Fast, api_list},
        {"POST", {"api", "v1", "submissions"}, Role::Officer, Kind::Upload, api_upload},
        {"GET", {"api", "v1", "submissions", ":"}, Role::Reader, Kind::Fast, api_case},
        {"GET", {"api", "v1", "submissions", ":", "report"}, Role::Reader, Kind::Fast, api_report},
        {"GET",
         {"api", "v1", "submissions", ":", "decisions"},
         Role::Reader,
         Kind::Fast,
         api_decisions},
        {"POST",
         {"api", "v1", "submissions", ":", "decisions"},
         Role::Officer,
         Kind::Fast,
         api_decide},
    };
    return kRoutes;
}

bool fits(const Route& route, const std::vector<std::string>& path,
          std::vector<std::string>* arguments) {
    if (route.path.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (route.path[i] == ":") {
            if (arguments) arguments->push_back(path[i]);
        } else if (route.path[i] != path[i]) {
            return false;
        }
    }
    return true;
}

bool is_path(const std::vector<std::string>& path, const char* only) {
    return path.size() == 1 && path[0] == only;
}
bool is_api(const std::vector<std::string>& path) { return !path.empty() && path[0] == "api"; }

// Where to go after the login: a path on this site and nothing else.
std::string safe_next(const std::string& next) {
    const bool well = next.starts_with('/') && !next.starts_with("//") &&
                      next.find('\\') == std::string::npos && next.size() < 500 &&
                      std::none_of(next.begin(), next.end(), [](char c) {
                          return (c >= 0 && c < ' ') || c == '\x7f';
                      });  // browsers take tabs out
    return well ? next : "/";
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

Response static_file(const std::string& name) {
    const std::string_view content = asset(name);
    if (content.empty()) return message_page(404, "Sidan finns inte.", nullptr);
    return {200, type_of(name), std::string(content), {{"Cache-Control", "no-cache"}}};
}

Response login_page(const std::string& next, const std::string& name, const std::string& trouble,
                    int status) {
    Data data = page_data(nullptr, "Logga in");
    data.set("next", next);
    data.set("name", name);
    data.set("trouble", if_any(trouble));
    return html("login", data, status);
}

const char* what_went_wrong(int status) {
    switch (status) {
        case 400: return "Servern kunde inte tolka anropet.";
        case 403: return "Du får inte göra det här.";
        case 404: return "Sidan finns inte.";
        case 405: return "Så kan sidan inte anropas.";
        case 413: return "Det som skickades är för stort.";
        case 431: return "Anropets huvud är för stort.";
        case 503:
            return "Servern har för mycket att göra just nu, eller når inte sitt förråd. Försök "
                   "igen om en stund; inget är sparat.";
        case 507:
            return "Servern har inte plats för mer. Säg till den som sköter den; inget är sparat.";
        default:
            return "Något gick fel på servern. Försök igen; hjälper det inte, säg till den som "
                   "sköter den.";
    }
}

}  // namespace

Kind Site::kind(const std::string& method, const Target& target) const {
    if (method == "POST" && is_path(target.path, "logga-in"))
        return Kind::Slow;  // hashes a password
    for (const Route& route : routes())
        if (method == route.method && fits(route, target.path, nullptr)) return route.kind;
    return Kind::Fast;
}

Response Site::respond(const Request& request) {
    Response response;
    try {
        response = answer(request);
    } catch (const Error& e) {
        if (e.kind() != ErrorKind::BadInput && e.kind() != ErrorKind::OverLimit)
            services_.note_fault(e.what());
        const int status = e.kind() == ErrorKind::Io          ? 503
                           : e.kind() == ErrorKind::BadInput  ? 400
                           : e.kind() == ErrorKind::OverLimit ? 413
                                                              : 500;
        response = is_api(request.path) ? api_problem(status, what_went_wrong(status))
                                        : message_page(status, what_went_wrong(status), nullptr);
        if (status == 503) response.headers.emplace_back("Retry-After", "5");
    }
    add_security_headers(response);
    return response;
}

Response Site::refuse(int status, const Target* of) const {
    Response response = of && is_api(of->path)
                            ? api_problem(status, what_went_wrong(status))
                            : message_page(status, what_went_wrong(status), nullptr);
    if (status == 503) response.headers.emplace_back("Retry-After", "5");
    add_security_headers(response);
    return response;
}

Response Site::answer(const Request& request) {
    const bool get = request.method == "GET", post = request.method == "POST";
    if (get && request.path.size() == 2 && request.path[0] == "static")
        return static_file("static/" + request.path[1]);
    if (get && request.path == std::vector<std::string>{"api", "v1", "openapi.json"})
        return static_file("api/openapi.json");
    if (get && is_path(request.path, "logga-in"))
        return login_page(safe_next(request.query.contains("till") ? request.query.at("till") : ""),
                          "", "", 200);
    if (post && is_path(request.path, "logga-in")) return log_in(request);
    if (post && is_path(request.path, "logga-ut")) return log_out(request);

    Identity who;
    std::vector<std::string> arguments;
    const Route* route = nullptr;
    if (auto refusal = admit(request, who, route, arguments)) return std::move(*refusal);
    // An upload's form is still on the disk; its token is looked at when it is unpacked.
    if (post && !route->is_api() && route->kind != Kind::Upload &&
        !same(request.form()["csrf"], who.csrf))
        return message_page(403, what_went_wrong(403), &who);
    return route->handler({request, who, std::move(arguments), services_});
}

std::optional<Response> Site::before_upload(const Request& request) try {
    Identity who;
    std::vector<std::string> arguments;
    const Route* route = nullptr;
    auto refusal = admit(request, who, route, arguments);
    if (refusal) add_security_headers(*refusal);
    return refusal;
} catch (const Error& e) {
    services_.note_fault(e.what());
    return refuse(503, nullptr);
}

std::optional<Response> Site::admit(const Request& request, Identity& who, const Route*& found,
                                    std::vector<std::string>& arguments) {
    const bool get = request.method == "GET", api = is_api(request.path);
    const std::string bearer = request.header("authorization");
    std::optional<Identity> shown;
    if (!api) shown = services_.accounts.session(request.cookie(kCookie));
    else if (bearer.starts_with("Bearer ")) shown = services_.accounts.token(bearer.substr(7));
    if (!shown && api) {
        Response response =
            api_problem(401, "En giltig nyckel behövs: Authorization: Bearer NYCKEL.");
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }
    if (!shown) {
        std::string here = "/";
        for (const std::string& segment : request.path)
            here += (here.size() > 1 ? "/" : "") + percent_encoded(segment);
        return get ? see_other("/logga-in?till=" + percent_encoded(here))
                   : login_page("/", "",
                                "Du är inte inloggad längre. Det du skickade är inte sparat.", 403);
    }
    who = *shown;
    const auto refused = [&](int status) {
        return api ? api_problem(status, what_went_wrong(status))
                   : message_page(status, what_went_wrong(status), &who);
    };
    bool known = false;
    for (const Route& route : routes()) {
        if (!fits(route, request.path, nullptr)) continue;
        known = true;
        if (request.method != route.method) continue;
        if (who.role < route.role || (!get && !api && !is_own_origin(request))) return refused(403);
        fits(route, request.path, &arguments);
        found = &route;
        return std::nullopt;
    }
    return refused(known ? 405 : 404);
}

Response Site::log_in(const Request& request) {
    auto form = request.form();
    const std::string name = form["namn"], next = safe_next(form["till"]);
    if (!is_own_origin(request)) return message_page(403, what_went_wrong(403), nullptr);
    if (!limiter_.begin(name, request.peer))
        return login_page(next, name,
                          fmt::format("För många försök. Vänta {} minuter och försök igen.",
                                      LoginLimiter::kFailureMinutes),
                          429);
    const auto secret = services_.accounts.log_in(name, form["losenord"]);
    if (!secret) return login_page(next, name, "Fel namn eller lösenord.", 403);
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
        return message_page(403, what_went_wrong(403), &*who);
    if (who) services_.accounts.log_out(secret);
    Response response = see_other("/logga-in");
    response.headers.emplace_back(
        "Set-Cookie",
        fmt::format("{}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", kCookie));
    response.headers.emplace_back("Clear-Site-Data", "\"cache\", \"storage\"");
    return response;
}

Data page_data(const Identity* who, const std::string& title, const std::string& at) {
    Data data;
    data.set("title", title);
    data.set("user", who ? Data(who->name) : flag(false));
    data.set("csrf", who ? who->csrf : "");
    data.set("may_decide", flag(who && who->role >= Role::Officer));
    data.set("is_admin", flag(who && who->role >= Role::Admin));
    for (const char* place : {"queue", "upload", "figures", "log", "users"})
        data.set(fmt::format("at_{}", place), flag(at == place));
    return data;
}

Response html(std::string_view page, const Data& data, int status) {
    return {.status = status, .body = page_html(page, data)};
}

Response see_other(const std::string& where) {
    return {.status = 303, .headers = {{"Location", where}}};
}

Response message_page(int status, const std::string& message, const Identity* who) {
    Data data = page_data(who, status == 404   ? "Finns inte"
                               : status == 403 ? "Inte tillåtet"
                                               : "Det gick inte");
    data.set("message", message);
    data.set("back", "/");
    data.set("back_text", "Till ärendena");
    return html("message", data, status);
}

std::string case_path(const std::string& id) { return "/inlamning/" + percent_encoded(id); }

}  // namespace avtalskoll::app::web
