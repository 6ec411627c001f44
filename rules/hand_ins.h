// The pages that count when a sender handed files in more than once: of each form page the newest
// that holds something.
//
// A later hand-in fills the gaps of the earlier ones. Its page takes the place of the earlier page
// whole, since values and signature must stand on one paper. Files of another organisation replace
// nothing. Pure; safe from many threads.
#pragma once
#include <vector>

#include "models/document_reading.h"
#include "models/form.h"
#include "models/report.h"
#include "rules/rule_words.h"

namespace avtalskoll::rules {

// A form page that counts no more, and the newer one in its place.
struct ReplacedPage {
    const PageReading* page = nullptr;
    const PageReading* by = nullptr;
};

struct HandIns {
    Pages counting;  // of all pages, those that the ledger is made of
    std::vector<ReplacedPage> replaced;
    std::vector<Finding> findings;  // one for each page that does not count
};

// `pages` of all hand-ins, to which the result points. With one hand-in all of them count.
HandIns settle_hand_ins(const Pages& pages, const FormSet& forms, const RuleWords& words);

}  // namespace avtalskoll::rules
