// Takes an uploaded form in as a submission: what the upload page and the API share.
#pragma once
#include <string>

#include "app/store.h"
#include "app/web/multipart.h"
#include "app/web/site.h"

namespace avtalskoll::app::web {

struct TakenIn {
    std::string id;       // empty: refused
    bool known = false;   // the same was taken in before, under this id
    std::string trouble;  // Swedish, when refused
    bool forbidden = false;
};

// The fields are id, personuppgifter (ja, nej or nothing), organisationsnummer, and csrf for a session. What is wrong with the form is told;
// throws Error{Io} when it cannot be kept.
TakenIn take_in(const Visit& visit);

}  // namespace avtalskoll::app::web
