#include <fmt/format.h>

#include <algorithm>

#include "app/review/letter.h"
#include "app/store/case_store.h"
#include "app/web/deciding.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

Response no_such_letter(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("letter_page.not_there"));
}

// A letter that is being written.
struct LetterForm {
    LetterDraft draft;
    std::string revision;  // of the case that it is written for
    int status = 200;
    Message notice = {};
};

// A warning that the letter does not name everything; empty: it does.
Message undecided(int unclear) {
    if (unclear == 0) return {};
    if (unclear == 1) return Message("letter_page.one_undecided");
    return Message("letter_page.some_undecided", {{"count", unclear}});
}

Response form_page(const Visit& visit, const OpenCase& open, const LetterForm& form) {
    Data data = page_data(&visit.who, visit.say(Message("letter_page.title")));
    data.set("base", case_path(open.line.id));
    data.set("revision", form.revision);
    data.set("notice", if_any(visit.say(form.notice)));
    data.set("undecided", if_any(visit.say(undecided(review_of(open, *visit.forms).unclear))));
    data.set("nothing", flag(!form.draft.asks));
    data.set("text", form.draft.text);
    return html("letter", data, form.status);
}

const Letter* letter_of(const OpenCase& open, const std::string& number) {
    const auto at = std::find_if(open.letters.begin(), open.letters.end(), [&](const Letter& l) {
        return std::to_string(l.decision) == number;
    });
    return at == open.letters.end() ? nullptr : &*at;
}

}  // namespace

Response letter_form(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open || open->report == 0 || open->purged) return no_such_letter(visit);
    return form_page(
        visit, *open,
        {draft_letter(open->line.id, review_of(*open, *visit.forms), visit.services.letters),
         open->revision});
}

Response send_letter(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_letter(visit);
    auto form = visit.request.form();
    std::string text = form["brev"];
    std::erase(text, '\r');
    DecisionRequest request;
    request.action = Action::Request;
    request.officer = visit.who.name;
    request.revision = form["revision"];
    request.letter = text;
    if (const auto refusal = decide(visit, *open, request))
        return form_page(visit, *open,
                         {{text, true},
                          request.revision,
                          refusal->kind == Refusal::Kind::Conflict ? 409 : 422,
                          refusal->message});
    const auto now = visit.services.cases.open(visit.argument(0));
    if (!now || now->letters.empty()) return no_such_letter(visit);
    return see_other(
        fmt::format("{}/brev/{}", case_path(open->line.id), now->letters.back().decision));
}

Response letter_page(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const Letter* letter = open ? letter_of(*open, visit.argument(1)) : nullptr;
    if (!letter) return no_such_letter(visit);
    Data data = page_data(&visit.who, visit.say(Message("letter_page.title")));
    data.set("base", case_path(open->line.id));
    data.set("at", local_time(letter->at));
    data.set("officer", letter->officer);
    data.set("text_href",
             fmt::format("{}/brev/{}/text", case_path(open->line.id), letter->decision));
    data.set("text",
             letter->text.empty() ? visit.say(Message("letter_page.purged")) : letter->text);
    return html("letter_sent", data);
}

Response letter_text(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const Letter* letter = open ? letter_of(*open, visit.argument(1)) : nullptr;
    if (!letter || letter->text.empty()) return no_such_letter(visit);
    return {200,
            "text/plain; charset=utf-8",
            letter->text,
            {{"Content-Disposition", "attachment; filename=\"begaran-om-komplettering.txt\""}}};
}

}  // namespace avtalskoll::app::web
