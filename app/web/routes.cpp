#include "app/web/routes.h"

#include <iterator>
#include <utility>

#include "app/web/api/api.h"
#include "app/web/pages/pages.h"

namespace avtalskoll::app::web {
namespace {

std::vector<Route> form_routes() {
    return {
        {"GET", {"formular"}, Role::Admin, Kind::Slow, forms_page},
        {"POST", {"formular"}, Role::Admin, Kind::Upload, import_blank},
        {"GET", {"formular", ":"}, Role::Admin, Kind::Slow, form_editor},
        {"GET", {"formular", ":", "sida", ":"}, Role::Admin, Kind::Slow, form_page_picture},
        {"GET", {"formular", ":", "jamfor", ":"}, Role::Admin, Kind::Slow, compare_forms},
        {"POST", {"formular", ":", "kontroll"}, Role::Admin, Kind::Upload, check_form},
        {"POST", {"formular", ":", "spara"}, Role::Admin, Kind::Upload, save_form},
        {"POST", {"formular", ":", "prova"}, Role::Admin, Kind::Upload, try_form},
        {"POST", {"formular", ":", "kasta"}, Role::Admin, Kind::Fast, discard_draft},
    };
}

std::vector<Route> case_routes() {
    return {
        {"POST", {"inlamning", ":", "flytta"}, Role::Officer, Kind::Fast, move_case},
        {"POST", {"inlamning", ":", "nummer"}, Role::Officer, Kind::Fast, number_case},
        {"POST", {"inlamning", ":", "anteckning"}, Role::Officer, Kind::Fast, note_on_case},
        {"POST", {"inlamning", ":", "komplettering"}, Role::Officer, Kind::Upload, complete_case},
        {"POST", {"inlamning", ":", "datamangd"}, Role::Officer, Kind::Fast, add_data_set},
        {"POST", {"inlamning", ":", "datamangd-bort"}, Role::Officer, Kind::Fast, remove_data_set},
        {"POST", {"inlamning", ":", "behorighet"}, Role::Officer, Kind::Fast, note_credentials},
        {"GET", {"inlamning", ":", "brev", ":", "epost"}, Role::Officer, Kind::Fast, letter_mail},
        {"GET", {"inlamning", ":", "paminnelse"}, Role::Officer, Kind::Fast, reminder_form},
        {"POST", {"inlamning", ":", "paminnelse"}, Role::Officer, Kind::Fast, send_reminder},
        {"POST", {"inlamning", ":", "epost"}, Role::Officer, Kind::Fast, settle_mail},
        {"GET", {"inlamning", ":", "kopia"}, Role::Reader, Kind::Fast, copy_page},
        {"POST", {"inlamning", ":", "kopia"}, Role::Officer, Kind::Upload, take_copy},
        {"GET", {"inlamning", ":", "kopia", "sida", ":"}, Role::Reader, Kind::Slow, copy_picture},
        {"POST", {"inlamning", ":", "kopia", "godta"}, Role::Officer, Kind::Fast, accept_copy},
        {"POST", {"inlamning", ":", "kopia", "skicka"}, Role::Officer, Kind::Fast, send_copy},
        {"GET", {"api", "v1", "cases", ":", "status"}, Role::Reader, Kind::Fast, api_case_status},
        {"POST", {"api", "v1", "cases", ":", "files"}, Role::Officer, Kind::Upload, api_case_files},
        {"POST", {"api", "v1", "cases", ":", "moves"}, Role::Officer, Kind::Fast, api_move},
        {"GET", {"api", "v1", "producers"}, Role::Reader, Kind::Slow, api_producers},
    };
}

std::vector<Route> page_routes() {
    return {
        {"GET", {}, Role::Reader, Kind::Fast, queue_page},
        {"GET", {"inlamning", ":"}, Role::Reader, Kind::Fast, review_page},
        {"POST", {"inlamning", ":", "beslut"}, Role::Officer, Kind::Fast, decide_on_case},
        {"POST", {"inlamning", ":", "angra"}, Role::Officer, Kind::Fast, undo_decision},
        {"POST", {"inlamning", ":", "granska"}, Role::Officer, Kind::Fast, claim_case},
        {"POST", {"inlamning", ":", "ta-over"}, Role::Officer, Kind::Fast, take_over_case},
        {"POST", {"inlamning", ":", "slapp"}, Role::Officer, Kind::Fast, release_case},
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
        {"GET", {"statistik"}, Role::Reader, Kind::Slow, statistics_page},
        {"GET", {"logg"}, Role::Admin, Kind::Fast, log_page},
        {"GET", {"anvandare"}, Role::Admin, Kind::Fast, users_page},
        {"GET", {"misslyckade"}, Role::Admin, Kind::Fast, failed_page},
        {"POST", {"misslyckade"}, Role::Admin, Kind::Fast, try_failed_again},
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
}

const std::vector<Route>& routes() {
    static const std::vector<Route> kRoutes = [] {
        std::vector<Route> all = page_routes();
        for (std::vector<Route> more : {case_routes(), form_routes()})
            std::move(more.begin(), more.end(), std::back_inserter(all));
        return all;
    }();
    return kRoutes;
}

bool fits(const Route& route, const std::vector<std::string>& path) {
    if (route.path.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (route.path[i] != ":" && route.path[i] != path[i]) return false;
    return true;
}

std::vector<std::string> arguments_of(const Route& route, const std::vector<std::string>& path) {
    std::vector<std::string> arguments;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (route.path[i] == ":") arguments.push_back(path[i]);
    return arguments;
}

}  // namespace

RouteMatch find_route(const std::string& method, const std::vector<std::string>& path) {
    RouteMatch match;
    for (const Route& route : routes()) {
        if (!fits(route, path)) continue;
        match.is_path_known = true;
        if (method != route.method) continue;
        match.route = &route;
        match.arguments = arguments_of(route, path);
        break;
    }
    return match;
}

}  // namespace avtalskoll::app::web
