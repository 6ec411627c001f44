#include <fmt/format.h>

#include <algorithm>

#include "app/review/decision_policy.h"
#include "app/review/letter.h"
#include "app/web/layout.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

Response not_there(const Visit& visit) {
    return message_page(404, "Brevet finns inte.", &visit.who);
}

// `revision`: of what the letter was written for.
Response form_page(const Visit& visit, const OpenCase& open, const std::string& revision,
                   const LetterDraft& draft, int status, const std::string& notice) {
    const Review review = review_of(open, visit.services.forms);
    Data data = page_data(&visit.who, "Begäran om komplettering");
    data.set("base", case_path(open.line.id));
    data.set("revision", revision);
    data.set("notice", if_any(notice));
    data.set(
        "undecided",
        review.unclear == 0
            ? flag(false)
            : Data(fmt::format(
                  "{} är oklart och inte avgjort. Brevet nämner bara det som säkert saknas eller "
                  "är fel; avgör resten först om det ska med.",
                  review.unclear == 1 ? "En punkt" : fmt::format("{} punkter", review.unclear))));
    data.set("nothing", flag(!draft.asks));
    data.set("text", draft.text);
    return html("letter", data, status);
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
    return form_page(
        visit, *open, open->revision,
        draft_letter(open->line.id, review_of(*open, visit.services.forms), visit.services.letters),
        200, "");
}

Response send_letter(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return not_there(visit);
    auto form = visit.request.form();
    std::string text = form["brev"];
    std::erase(text, '\r');
    Wish wish;
    wish.action = Action::Request;
    wish.officer = visit.who.name;
    wish.revision = form["revision"];
    wish.letter = text;
    const Answer answer = decide(visit.services.cases, *open, visit.services.forms, wish);
    if (answer.verdict != Verdict::Done)
        return form_page(visit, *open, wish.revision, {text, true},
                         answer.verdict == Verdict::Conflict ? 409 : 422, answer.message);
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
