// Tells from all its words what a page is that matches no registered form, and finds values on it
// by headings and labels.
//
// Pure; safe from many threads.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "models/form.h"
#include "models/reading.h"

namespace avtalskoll::rules {

// The words by which letters and agreements are recognised (data/page_words.yaml), folded, without
// marks.
struct PageWords {
    std::vector<std::string> letter, agreement;
};

enum class StrangeKind {
    Unread,     // nobody has read it
    FormAlike,  // says what a registered form says, but does not look like it: another version,
                // retyped, cut, folded
    Letter,     // a cover letter or another letter
    OtherAgreement,  // an agreement that is none of the registered forms
    Other,           // plenty of words, and nothing of a form or an agreement in them
    Illegible,       // too little could be read to tell
};

struct StrangePage {
    StrangeKind kind = StrangeKind::Unread;
    int form = -1;  // FormAlike: whose words it has, index in the FormSet
};

// `page`: of kind Foreign or Unknown.
StrangePage tell_strange_page(const PageReading& page, const FormSet& forms,
                              const PageWords& words);

// True when more words of the page could make it another kind: what a quick look at it told is not
// enough. Pages that may be a form's are read whole, since values are taken from them.
bool needs_whole_reading(const PageReading& page, const FormSet& forms, const PageWords& words);

// True when the page is surely no page of a registered form: then it hides nothing that is asked
// for.
bool is_surely_another(const StrangePage& told, const PageReading& page);

// The value that stands beside or under a field's label, below the heading of its point.
struct FoundByLabel {
    std::string value;  // empty for a signature
    BoxShare box;       // of value or label, on the page as scanned
};
std::optional<FoundByLabel> find_by_label(const PageReading& page, const FormPoint& point,
                                          const Field& field);

}  // namespace avtalskoll::rules
