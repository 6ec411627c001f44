// The comparison of a counter-signed copy with the agreement that was approved: what it needs, what
// was measured, and what was judged.
//
// Plain values; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/field_place.h"
#include "models/geometry.h"
#include "models/message.h"
#include "models/report.h"
#include "models/submission.h"

namespace avtalskoll {

// A page of the submission that counted when the agreement was approved.
struct ApprovedPage {
    int form_page = 0;   // from 1
    SubmittedFile file;  // the original, where it can be opened
    int page = 0;        // of the file, from 1
};

// A value that counted: as it was read, or as an officer corrected it.
struct ApprovedValue {
    FieldPlace place;
    std::string value;
};

struct ApprovedAgreement {
    std::string form;                 // id
    std::string version;              // as its form says it
    std::vector<ApprovedPage> pages;  // each form page once; one that was never there is left out
    std::vector<ApprovedValue> values;
};

// The ways in which two pictures of one page may differ in a spot.
enum class DifferenceKind {
    AddedInk,      // only the copy has it
    LostInk,       // only the approved page has it
    ChangedInk,    // both have ink there, of another shape
    ChangedValue,  // the pictures may be alike, but the value reads otherwise
};

// A spot in which the pictures of two pages differ: a measurement.
struct InkDifference {
    DifferenceKind kind = DifferenceKind::ChangedInk;
    BoxPt box;             // on the form's page
    BoxShare on_approved;  // the same on the approved page, as a viewer shows it
    BoxShare on_copy;      // and on the copy's
    double area_mm2 = 0;   // ink without a counterpart
    double strength = 0;  // its contrast summed up: mm² of full ink; thin or faint ink counts less
    double peak = 0;      // 0..1: how surely the spot differs at its clearest point
    bool expected = false;  // added ink in the other party's places
};

// Two pictures of one form page compared.
struct PageComparison {
    Message trouble;                         // why the pictures cannot be compared; empty: they can
    double noise = 0;                        // how far ink that is alike differs, 0..1
    double reach = 0;                        // share of the approved page's ink that was compared
    std::vector<InkDifference> differences;  // the strongest first
};

// A difference as a person is shown it.
struct PageDifference {
    DifferenceKind kind = DifferenceKind::ChangedInk;
    BoxShare on_approved;  // shares of the page, as a viewer shows it
    BoxShare on_copy;
    double strength = 0;    // as InkDifference::strength; 0 of a value that only reads otherwise
    FieldPlace place = {};  // of the field in whose place it lies; empty: beside all fields
    bool seen = false;      // the pictures differ
    bool read = false;      // the readings differ
    Message message = {};
};

enum class PageVerdict {
    Same,
    Differs,
    NotComparable,  // `reason` says why: a person compares
};

// A form page of the approved agreement and the page of the copy that shows it.
struct ComparedPage {
    ApprovedPage approved;
    std::string copy_file = {};  // empty: the copy lacks the page
    int copy_page = 0;           // of the copy's file, from 1; 0: the copy lacks the page
    PageVerdict verdict = PageVerdict::NotComparable;
    Message reason = {};  // of NotComparable, and of a page that is lacking
    std::vector<PageDifference> differences = {};  // the strongest first
};

// A place to sign in, as the copy shows it.
struct SignedPlace {
    FieldPlace place;          // of the signature field that the place belongs to
    bool counterpart = false;  // the other party's place
    FieldVerdict verdict = FieldVerdict::Unclear;  // Ok: signed by hand; Missing: not signed
    BoxShare on_copy;                              // of the field that the place belongs to
};

enum class CountersignedVerdict {
    Agrees,   // every page is the approved one, and both parties have signed
    Differs,  // something is surely otherwise
    Unsure,   // nothing is surely otherwise, and not all could be compared
};
const char* to_string(CountersignedVerdict verdict);
std::optional<CountersignedVerdict> parse_countersigned_verdict(std::string_view name);
const char* to_string(PageVerdict verdict);
const char* to_string(DifferenceKind kind);

struct CountersignedAgreement {
    std::string form, version, title;
    std::vector<ComparedPage> pages;  // by form page
    std::vector<SignedPlace> signatures;
    bool sender_signed = false;       // every place of the sender's is signed in the copy
    bool counterpart_signed = false;  // every place of the other party's is
};

struct CountersignedResult {
    CountersignedVerdict verdict = CountersignedVerdict::Unsure;
    std::vector<CountersignedAgreement> agreements;
    // Pages that are lacking, added or of another version, and signatures. Error: surely otherwise;
    // Review: a person looks; Info: no matter.
    std::vector<Finding> findings;
};

}  // namespace avtalskoll
