// Judges boxes to tick: a box alone, or a choice of several.
//
// Pure; safe from many threads.
#pragma once
#include "models/form.h"
#include "models/reading.h"
#include "models/report.h"
#include "rules/caution.h"

namespace avtalskoll::rules {

// `reading.ticks` is of the field: one for a box, one for each option of a choice. Sets verdict,
// confidence, reason and message; the value of a choice are the labels that are ticked, parted by
// "; ". A doubtful box makes the whole unclear.
void judge_ticks(FieldReport& report, const Field& field, const FieldReading& reading,
                 const Caution& caution);

}  // namespace avtalskoll::rules
