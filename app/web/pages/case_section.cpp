#include "app/web/pages/case_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/review/case_policy.h"
#include "app/review/case_rules.h"
#include "app/review/contacts.h"
#include "app/store/mail_store.h"
#include "app/store/utc_time.h"
#include "app/web/layout.h"
#include "app/web/words.h"

namespace avtalskoll::app::web {
namespace {

void set_moves(Data& data, const Visit& visit, const OpenCase& open) {
    const CaseStates& states = visit.services.rules.states;
    Data moves = list(), way = list();
    if (visit.may_decide() && !open.purged)
        for (const std::string& name : states.offered(open.line.status)) {
            Data d;
            d.set("name", name);
            d.set("text", visit.say(Message("move." + name)));
            d.set("is_withdrawal", flag(states.move(name)->to == kWithdrawn));
            moves.push_back(d);
        }
    bool is_behind = true;
    for (const auto& [name, state] : states.states()) {
        const bool is_here = name == open.line.status;
        const bool is_aside = name == kWithdrawn || name == kToBeCompleted;
        if (is_aside && !is_here) continue;  // not every case comes there
        Data d;
        d.set("text", visit.say(status_message(name)));
        d.set("here", flag(is_here));
        is_behind = is_behind && !is_here;
        d.set("behind", flag(is_behind));
        way.push_back(d);
    }
    data.set("has_moves", flag(!moves.list_value().empty()));
    data.set("moves", moves);
    data.set("way", way);
}

Data person_data(const CasePerson& person) {
    return Data(fmt::format("{}, {}, {}", person.name, person.email, person.phone));
}

void set_data_sets(Data& data, const Visit& visit, const OpenCase& open, const Review& review) {
    Data kinds = list(), data_sets = list();
    for (const DataSetKind& kind : visit.services.rules.data_sets) {
        Data d;
        d.set("id", kind.id);
        d.set("title", kind.title);
        kinds.push_back(d);
    }
    for (const DataSetAdded* added : data_sets_of(open.events)) {
        const DataSetKind* kind = data_set_kind(visit.services.rules.data_sets, added->data_set);
        Data d, lacks = list();
        d.set("id", added->data_set);
        d.set("title", kind ? kind->title : added->data_set);
        d.set("owner", person_data(added->owner));
        d.set("support", person_data(added->support));
        d.set("agent", if_any(added->agent));
        if (kind && open.report != 0)
            for (const Message& lack : lacks_for(*kind, *added, review)) {
                Data l;
                l.set("text", visit.say(lack));
                lacks.push_back(l);
            }
        d.set("lacks", lacks);
        const CredentialsSent* sent = credentials_of(open.events, added->data_set);
        d.set("sent",
              sent ? Data(visit.say(Message(
                         "case_section.credentials",
                         {{"name", sent->to.name}, {"email", sent->to.email}, {"day", sent->on}})))
                   : flag(false));
        data_sets.push_back(d);
    }
    data.set("kinds", kinds);
    data.set("has_data_sets", flag(!data_sets.list_value().empty()));
    data.set("data_sets", data_sets);
}

void set_contacts(Data& data, const Review& review) {
    Data contacts = list();
    for (const CasePerson& person : contacts_of(review)) {
        Data d;
        d.set("name", person.name);
        d.set("email", person.email);
        d.set("phone", if_any(person.phone));
        contacts.push_back(d);
    }
    data.set("has_contacts", flag(!contacts.list_value().empty()));
    data.set("contacts", contacts);
}

void set_notes(Data& data, const OpenCase& open) {
    Data notes = list();
    for (auto at = open.events.rbegin(); at != open.events.rend(); ++at) {
        const auto* note = at->detail ? std::get_if<CaseNoted>(&*at->detail) : nullptr;
        if (!note) continue;
        Data d;
        d.set("at", local_time(at->at));
        d.set("officer", at->officer);
        d.set("text", note->text);
        notes.push_back(d);
    }
    data.set("notes", notes);
}

void set_mail(Data& data, const Visit& visit, const OpenCase& open) {
    Data lines = list();
    for (const MailLine& line : visit.services.mail.list(open.line.key)) {
        const bool is_stuck =
            line.mail.state == MailState::Unclear || line.mail.state == MailState::Failed;
        Data d;
        d.set("n", std::to_string(line.mail.key));
        d.set("text",
              visit.say(Message(
                  "case_section.mail",
                  {{"kind", Message(std::string("mail_kind.") + to_string(line.mail.kind))},
                   {"to", line.mail.recipient},
                   {"time", local_time(line.mail.at)},
                   {"state", Message(std::string("mail_state.") + to_string(line.mail.state))}})));
        d.set("is_stuck", flag(is_stuck && visit.may_decide() && !open.purged));
        lines.push_back(d);
    }
    data.set("has_mail", flag(!lines.list_value().empty()));
    data.set("mail", lines);
    data.set("can_remind", flag(visit.may_decide() && open.line.status == kToBeCompleted));
}

std::string name_of_page(const Visit& visit, const Review& review, int index) {
    const ReviewedPage& page = review.pages[static_cast<std::size_t>(index)];
    return visit.say(
        Message("review_page.page_of_file", {{"file", page.file}, {"page", page.page}}));
}

Data replaced_data(const Visit& visit, const Review& review, const ReplacedPages& replaced) {
    Data data, before = list();
    data.set("form_page", std::to_string(replaced.form_page));
    data.set("now", std::to_string(replaced.now + 1));
    data.set("now_name", name_of_page(visit, review, replaced.now));
    for (const int page : replaced.before) {
        Data b;
        b.set("n", std::to_string(page + 1));
        b.set("name", name_of_page(visit, review, page));
        before.push_back(b);
    }
    data.set("before", before);
    return data;
}

// The reason why the case does not need an agreement; empty: it does.
Message why_not_needed(const Review& review, const ReviewedAgreement& agreement) {
    const Decision* why = agreement.set_aside;
    if (!why && agreement.needs_personal_data && !agreement.required) why = review.no_personal_data;
    if (!why) return {};
    return Message("review_page.not_needed", {{"officer", why->officer},
                                              {"time", local_time(why->at)},
                                              {"reason", why->new_value.value_or("")}});
}

// True when data sets belong to this state: the agreement holds.
bool is_agreed(const Visit& visit, const OpenCase& open) {
    const CaseState* state = visit.services.rules.states.state(open.line.status);
    return state && state->is_agreed;
}

}  // namespace

void set_frame(Data& data, const Visit& visit, const Review& review,
               const ReviewedAgreement& agreement, bool may_decide) {
    data.set("form", agreement.form);
    data.set("not_needed", if_any(visit.say(why_not_needed(review, agreement))));
    data.set("can_set_aside",
             flag(may_decide && !agreement.required && !agreement.set_aside && agreement.present));
    data.set("can_say_no_personal_data",
             flag(may_decide && agreement.required && agreement.needs_personal_data));
    Data replaced = list();
    for (const ReplacedPages& one : agreement.replaced)
        replaced.push_back(replaced_data(visit, review, one));
    data.set("replaced", replaced);
}

void set_case_section(Data& data, const Visit& visit, const OpenCase& open, const Review& review) {
    set_moves(data, visit, open);
    set_contacts(data, review);
    set_notes(data, open);
    set_data_sets(data, visit, open, review);
    set_mail(data, visit, open);
    const CopyCompared* copy = current_copy(open);
    data.set("copy", flag(copy != nullptr));
    data.set(
        "copy_verdict",
        copy ? visit.say(Message(std::string("copy_verdict.") + to_string(copy->verdict))) : "");
    const CaseStates& states = visit.services.rules.states;
    data.set("takes_copy", flag(visit.may_decide() && !open.purged &&
                                states.after(kMoveCountersign, open.line.status).has_value()));
    data.set("can_send_copy",
             flag(visit.may_decide() && copy && visit.services.office.mail.is_set() &&
                  states.after(kMoveSend, open.line.status).has_value()));
    const bool may_write = visit.may_decide() && !open.purged;
    data.set("may_write", flag(may_write));
    data.set("may_add_data_sets", flag(may_write && is_agreed(visit, open)));
    data.set("number", open.line.number);
    data.set("answer_by", if_any(open.line.answer_by));
    data.set("overdue", flag(!open.line.answer_by.empty() && open.line.answer_by < local_day()));
    data.set("today", local_day());
    data.set("has_way", flag(!visit.services.rules.states.is_open(open.line.status)));
}

}  // namespace avtalskoll::app::web
