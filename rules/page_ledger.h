// The page ledger: which form pages a submission holds, which are missing or doubled, and what the
// other pages are.
//
// Pure; safe from many threads.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "models/document_reading.h"
#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"
#include "rules/hand_ins.h"
#include "rules/strange_page.h"

namespace avtalskoll::rules {

// One agreement's pages: for each form page, the submission's pages that show it, best first.
struct LedgerEntry {
    int form = -1;                                       // index in the FormSet
    std::vector<std::vector<const PageReading*>> pages;  // [form_page - 1]
    std::set<int> in_other_version;  // form pages that are there, but in another version
    bool present() const;
    bool lacks_a_page() const;
};

// A page that is no registered form's, and its classification.
struct UnmatchedPage {
    const PageReading* page = nullptr;
    StrangePage classification;
};

struct PageLedger {
    std::vector<LedgerEntry> entries;  // a form id once: the version that most of its pages are on
    std::vector<UnmatchedPage> unmatched;  // in page order
    // True when a page cannot be told with confidence to be something else.
    bool has_unknown_page = false;
    bool only_unread_files = false;  // has_unknown_page holds for files alone that were not read
    // True when an agreement that is required or present lacks a page.
    bool lacking = false;
    // Blank, unknown and unreadable pages, mixed or withdrawn versions, pages that do not count.
    std::vector<Finding> findings;
    std::vector<ReplacedPage> replaced;

    // True when no agreement is there at all.
    bool is_empty() const;
    // True when none of the requirement's forms is there though one must be.
    bool lacks(const Requirement& requirement, const FormSet& forms,
               const std::optional<bool>& personal_data) const;
};

// True when a submission must hold this very form. `personal_data`: true when the data set holds
// some; unknown counts as yes.
bool is_required(const FormSet& forms, const std::string& form,
                 const std::optional<bool>& personal_data);
// True when a requirement names the form as one of several.
bool is_alternative(const FormSet& forms, const std::string& form);

// The agreements' pages among a submission's, and what is lacking. The ledger points to the pages.
PageLedger make_ledger(const FormSet& forms, const HandIns& hand_ins,
                       const std::optional<bool>& personal_data);

// Completes a ledger of these pages, those that count, by telling what the other pages are. Call it
// when all have been read as closely as they will be.
void complete_ledger(PageLedger& ledger, const Pages& pages, const FormSet& forms,
                     const PageWords& words);

}  // namespace avtalskoll::rules
