#include "app/web/deciding.h"

#include "app/review/case_rules.h"
#include "app/store/case_store.h"

namespace avtalskoll::app::web {

std::optional<Refusal> decide(const Visit& visit, const OpenCase& open,
                              const DecisionRequest& request, const std::optional<Mail>& mail) {
    const auto judged = judge_request(
        open, {*visit.forms, visit.services.words, visit.services.rules.states}, request);
    if (const auto* refusal = std::get_if<Refusal>(&judged)) return *refusal;
    switch (
        visit.services.cases.decide(open, std::get<Decision>(judged),
                                    {request.letter, request.answer_by, request.letter_to, mail})) {
        case Outcome::Done: return std::nullopt;
        case Outcome::Changed: return changed_since();
        case Outcome::NumberTaken:
        case Outcome::Claimed: break;
    }
    return claimed_by_another(open);
}

std::optional<Refusal> add_event(const Visit& visit, const OpenCase& open,
                                 const JudgedEvent& judged, const std::optional<Mail>& mail) {
    if (const auto* refusal = std::get_if<Refusal>(&judged)) return *refusal;
    const auto& event = std::get<CaseEventDetail>(judged);
    switch (visit.services.cases.add_with_mail(open, event, mail, visit.who.name)) {
        case Outcome::Done: return std::nullopt;
        case Outcome::Changed: return changed_since();
        case Outcome::Claimed: return claimed_by_another(open);
        case Outcome::NumberTaken: break;
    }
    return Refusal{
        Refusal::Kind::Conflict,
        Message("refusal.number_taken", {{"number", std::get<CaseNumbered>(event).number}})};
}

std::optional<FindingPlace> finding_asked(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(finding_place_from(text));
}

int status_of(Refusal::Kind kind) {
    switch (kind) {
        case Refusal::Kind::NotThere: return 404;
        case Refusal::Kind::Conflict: return 409;
        case Refusal::Kind::NotAllowed: break;
    }
    return 422;
}

}  // namespace avtalskoll::app::web
