// Judges a signature place from what its ink is believed to be, and the ink in the places that must
// stay empty.
//
// Pure; safe from many threads.
#pragma once
#include <string>

#include "models/reading.h"
#include "models/report.h"
#include "rules/caution.h"

namespace avtalskoll::rules {

struct SignatureVerdict {
    FieldVerdict verdict = FieldVerdict::Unclear;
    double confidence = 0;
    std::string reason;
};

// `reading.signature` must be set.
SignatureVerdict judge_signature(const FieldReading& reading, const Caution& caution = {});

// Belief, 0..1, that a hand signed in one of the other party's places; 0 when the field names none.
double counter_signature_belief(const FieldReading& reading);

// Set on 2,500 simulated places of hands that the judge had not seen (seed 4411): 0 of 397 typed
// names, 1 of 463 stamps, 1 of 143 smudges and none of 353 empty places passed the first two; 4 of
// 619 signatures, nearly gone under other ink, fell to the third (docs/accuracy.md).
inline constexpr double kSignedBelief = 0.70;      // at least: signed, if the next holds, too
inline constexpr double kRivalBelief = 0.12;       // at most, in anything else but a mark by hand
inline constexpr double kUnsignedBelief = 0.10;    // at most: not signed; in between a person looks
inline constexpr double kUnderStampBelief = 0.03;  // the same where a stamp may hide a hand
inline constexpr double kCounterBelief = 0.5;      // at least: the other party seems to have signed

}  // namespace avtalskoll::rules
