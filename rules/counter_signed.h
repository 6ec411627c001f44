// Judges a counter-signed copy: is each page the approved one, have both parties signed, is any
// page lacking, added or of another version.
//
// Pure; safe from many threads. Never sees a pixel.
#pragma once
#include <vector>

#include "models/counter_signing.h"
#include "models/document_reading.h"
#include "models/form.h"
#include "models/reading.h"
#include "rules/caution.h"

namespace avtalskoll::rules {

// A page of the copy beside the approved page of the same form page. `form` is the index in the
// FormSet.
struct PageCase {
    const FormSet& forms;
    int form = -1;
    const ApprovedAgreement& agreement;
    const PageReading& approved;
    const PageReading& copy;
    const PageComparison& comparison;
};

// The verdict on the copy's page, with every difference that a person must see.
ComparedPage judge_compared_page(const ApprovedPage& page, const PageCase& given);

// The places of both parties on a page of the copy, which was compared with this result. What is
// the same as an officer approved is the sender's signature.
std::vector<SignedPlace> judge_signed_places(const FormSet& forms, int form,
                                             const PageReading& copy, const ComparedPage& page,
                                             const Caution& caution);

// Adds findings on the copy's pages that are no page of an approved agreement. `used`: those that
// are.
void note_other_pages(const FormSet& forms, const Pages& all, const Pages& used,
                      const std::vector<ApprovedAgreement>& approved,
                      std::vector<Finding>& findings);

// Adds the findings on lacking pages and signatures, and sets the agreement's flags.
void conclude_agreement(CountersignedAgreement& agreement, std::vector<Finding>& findings);

// The verdict that agreements and findings add up to.
CountersignedVerdict verdict_of(const CountersignedResult& result);

}  // namespace avtalskoll::rules
