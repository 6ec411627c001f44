#include "app/review/case_policy.h"

#include <algorithm>

#include "app/review/case_number.h"
#include "rules/field_rule.h"
#include "rules/messages.h"

namespace avtalskoll::app {
namespace {

constexpr std::size_t kMostTextBytes = 20'000;

JudgedEvent against(Refusal::Kind kind, Message message) {
    return Refusal{kind, std::move(message)};
}
JudgedEvent not_allowed(Message message) {
    return against(Refusal::Kind::NotAllowed, std::move(message));
}

// The reason why a thing that a move needs is not there; empty: it is.
Message lacking_for(const OpenCase& open, MoveNeed need) {
    const auto data_sets = data_sets_of(open.events);
    switch (need) {
        case MoveNeed::CountersignedCopy:
            return is_accepted(current_copy(open)) ? Message()
                                                   : Message("move_needs.countersigned_copy");
        case MoveNeed::DataSets:
            return data_sets.empty() ? Message("move_needs.data_sets") : Message();
        case MoveNeed::Credentials:
            for (const DataSetAdded* one : data_sets)
                if (!credentials_of(open.events, one->data_set))
                    return Message("move_needs.credentials");
    }
    return {};
}

// The fault of a person's particulars; empty: none.
Message fault_of(const CasePerson& person) {
    if (person.name.empty()) return Message("person.no_name");
    const auto email = rules::check_written(FieldKind::Email, person.email, {});
    if (!email.valid) return Message("person.bad_email");
    const auto phone = rules::check_written(FieldKind::Phone, person.phone, {});
    return phone.valid ? Message() : Message("person.bad_phone");
}

bool has_data_set(const OpenCase& open, const std::string& id) {
    const auto data_sets = data_sets_of(open.events);
    return std::any_of(data_sets.begin(), data_sets.end(),
                       [&](const DataSetAdded* one) { return one->data_set == id; });
}

}  // namespace

const CopyCompared* current_copy(const OpenCase& open) {
    std::string approved_at;
    for (const Decision& d : open.decisions)
        if (d.holds() && d.action == Action::Approve) approved_at = d.at;
    for (auto at = open.events.rbegin(); at != open.events.rend(); ++at) {
        const auto* copy = at->detail ? std::get_if<CopyCompared>(&*at->detail) : nullptr;
        if (copy && copy->approved == open.content) return at->at >= approved_at ? copy : nullptr;
    }
    return nullptr;
}

bool is_accepted(const CopyCompared* copy) {
    return copy &&
           (copy->verdict == CountersignedVerdict::Agrees || !copy->accepted_because.empty());
}

JudgedEvent judge_move(const OpenCase& open, const CaseStates& states, const std::string& move,
                       const std::string& reason) {
    const CaseMove* known = states.move(move);
    if (!known || known->by != MovedBy::Officer)
        return against(Refusal::Kind::NotThere, Message("refusal.no_such_move"));
    if (open.purged) return against(Refusal::Kind::Conflict, Message("refusal.purged"));
    const auto to = states.after(move, open.line.status);
    if (!to)
        return against(Refusal::Kind::Conflict,
                       Message("refusal.move_not_allowed",
                               {{"status", Message("status." + open.line.status)}}));
    for (const MoveNeed need : known->needs)
        if (Message lacking = lacking_for(open, need); !lacking.empty())
            return not_allowed(std::move(lacking));
    if (reason.size() > kMostTextBytes) return not_allowed(Message("refusal.reason_too_long"));
    return CaseEventDetail(CaseMoved{move, open.line.status, *to, reason});
}

JudgedEvent judge_note(const std::string& text) {
    if (text.find_first_not_of(" \r\n\t") == std::string::npos)
        return not_allowed(Message("refusal.note_empty"));
    if (text.size() > kMostTextBytes) return not_allowed(Message("refusal.note_too_long"));
    return CaseEventDetail(CaseNoted{text});
}

JudgedEvent judge_number(const std::string& number) {
    if (number.empty()) return CaseEventDetail(CaseNumbered{});
    const auto parsed = parse_case_number(number);
    if (!parsed) return not_allowed(Message("refusal.bad_case_number"));
    return CaseEventDetail(CaseNumbered{parsed->written});
}

JudgedEvent judge_data_set(const OpenCase& open, const DataSetKinds& kinds, DataSetAdded added) {
    if (open.purged) return against(Refusal::Kind::Conflict, Message("refusal.purged"));
    if (!data_set_kind(kinds, added.data_set))
        return against(Refusal::Kind::NotThere, Message("refusal.no_such_data_set"));
    for (CasePerson* person : {&added.owner, &added.support})
        if (Message fault = fault_of(*person); !fault.empty()) return not_allowed(std::move(fault));
    return CaseEventDetail(std::move(added));
}

JudgedEvent judge_removal(const OpenCase& open, const DataSetRemoved& removed) {
    if (!has_data_set(open, removed.data_set))
        return against(Refusal::Kind::NotThere, Message("refusal.no_such_data_set"));
    if (removed.reason.size() > kMostTextBytes)
        return not_allowed(Message("refusal.reason_too_long"));
    return CaseEventDetail(removed);
}

JudgedEvent judge_credentials(const OpenCase& open, const std::vector<CasePerson>& contacts,
                              CredentialsSent sent) {
    if (open.purged) return against(Refusal::Kind::Conflict, Message("refusal.purged"));
    if (!has_data_set(open, sent.data_set))
        return against(Refusal::Kind::NotThere, Message("refusal.no_such_data_set"));
    const auto contact =
        std::find_if(contacts.begin(), contacts.end(),
                     [&](const CasePerson& person) { return person.email == sent.to.email; });
    if (contact == contacts.end()) return not_allowed(Message("refusal.not_the_contact"));
    if (!is_iso_day(sent.on)) return not_allowed(Message("refusal.bad_date"));
    sent.to = *contact;
    return CaseEventDetail(std::move(sent));
}

}  // namespace avtalskoll::app
