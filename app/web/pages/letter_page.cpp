#include <fmt/format.h>

#include <algorithm>

#include "app/review/case_rules.h"
#include "app/review/contacts.h"
#include "app/review/letter.h"
#include "app/store/case_store.h"
#include "app/store/mail_store.h"
#include "app/store/utc_time.h"
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
    std::string revision;   // of the case that it is written for
    std::string answer_by;  // the day that the text names
    int status = 200;
    Message notice = {};
};

// A warning that the letter does not name everything; empty: it does.
Message undecided(int unclear) {
    if (unclear == 0) return {};
    if (unclear == 1) return Message("letter_page.one_undecided");
    return Message("letter_page.some_undecided", {{"count", unclear}});
}

// The persons whom the letter can go to, as links that draft it anew; `chosen`: an index.
Data contacts_data(const OpenCase& open, const std::vector<CasePerson>& contacts,
                   std::size_t chosen) {
    Data all = list();
    for (std::size_t i = 0; i < contacts.size(); ++i) {
        Data d;
        d.set("href", fmt::format("{}/brev?till={}", case_path(open.line.id), i + 1));
        d.set("name", contacts[i].name.empty()
                          ? contacts[i].email
                          : fmt::format("{} <{}>", contacts[i].name, contacts[i].email));
        d.set("email", contacts[i].email);
        d.set("current", flag(i == chosen));
        all.push_back(d);
    }
    return all;
}

// The contact that the address bar or the form that was sent asks for; else the first.
std::size_t asked_contact(const Visit& visit, const std::vector<CasePerson>& contacts) {
    const auto at = visit.request.query.find("till");
    const std::string email = visit.request.method == "POST" ? visit.request.form()["till"] : "";
    for (std::size_t i = 0; i < contacts.size(); ++i)
        if (contacts[i].email == email ||
            (at != visit.request.query.end() && at->second == std::to_string(i + 1)))
            return i;
    return 0;
}

LetterFrame own_frame(const Visit& visit, const OpenCase& open, const CasePerson& to,
                      const std::string& answer_by) {
    LetterFrame frame = frame_of(open.line, to);
    frame.officer = visit.who.name;
    frame.authority = visit.services.office.authority;
    frame.answer_by = answer_by;
    return frame;
}

// The contact of the case with this address; nullopt: it has none.
std::optional<CasePerson> contact_with(const Visit& visit, const OpenCase& open,
                                       const std::string& email) {
    for (const CasePerson& person : contacts_of(review_of(open, *visit.forms)))
        if (person.email == email) return person;
    return std::nullopt;
}

// The text with another day in place of the one that it was drafted with.
std::string with_day(std::string text, const std::string& drafted, const std::string& day) {
    if (drafted.empty() || drafted == day) return text;
    for (auto at = text.find(drafted); at != std::string::npos;
         at = text.find(drafted, at + day.size()))
        text.replace(at, drafted.size(), day);
    return text;
}

Response form_page(const Visit& visit, const OpenCase& open, const LetterForm& form) {
    Data data = page_data(&visit.who, visit.say(Message("letter_page.title")));
    data.set("base", case_path(open.line.id));
    data.set("revision", form.revision);
    data.set("notice", if_any(visit.say(form.notice)));
    const Review review = review_of(open, *visit.forms);
    const std::vector<CasePerson> contacts = contacts_of(review);
    data.set("undecided", if_any(visit.say(undecided(review.unclear))));
    data.set("answer_by", form.answer_by);
    data.set("can_send", flag(visit.services.office.mail.is_set() && !contacts.empty()));
    data.set("first_day", local_day());
    data.set("no_contact", flag(contacts.empty()));
    data.set("has_contacts", flag(!contacts.empty()));
    data.set("contacts", contacts_data(open, contacts, asked_contact(visit, contacts)));
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
    const Review review = review_of(*open, *visit.forms);
    const std::vector<CasePerson> contacts = contacts_of(review);
    const CasePerson to =
        contacts.empty() ? CasePerson() : contacts[asked_contact(visit, contacts)];
    const std::string answer_by = local_day(visit.services.office.answer_days);
    return form_page(
        visit, *open,
        {draft_letter(own_frame(visit, *open, to, answer_by), review, visit.services.rules.letters),
         open->revision, answer_by});
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
    request.answer_by = form["svar"];
    request.letter =
        is_iso_day(request.answer_by) ? with_day(text, form["utkast"], request.answer_by) : text;
    const auto again = [&](int status, const Message& why) {
        return form_page(
            visit, *open,
            {{request.letter, true}, request.revision, request.answer_by, status, why});
    };
    const bool lost_its_day = request.answer_by.empty() && !form["utkast"].empty();
    if (lost_its_day || !(request.answer_by.empty() || is_iso_day(request.answer_by)))
        return again(422, Message("refusal.bad_date"));
    const auto to = contact_with(visit, *open, form["till"]);
    request.letter_to = to ? to->email : "";
    std::optional<Mail> mail;
    if (form.contains("skicka")) {
        if (!to || !visit.services.office.mail.is_set())
            return again(422, Message("letter_page.no_recipient"));
        mail =
            new_mail(MailKind::Request, visit.services.office.mail.from, to->email, request.letter);
    }
    if (const auto refusal = decide(visit, *open, request, mail))
        return again(refusal->kind == Refusal::Kind::Conflict ? 409 : 422, refusal->message);
    if (mail) visit.services.wake_mail();
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
    data.set("mail_href", if_any(visit.services.office.mail.from.empty()
                                     ? ""
                                     : fmt::format("{}/brev/{}/epost", case_path(open->line.id),
                                                   letter->decision)));
    data.set("text",
             letter->text.empty() ? visit.say(Message("letter_page.purged")) : letter->text);
    return html("letter_sent", data);
}

