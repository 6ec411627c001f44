// The review server's pages and API: who may see or do what, and the way from a request to a page.
//
// Every answer carries the security headers; every change needs a session with its CSRF token and
// the site's own Origin, or a token. Safe from many threads.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "app/http/http.h"
#include "app/http/http_server.h"
#include "app/review/letter_texts.h"
#include "app/store/accounts.h"
#include "app/store/case_store.h"
#include "app/store/store.h"
#include "app/web/held_uploads.h"
#include "app/web/page_pictures.h"
#include "models/form.h"

namespace avtalskoll::app::web {

// What the pages work with. All must outlive the site.
struct Services {
    Store& store;
    CaseStore& cases;
    Accounts& accounts;
    PagePictures& pictures;
    HeldUploads& held;
    const FormSet& forms;
    const pipeline::LetterTexts& letters;
    std::function<void()> wake_checker;   // something was taken in
    std::filesystem::path upload_folder;  // for files that are being taken in
    std::uint64_t upload_bytes = 0;
    std::function<void(const std::string&)>
        note_fault;  // for whoever runs the server; no personal data
};

// A request by somebody who may make it.
struct Visit {
    const Request& request;
    Identity who;
    std::vector<std::string> arguments;  // what the route's ':' stood for
    Services& services;

    bool may_decide() const { return who.role >= Role::Officer; }
    const std::string& argument(std::size_t n) const { return arguments.at(n); }
};

struct Route;

class Site {
public:
    explicit Site(Services& services) : services_(services) {}

    Kind kind(const std::string& method, const Target& target) const;
    Response respond(const Request& request);
    // Whether an upload by this head, without its body, is to be refused.
    std::optional<Response> before_upload(const Request& head);
    // For what never became a request.
    Response refuse(int status, const Target* of) const;

private:
    Response answer(const Request& request);
    // Who it is, and the route that he may take; or what is answered instead.
    std::optional<Response> admit(const Request& request, Identity& who, const Route*& found,
                                  std::vector<std::string>& arguments);
    Response log_in(const Request& request);
    Response log_out(const Request& request);

    Services& services_;
    LoginLimiter limiter_;
};

// What pages share.
Response see_other(const std::string& where);
Response message_page(int status, const std::string& message, const Identity* who);
std::string case_path(const std::string& id);

// The pages. Each is called with the role that its route asks for.
Response queue_page(const Visit& visit);
Response review_page(const Visit& visit);
Response decide_on_case(const Visit& visit);
Response undo_decision(const Visit& visit);
Response claim_case(const Visit& visit);
Response take_over_case(const Visit& visit);
Response let_case_go(const Visit& visit);
Response page_picture(const Visit& visit);
Response field_cutting(const Visit& visit);
Response original_file(const Visit& visit);
Response earlier_file(const Visit& visit);
Response earlier_report(const Visit& visit);
Response letter_form(const Visit& visit);
Response send_letter(const Visit& visit);
Response letter_page(const Visit& visit);
Response letter_text(const Visit& visit);
Response upload_page(const Visit& visit);
Response take_upload(const Visit& visit);
Response upload_question(const Visit& visit);
Response answer_upload(const Visit& visit);
Response figures_page(const Visit& visit);
Response log_page(const Visit& visit);
Response users_page(const Visit& visit);
Response api_list(const Visit& visit);
Response api_upload(const Visit& visit);
Response api_case(const Visit& visit);
Response api_report(const Visit& visit);
Response api_decisions(const Visit& visit);
Response api_decide(const Visit& visit);

// An error as the API says it (RFC 9457).
Response api_problem(int status, const std::string& detail);

}  // namespace avtalskoll::app::web
