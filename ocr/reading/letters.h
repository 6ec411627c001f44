// Which letters may stand in a value, and beside each other.
//
// Internal to ocr/. Pure; safe from many threads.
#pragma once
#include "models/form.h"

namespace avtalskoll::ocr {

// True when `next` may follow `before` (0: it is the first) in a value of `kind`, right or wrong.
// What the kind forbids is left out, not replaced: where the writing shows such a letter, no text
// that may be written is sure.
bool may_follow(FieldKind kind, char32_t before, char32_t next);

}  // namespace avtalskoll::ocr
