// The facts that a page's file gives beside its pixels: typed words, filled-in fields. Plain
// values; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/geometry.h"

namespace avtalskoll {

// Boxes in points from the top left of the page as a viewer shows it.
struct PrintedWord {
    BoxPt box;
    std::string text;    // UTF-8
    double size_pt = 0;  // of its letters
    bool bold = false;
};

// A fillable text field of the file and what was typed into it.
struct TypedField {
    BoxPt box;
    std::string value;  // UTF-8; may be empty
};

// Ink on a scanned page that was not on its paper: an annotation, a picture that was laid over the
// scan, something drawn on it.
struct ScreenInk {
    BoxPt box;
    double ink_mm2 = 0;
    bool annotation = false;
};

struct PageText {
    SizePt size;                     // of the page as shown
    std::vector<PrintedWord> words;  // in the file's order; those that a viewer sees
    std::vector<TypedField> fields;
    double scan_share = 1;  // of the page's ink, the share from pictures of paper
    std::vector<ScreenInk> screen_ink;

    // True when the page was drawn, not printed and scanned. Then its words are what it shows, and
    // no hand wrote on it.
    bool is_born_digital() const { return scan_share < 0.5; }
};

// The state of the document since it was signed. Partial: some bytes of the file were not signed,
// as after a later change.
enum class SignatureValidity { Unchanged, Changed, Partial, Unchecked };

// A signature made by a certificate, not by hand.
struct DigitalSignature {
    std::string signer;  // as in the certificate; may be empty
    std::string time;    // ISO 8601, UTC; may be empty
    SignatureValidity validity = SignatureValidity::Unchecked;
    bool time_stamp = false;  // shows when the document existed; no person signed with it
};

}  // namespace avtalskoll
