// The counter-signed copy of a case: comparing it, showing what differs beside what was approved,
// taking it all the same, sending it.
#include <fmt/format.h>

#include <algorithm>

#include "app/review/approved.h"
#include "app/review/case_rules.h"
#include "app/review/contacts.h"
#include "app/review/letter.h"
#include "app/store/case_store.h"
#include "app/store/mail_store.h"
#include "app/web/deciding.h"
#include "app/web/layout.h"
#include "app/web/page_pictures.h"
#include "app/web/pages/case_section.h"
#include "app/web/pages/pages.h"
#include "app/web/upload_intake.h"
#include "app/web/visit.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

Response no_copy(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("copy_page.not_there"));
}

// True when a copy may be compared now.
bool takes_copy(const Visit& visit, const OpenCase& open) {
    return !open.purged && open.report != 0 &&
           visit.services.rules.states.after(kMoveCountersign, open.line.status).has_value();
}

std::string copy_url(const OpenCase& open) { return case_path(open.line.id) + "/kopia"; }

Data boxes_data(const std::vector<BoxShare>& boxes) {
    Data all = list();
    for (const BoxShare& box : boxes) {
        Data b;
        for (const auto& [name, value] : {std::pair("x", box.x), std::pair("y", box.y),
                                          std::pair("w", box.w), std::pair("h", box.h)})
            b.set(name, fmt::format("{:.4f}", value));
        all.push_back(b);
    }
    return all;
}

// The number of a file of the case, from 1; 0: it is not there.
int file_number(const OpenCase& open, const std::string& name) {
    const auto& files = open.submission.files;
    const auto at = std::find_if(files.begin(), files.end(),
                                 [&](const SubmittedFile& file) { return file.name == name; });
    return at == files.end() ? 0 : static_cast<int>(at - files.begin()) + 1;
}

Data sheet_data(const OpenCase& open, const CopySheet& sheet) {
    Data d;
    const int file = file_number(open, sheet.approved_file);
    d.set("text", sheet.text);
    d.set("approved", file == 0 ? flag(false)
                                : Data(fmt::format("{}/sida/{}/{}", case_path(open.line.id), file,
                                                   sheet.approved_page)));
    d.set("copy", sheet.copy_page == 0
                      ? flag(false)
                      : Data(fmt::format("{}/sida/{}", copy_url(open), sheet.copy_page)));
    d.set("on_approved", boxes_data(sheet.on_approved));
    d.set("on_copy", boxes_data(sheet.on_copy));
    return d;
}

Data texts_data(const std::vector<std::string>& texts) {
    Data all = list();
    for (const std::string& text : texts) {
        Data d;
        d.set("text", text);
        all.push_back(d);
    }
    return all;
}

}  // namespace

Response take_copy(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open) return no_such_case(visit);
    const OneFile sent = uploaded_file(visit);
    if (sent.forbidden) return message_page(audience_of(visit), 403, Message("answer.status_403"));
    if (!sent.trouble.empty())
        return after_on_case(visit, Refusal{Refusal::Kind::NotAllowed, sent.trouble});
    if (!takes_copy(visit, *open))
        return after_on_case(visit,
                             Refusal{Refusal::Kind::Conflict,
                                     Message("refusal.move_not_allowed",
                                             {{"status", status_message(open->line.status)}})});
    Submission copy;
    copy.id = open->line.id;
    copy.files = {sent.file};
    const CountersignedResult result = visit.services.compare_copy(
        approved_agreements(*open, review_of(*open, *visit.forms)), copy);
    const CopyCompared compared = compared_copy(*open, sent.file, result, visit.services.texts);
    if (visit.services.cases.add_copy(*open, compared, sent.file.path, visit.who.name) !=
        Outcome::Done)
        return after_on_case(visit, changed_since());
    return see_other(copy_url(*open));
}

Response copy_page(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const CopyCompared* copy = open ? current_copy(*open) : nullptr;
    if (!copy) return no_copy(visit);
    Data data = page_data(&visit.who, visit.say(Message("copy_page.title"))), sheets = list();
    const bool agrees = copy->verdict == CountersignedVerdict::Agrees;
    data.set("base", case_path(open->line.id));
    data.set("revision", open->revision);
    data.set("file", copy->file);
    data.set("kind", agrees ? "good" : "bad");
    data.set("verdict",
             visit.say(Message(std::string("copy_verdict.") + to_string(copy->verdict))));
    data.set("remarks", texts_data(copy->remarks));
    for (const CopySheet& sheet : copy->sheets) sheets.push_back(sheet_data(*open, sheet));
    data.set("sheets", sheets);
    data.set("accepted", if_any(copy->accepted_because));
    data.set("can_accept", flag(visit.may_decide() && takes_copy(visit, *open) && !agrees &&
                                copy->accepted_because.empty()));
    data.set("can_go_on", flag(visit.may_decide() && takes_copy(visit, *open) &&
                               (agrees || !copy->accepted_because.empty())));
    return html("copy", data);
}

Response copy_picture(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const CopyCompared* copy = open ? current_copy(*open) : nullptr;
    const int page = whole_number(visit.argument(1)).value_or(0);
    if (!copy || open->purged || page < 1) return no_copy(visit);
    return {200,
            "image/png",
            visit.services.pictures.page_png(visit.services.cases.copy_path(*copy), page, 0),
            {}};
}

Response accept_copy(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const CopyCompared* copy = open ? current_copy(*open) : nullptr;
    if (!copy) return no_copy(visit);
    auto form = visit.request.form();
    if (form["revision"] != open->revision) return after_on_case(visit, changed_since());
    CopyCompared accepted = *copy;
    accepted.accepted_because = form["orsak"];
    if (accepted.accepted_because.empty())
        return after_on_case(visit,
                             Refusal{Refusal::Kind::NotAllowed, Message("refusal.reason_lacking")});
    if (const auto refusal = add_event(visit, *open, CaseEventDetail(accepted)))
        return after_on_case(visit, refusal);
    return see_other(copy_url(*open));
}

Response send_copy(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const CopyCompared* copy = open ? current_copy(*open) : nullptr;
    if (!is_accepted(copy) || open->purged) return no_copy(visit);
    const std::vector<CasePerson> contacts = contacts_of(review_of(*open, *visit.forms));
    const JudgedEvent judged = judge_move(*open, visit.services.rules.states, kMoveSend, "");
    if (const auto* refusal = std::get_if<Refusal>(&judged)) return after_on_case(visit, *refusal);
    if (contacts.empty() || !visit.services.office.mail.is_set())
        return after_on_case(
            visit, Refusal{Refusal::Kind::NotAllowed, Message("letter_page.no_recipient")});
    LetterFrame frame = frame_of(open->line, contacts.front());
    frame.officer = visit.who.name;
    frame.authority = visit.services.office.authority;
    Mail mail = new_mail(MailKind::Copy, visit.services.office.mail.from, contacts.front().email,
                         draft_copy_letter(frame, visit.services.rules.letters));
    mail.attachment = copy->sha256;
    mail.attachment_name = copy->file;
    // In one step with the move: whoever is second sends nothing.
    if (const auto refusal = add_event(visit, *open, judged, mail))
        return after_on_case(visit, refusal);
    visit.services.wake_mail();
    return see_other(case_path(open->line.id) + "#arendet");
}

}  // namespace avtalskoll::app::web
