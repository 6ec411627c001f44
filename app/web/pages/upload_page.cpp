#include <fmt/format.h>

#include "app/store/case_store.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/upload_intake.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

Response form_page(const Visit& visit, int status, const Message& notice) {
    Data data = page_data(&visit.who, visit.say(Message("upload_page.title")), "upload");
    data.set("notice", if_any(visit.say(notice)));
    data.set("most_bytes", std::to_string(visit.services.upload_bytes));
    data.set("most_text", visit.say(Message("upload_page.most",
                                            {{"megabytes", visit.services.upload_bytes >> 20}})));
    return html("upload", data, status);
}

// One way to answer, as a button and a sentence.
Data choice_data(const std::string& value, const std::string& name, const std::string& meaning,
                 bool is_main) {
    Data d;
    d.set("value", value);
    d.set("name", name);
    d.set("meaning", meaning);
    d.set("main", flag(is_main));
    return d;
}

std::string question_path(const std::string& token) {
    return "/ladda-upp/fraga/" + percent_encoded(token);
}

Response gone_page(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("upload_page.gone"));
}

// Shows the case that is there, and the ways to go on with the upload.
Response choice_page(const Visit& visit, const std::string& token, const Upload& upload,
                     const Message& notice) {
    const auto open = visit.services.cases.open(upload.submission.id);
    const auto stored = visit.services.store.find(upload.submission.id);
    if (!open || !stored) return gone_page(visit);
    UploadOutcome asked;
    asked.there = Received{Receipt::Occupied, *stored, open->purged};
    Data data = page_data(&visit.who, visit.say(Message("upload_page.exists_title")), "upload"),
         choices = list();
    data.set("id", open->line.id);
    data.set("notice", if_any(visit.say(notice)));
    data.set("what", visit.say(open->purged ? Message("upload_page.purged")
                                            : files_message(open->submission.files.size())));
    data.set("received", local_time(open->line.received_at));
    const bool has_number = !open->line.organisation_number.empty();
    data.set("organisation",
             if_any(fmt::format("{}{}{}", open->line.organisation,
                                has_number && !open->line.organisation.empty() ? ", " : "",
                                open->line.organisation_number)));
    data.set("status", visit.say(status_message(open->line.status)));
    std::vector<std::string> names;
    for (const SubmittedFile& file : upload.submission.files) names.push_back(file.name);
    data.set("uploaded", visit.say(files_message(names.size())));
    data.set("names", fmt::format("{}", fmt::join(names, ", ")));
    data.set("action", question_path(token));
    data.set("seen", stored->content);
    for (const Choice choice : asked.choices())
        choices.push_back(choice_data(to_string(choice), visit.say(name_of(choice)),
                                      visit.say(meaning_of(choice)), choice == Choice::Add));
    choices.push_back(choice_data("cancel", visit.say(Message("upload_choice.cancel.name")),
                                  visit.say(Message("upload_choice.cancel.meaning")), false));
    data.set("choices", choices);
    return html("upload_choice", data, notice.empty() ? 200 : 409);
}

}  // namespace

Response upload_page(const Visit& visit) { return form_page(visit, 200, {}); }

Response take_upload(const Visit& visit) {
    const UploadOutcome outcome = intake_upload(visit);
    if (outcome.forbidden)
        return message_page(audience_of(visit), 403, Message("answer.status_403"));
    if (outcome.there)
        return see_other(question_path(visit.services.held.hold(visit.who.name, *outcome.upload)));
    if (outcome.id.empty()) return form_page(visit, 422, outcome.trouble);
    return see_other(case_path(outcome.id));
}

Response upload_question(const Visit& visit) {
    const auto upload = visit.services.held.find(visit.argument(0), visit.who.name);
    return upload ? choice_page(visit, visit.argument(0), *upload, {}) : gone_page(visit);
}

Response answer_upload(const Visit& visit) {
    auto form = visit.request.form();
    const std::string& token = visit.argument(0);
    const auto upload = visit.services.held.find(token, visit.who.name);
    if (!upload) return gone_page(visit);
    const auto choice = parse_choice(form["val"]);
    if (!choice && form["val"] != "cancel")
        return message_page(audience_of(visit), 400, Message("upload_page.not_understood"));
    if (!choice) {
        visit.services.held.drop(token, visit.who.name);
        return see_other("/ladda-upp");
    }
    const UploadOutcome outcome = intake_upload_as(visit, *upload, *choice, form["sett"]);
    if (outcome.there) return choice_page(visit, token, *upload, Message("upload_page.changed"));
    visit.services.held.drop(token, visit.who.name);
    return see_other(case_path(outcome.id));
}

}  // namespace avtalskoll::app::web
