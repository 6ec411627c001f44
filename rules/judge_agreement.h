// One agreement of a submission: its pages, the verdict on each of its fields, and what is to be
// said of it.
//
// Pure; safe from many threads.
#pragma once
#include <map>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/report.h"
#include "rules/caution.h"
#include "rules/page_ledger.h"
#include "rules/rule_words.h"

namespace avtalskoll::rules {

// Files that bear a digital signature (true) or a mere time stamp (false).
using MarkedFiles = std::map<std::string, bool>;

struct AgreementCase {
    const FormSet& forms;
    const LedgerEntry& entry;
    const PageLedger& ledger;
    const MarkedFiles& marked_files;
    bool required = false;
    const RuleWords& words;
    Caution caution;
};

// Adds to `findings`.
AgreementReport judge_agreement(const AgreementCase& given, std::vector<Finding>& findings);

}  // namespace avtalskoll::rules
