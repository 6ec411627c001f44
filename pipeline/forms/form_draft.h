// Drafts a form's definition from its blank: numbered points, what each asks for, and where.
//
// Pure; safe from many threads. Its doubts are in `doubts`: a person reads them and looks at the
// pictures of `avtalskoll form check`.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/page_text.h"
#include "ocr/document/blank_layout.h"
#include "ocr/reading/print_layout.h"

namespace avtalskoll::pipeline {

// The print of a blank's page, in points from its top left.
struct BlankContent {
    SizePt size;
    std::vector<PrintedWord> words;
    ocr::PrintLayout layout;
};

// The words by which labels show what is asked for (data/field_words.yaml).
struct FieldWords {
    struct Entry {
        std::string id;
        FieldKind kind = FieldKind::Text;
        std::vector<std::string> words;  // folded, without marks
    };
    std::vector<Entry> fields;
    std::vector<std::string> beside_signature;  // lines beside a signature that nobody checks
    std::vector<std::string> annex, numbered, parts, version;
    std::vector<std::string> prompts;  // by which word processors ask for a text
    std::vector<std::string> own_side, other_side;
    std::string untitled_point;  // the title of a point without one
};

struct DraftField {
    Field field;
    std::string acroform;  // empty: the place is a box
    std::string column;    // the head of its column in a table; may be empty
    // What a person should look at: English clauses, without the place.
    std::vector<std::string> doubts;
};

struct DraftPoint {
    std::string number;
    std::string title;
    std::vector<DraftField> fields;
};

struct FormDraft {
    std::string title;                // the largest print on the first page
    std::string version;              // as printed; empty: not found
    bool counterparty_found = false;  // the counterparty that was given stands over a signature
    std::vector<DraftPoint> points;   // those that ask for something
    std::vector<std::string> doubts;  // English sentences, each with its page
};

// `layout`: the blank's AcroForm fields. `counterparty`: who signs for the other side;
// empty: to be guessed.
FormDraft draft_form(const std::vector<BlankContent>& pages, const ocr::BlankLayout& layout,
                     const FieldWords& words, const std::string& counterparty);

}  // namespace avtalskoll::pipeline
