#include <fmt/format.h>

#include <algorithm>

#include "app/review/decision_policy.h"
#include "app/review/letter.h"
#include "app/web/layout.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

Response not_there(const Visit& visit) {
    return message_page(404, "Brevet finns inte.", &visit.who);
}

// A letter that is being written.
struct LetterForm {
    LetterDraft draft;
    std::string revision;  // of the case that it is written for
    int status = 200;
    std::string notice = {};
};

// A warning that the letter does not name everything; empty: it does.
std::string undecided(int unclear) {
    if (unclear == 0) return {};
    return fmt::format(
        "{} och inte {}. Brevet nämner bara det som säkert saknas eller är fel; avgör resten först "
        "om det ska med.",
        unclear == 1 ? "En punkt är oklar" : fmt::format("{} punkter är oklara", unclear),
        unclear == 1 ? "avgjord" : "avgjorda");
}

Response form_page(const Visit& visit, const OpenCase& open, const LetterForm& form) {
    Data data = page_data(&visit.who, "Begäran om komplettering");
    data.set("base", case_path(open.line.id));
    data.set("revision", form.revision);
    data.set("notice", if_any(form.notice));
    data.set("undecided", if_any(undecided(review_of(open, visit.services.forms).unclear)));
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
    if (!open || open->report == 0 || open->purged) return not_there(visit);
    return form_page(visit, *open,
                     {draft_letter(open->line.id, review_of(*open, visit.services.forms),
                                   visit.services.letters),
                      open->revision});
}

Response send_letter(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return not_there(visit);
    auto form = visit.request.form();
    std::string text = form["brev"];
    std::erase(text, '\r');
    DecisionRequest request;
    request.action = Action::Request;
    request.officer = visit.who.name;
    request.revision = form["revision"];
    request.letter = text;
    const DecisionResult result =
        decide(visit.services.cases, *open,
               {visit.services.forms, visit.services.words, visit.services.texts}, request);
    if (result.verdict != Verdict::Done)
        return form_page(visit, *open,
                         {{text, true},
                          request.revision,
                          result.verdict == Verdict::Conflict ? 409 : 422,
                          result.message});
    const auto now = visit.services.cases.open(visit.argument(0));
    if (!now || now->letters.empty()) return not_there(visit);
    return see_other(
        fmt::format("{}/brev/{}", case_path(open->line.id), now->letters.back().decision));
}

Response letter_page(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const Letter* letter = open ? letter_of(*open, visit.argument(1)) : nullptr;
    if (!letter) return not_there(visit);
    Data data = page_data(&visit.who, "Begäran om komplettering");
    data.set("base", case_path(open->line.id));
    data.set("at", local_time(letter->at));
    data.set("officer", letter->officer);
    data.set("text_href",
             fmt::format("{}/brev/{}/text", case_path(open->line.id), letter->decision));
    data.set("text", letter->text.empty() ? "Brevet är gallrat." : letter->text);
    return html("letter_sent", data);
}

Response letter_text(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const Letter* letter = open ? letter_of(*open, visit.argument(1)) : nullptr;
    if (!letter || letter->text.empty()) return not_there(visit);
    return {200,
            "text/plain; charset=utf-8",
            letter->text,
            {{"Content-Disposition", "attachment; filename=\"begaran-om-komplettering.txt\""}}};
}

}  // namespace avtalskoll::app::web
