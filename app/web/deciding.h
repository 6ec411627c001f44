// From a request to a decision that is written.
#pragma once
#include <optional>
#include <string>

#include "app/mail/mail.h"
#include "app/review/case_policy.h"
#include "app/review/decision_policy.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

// Judges and writes in one step; nullopt: it is written. `open` must be freshly read. Throws
// Error{Io}.
// `mail`: to be sent with a request for completion.
std::optional<Refusal> decide(const Visit& visit, const OpenCase& open,
                              const DecisionRequest& request, const std::optional<Mail>& mail = {});

// Writes an event of the case that was judged, and mail that goes with it; nullopt: it is written.
// Throws Error{Io}.
std::optional<Refusal> add_event(const Visit& visit, const OpenCase& open,
                                 const JudgedEvent& judged, const std::optional<Mail>& mail = {});

// The finding that a form or a call names; nullopt: it names none.
std::optional<FindingPlace> finding_asked(const std::string& text);

// Of HTTP: 404, 409, 422.
int status_of(Refusal::Kind kind);

}  // namespace avtalskoll::app::web