Response letter_mail(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const Letter* letter = open ? letter_of(*open, visit.argument(1)) : nullptr;
    if (!letter || letter->text.empty()) return no_such_letter(visit);
    const std::vector<CasePerson> contacts = contacts_of(review_of(*open, *visit.forms));
    Mail mail;
    mail.at = letter->at;
    mail.text = letter->text;
    mail.recipient = letter->recipient;
    if (mail.recipient.empty() && !contacts.empty()) mail.recipient = contacts.front().email;
    if (mail.recipient.empty())
        return message_page(audience_of(visit), 404, Message("letter_page.no_recipient"));
    return {200,
            "message/rfc822",
            as_message(mail, visit.services.office.mail.from),
            {{"Content-Disposition", "attachment; filename=\"begaran-om-komplettering.eml\""}}};
}

namespace {

std::string reminder_of(const Visit& visit, const OpenCase& open, const CasePerson& to) {
    const bool overdue = !open.line.answer_by.empty() && open.line.answer_by < local_day();
    return draft_reminder(own_frame(visit, open, to, open.line.answer_by), overdue,
                          visit.services.rules.letters);
}

}  // namespace

Response reminder_form(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open || open->line.status != kToBeCompleted) return no_such_letter(visit);
    const std::vector<CasePerson> contacts = contacts_of(review_of(*open, *visit.forms));
    const CasePerson to = contacts.empty() ? CasePerson() : contacts.front();
    Data data = page_data(&visit.who, visit.say(Message("letter_page.reminder")));
    data.set("base", case_path(open->line.id));
    data.set("to", to.email);
    data.set("number", new_message_id(visit.services.office.mail.from));
    data.set("can_send", flag(visit.services.office.mail.is_set() && !contacts.empty()));
    data.set("text", reminder_of(visit, *open, to));
    return html("reminder", data);
}

Response send_reminder(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open || open->line.status != kToBeCompleted) return no_such_letter(visit);
    auto form = visit.request.form();
    std::string text = form["brev"];
    std::erase(text, '\r');
    const auto to = contact_with(visit, *open, form["till"]);
    if (!to || text.empty() || !visit.services.office.mail.is_set())
        return message_page(audience_of(visit), 422, Message("letter_page.no_recipient"));
    Mail mail = new_mail(MailKind::Reminder, visit.services.office.mail.from, to->email, text);
    // The form's own number: sent twice, it is one reminder.
    if (is_message_id(form["nummer"])) mail.message_id = form["nummer"];
    if (!visit.services.mail.add(open->line.key, mail, visit.who.name))
        return no_such_letter(visit);
    visit.services.wake_mail();
    return see_other(case_path(open->line.id) + "#arendet");
}

Response settle_mail(const Visit& visit) {
    auto form = visit.request.form();
    const auto open = visit.services.cases.open(visit.argument(0));
    const auto key = whole_number(form["nummer"]);
    if (!open || !key) return no_such_letter(visit);
    for (const MailLine& line : visit.services.mail.list(open->line.key))
        if (line.mail.key == *key)
            visit.services.mail.settle(*key, form["blev"] == "skickad", visit.who.name);
    visit.services.wake_mail();
    return see_other(case_path(open->line.id) + "#arendet");
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
