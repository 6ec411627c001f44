#include "app/web/deciding.h"

#include "app/store/case_store.h"

namespace avtalskoll::app::web {

std::optional<Refusal> decide(const Visit& visit, const OpenCase& open,
                              const DecisionRequest& request) {
    const auto judged = judge_request(open, {*visit.forms, visit.services.words}, request);
    if (const auto* refusal = std::get_if<Refusal>(&judged)) return *refusal;
    switch (visit.services.cases.decide(open, std::get<Decision>(judged), request.letter)) {
        case Outcome::Done: return std::nullopt;
        case Outcome::Changed: return changed_since();
        case Outcome::Claimed: break;
    }
    return claimed_by_another(open);
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
