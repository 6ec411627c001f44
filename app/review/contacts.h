// The contact persons that a case's agreements name. Pure; safe from many threads.
#pragma once
#include <vector>

#include "app/review/case_event.h"
#include "app/review/review.h"

namespace avtalskoll::app {

// From every agreement that counts: of each point with an e-mail address that is in order, the
// address, the person's name and the telephone number beside it, as far as these are in order. In
// the agreements' order, each address once.
std::vector<CasePerson> contacts_of(const Review& review);

}  // namespace avtalskoll::app
