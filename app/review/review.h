// A submission as officers see it: what the machine found, and over it what persons decided.
//
// A decision holds for the content that it was made on. When the machine is run again and then says
// something else than what the officer saw, the decision stays and the difference is shown. Pure;
// safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/review/case.h"
#include "models/form.h"
#include "models/report.h"

namespace avtalskoll::app {

struct ReviewedField {
    FieldPlace place;
    std::string label;
    FieldKind kind = FieldKind::Text;
    bool required = true;
    FieldVerdict found = FieldVerdict::Unclear;  // by the machine
    std::string found_value, reason, message;    // empty: none
    std::optional<Evidence> evidence;
    int rotation = 0;  // degrees clockwise that turn the evidence's page upright
    FieldVerdict verdict = FieldVerdict::Unclear;  // with what was decided
    std::string value;
    const Decision* decision = nullptr;  // that holds
    bool machine_changed = false;        // the machine found something else when that was decided

    bool in_order() const { return verdict == FieldVerdict::Ok; }
};

struct ReviewedPoint {
    std::string point, title;
    std::vector<ReviewedField> fields;
};

struct ReviewedPage {
    std::string file;
    int file_index = -1;  // in the submission's files
    int page = 0;
    std::string form, form_title;  // empty: of no form
    int form_page = 0;
    int rotation = 0;
    bool is_replaced = false;  // a page that came later counts in its place
};

// A page that came later, and those that it replaces; indices in Review::pages.
struct ReplacedPages {
    int form_page = 0, now = -1;
    std::vector<int> before;
};

struct ReviewedAgreement {
    std::string form, title, version;
    bool required = true, present = false;
    std::vector<ReviewedPoint> points;
    std::vector<int> missing_pages;
    std::vector<ReplacedPages> replaced;
    const Decision* set_aside = nullptr;  // the decision that the case does not need it
    bool needs_personal_data = false;     // it is required only where the data hold some

    // False: the case does not depend on it.
    bool counts() const { return required || (present && !set_aside); }
};

struct ReviewedFinding {
    FindingPlace place;
    std::string message;
    std::string file;  // its name; empty: of no file
    Severity severity = Severity::Info;
    const Decision* decision = nullptr;
    bool is_needed = true;  // false: on an agreement that the case does not need

    bool in_order() const { return severity == Severity::Info || decision || !is_needed; }
};

struct Review {
    std::vector<ReviewedAgreement> agreements;
    std::vector<ReviewedFinding> findings;
    std::vector<ReviewedPage> pages;  // of all files, in their order
    // The decision that the data hold no personal data; nullptr: as the sender says.
    const Decision* no_personal_data = nullptr;
    int open = 0;     // fields and findings that are not in order
    int unclear = 0;  // of these, fields that nobody has decided

    const ReviewedField* field(const FieldPlace& place) const;
    const ReviewedFinding* finding(const FindingPlace& place) const;
    const ReviewedAgreement* agreement(const std::string& form) const;
};

// `open` must outlive what is returned. `forms` gives labels and kinds; of a form that it does not
// hold, fields go by their ids. A case without a report has nothing to review. Throws
// Error{BadInput} when the report is none.
Review review_of(const OpenCase& open, const FormSet& forms);

}  // namespace avtalskoll::app
