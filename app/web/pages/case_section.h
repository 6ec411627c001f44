// The part of a case's page that is about the case itself: its state and moves, number, notes, data
// sets, credentials.
#pragma once
#include <optional>

#include "app/http/http.h"
#include "app/review/case.h"
#include "app/review/decision_policy.h"
#include "app/review/review.h"
#include "app/web/html.h"
#include "app/web/visit.h"

namespace avtalskoll::app::web {

// Adds to the page's data what the template's part `ärendet` shows.
void set_case_section(Data& data, const Visit& visit, const OpenCase& open, const Review& review);

// Adds to an agreement's data whether the case needs it, and which of its pages came again.
void set_frame(Data& data, const Visit& visit, const Review& review,
               const ReviewedAgreement& agreement, bool may_decide);

// The case's page as it is now, with what became of a change; after a change that was made, the
// browser goes there.
Response after_on_case(const Visit& visit, const std::optional<Refusal>& refusal);

}  // namespace avtalskoll::app::web
