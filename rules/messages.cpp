#include "rules/messages.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace avtalskoll::rules {
namespace {

// The codes that have a sentence of their own: "reason." and the code is its key.
constexpr std::array<std::string_view, 45> kReasons{
    "empty",
    "hint_only",
    "page_missing",
    "agreement_missing",
    "page_unknown",
    "file_not_read",
    "other_version",
    "found_by_label",
    "check_digit",
    "format",
    "too_short",
    "unassigned",
    "short_number",
    "several_values",
    "unusual_form",
    "not_read",
    "copies_differ",
    "stamp_only",
    "typed_name",
    "smudge",
    "wrong_place",
    "digitally_signed",
    "time_stamp_only",
    "pasted_signature",
    "annotation_ink",
    "page_damaged",
    "file_differs",
    "doubtful_signature",
    "handwritten",
    "crossed_out",
    "refers_to_annex",
    "conflicts_with_name",
    "repaired_by_name",
    "repaired_by_organisation",
    "low_confidence",
    "misplaced_page",
    "not_ticked",
    "doubtful_tick",
    "several_ticked",
    "no_such_date",
    "short_year",
    "date_lacking",
    "place_lacking",
    "out_of_bounds",
    "condition_unclear",
};

}  // namespace

Message message_for(const std::string& reason, const std::string& label) {
    if (reason.empty()) return {};
    const bool known = std::find(kReasons.begin(), kReasons.end(), reason) != kReasons.end();
    return known ? Message("reason." + reason, {{"label", label}})
                 : Message("reason.otherwise", {{"label", label}});
}

}  // namespace avtalskoll::rules
