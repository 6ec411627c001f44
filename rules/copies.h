// Chooses which of several copies of a form page counts, and finds the fields in which the copies
// contradict each other.
//
// The signature and the values must come from one paper that a hand signed. So a signed copy counts
// before an unsigned one, a page of a file that holds the agreement's signature before one that
// lies beside it, and then the fuller one. Pure; safe from many threads.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "models/reading.h"
#include "models/report.h"

namespace avtalskoll::rules {

// A copy of a form page, judged.
struct JudgedCopy {
    const PageReading* page = nullptr;
    std::vector<const FieldReading*> readings;  // of the version's fields
    std::vector<FieldReport> fields;            // as readings
};

// The relation of a copy to the one that counts.
enum class CopyRelation {
    Same,         // says the same
    Lesser,       // its unsigned or less filled-in form
    Contradicts,  // says something else in a field at least
};

struct OtherCopy {
    const PageReading* page = nullptr;
    CopyRelation relation = CopyRelation::Same;
};

struct ChosenCopy {
    JudgedCopy copy;                // fields that others contradict are Unclear, `copies_differ`
    std::vector<OtherCopy> others;  // best first
};

// The files in which a page of these holds a signature by hand.
std::set<std::string> files_signed_by_hand(
    const std::vector<std::vector<JudgedCopy>>& copies_of_pages);

// `copies` of one page, at least one; `signed_files` as files_signed_by_hand() says.
ChosenCopy choose_copy(std::vector<JudgedCopy> copies, const std::set<std::string>& signed_files);

}  // namespace avtalskoll::rules
