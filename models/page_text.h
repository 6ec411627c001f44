// What a page's file says of it beside its pixels: typed words, filled-in fields. Plain values; safe from many threads.
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

struct PageText {
    SizePt size;                     // of the page as shown
    std::vector<PrintedWord> words;  // in the file's order
    std::vector<TypedField> fields;
    double picture_share = 0;  // of the page's area, the sum of its pictures': a scan may be stored in strips or layers

    // Whether the words are what the page shows. Words behind a picture of the page are some scanner's reading of it.
    bool is_born_digital() const { return (!words.empty() || !fields.empty()) && picture_share < 0.5; }
};

// The document since it was signed. Partial: bytes of the file lie outside of what was signed, as after a later change.
enum class SignatureValidity { Unchanged, Changed, Partial, Unchecked };

// A signature made by a certificate, not by hand.
struct DigitalSignature {
    std::string signer;  // as in the certificate; may be empty
    std::string time;    // ISO 8601, UTC; may be empty
    SignatureValidity validity = SignatureValidity::Unchecked;
    bool time_stamp = false;  // tells when the document was there; no person signed with it
};

}  // namespace avtalskoll
