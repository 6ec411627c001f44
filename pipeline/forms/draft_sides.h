// Tells whose signatures a form asks for, where several are to be given. Internal to
// pipeline/forms/.
#pragma once
#include <string>

#include "pipeline/forms/blank_print.h"

namespace avtalskoll::pipeline {

// Signatures of those who fill the form in are asked for, each for itself; those of the other side
// stay empty. `counterparty`: the other side's name; empty: to be guessed. Pure.
void settle_sides(FormDraft& draft, const BlankPrint& print, const FieldWords& words,
                  const std::string& counterparty);

}  // namespace avtalskoll::pipeline
