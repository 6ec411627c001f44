// Tells whose signature a form asks for, where several are to be given. Internal to
// pipeline/forms/.
#pragma once
#include <string>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

// Among several signatures in a point one is to be given; the others are the other side's and stay
// empty. `counterparty`: the other side's name; empty: to be guessed. Pure.
void settle_sides(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
                  const std::string& counterparty);

// True when a label asks for nothing that is checked (a date, a place).
bool is_not_asked(const std::string& bare_label, const FieldWords& words);

}  // namespace avtalskoll::pipeline
