// The page ledger: which form pages a submission holds, which are missing or doubled, and what the other pages are.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"

namespace avtalskoll::rules {

// One agreement's pages: for each form page, the submission's pages that show it, best first.
struct LedgerEntry {
    int form = -1;                                       // index in the FormSet
    std::vector<std::vector<const PageReading*>> pages;  // [form_page - 1]
    bool present() const;
};

struct PageLedger {
    std::vector<LedgerEntry> entries;  // a form id once: the version that most of its pages are on
    bool has_unknown_page = false;     // a page that cannot be told with confidence to be something else
    std::vector<Finding> findings;     // blank, unknown and unreadable pages, mixed or withdrawn versions
};

// `pages` in page order; the ledger points into it.
PageLedger make_ledger(const FormSet& forms, const std::vector<PageReading>& pages);

}  // namespace avtalskoll::rules
