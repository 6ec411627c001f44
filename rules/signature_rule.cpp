#include "rules/signature_rule.h"

#include <algorithm>

namespace avtalskoll::rules {
namespace {

std::string why_unsigned(const SignatureMeasure& ink) {
    constexpr double kNothing_mm2 = 0.5;
    constexpr double kType = 0.75;
    if (ink.ink_mm2 < kNothing_mm2) return "empty";
    if (ink.frame) return "stamp_only";
    if (ink.printed_words >= kType) return "typed_name";
    return "smudge";
}

}  // namespace

double counter_signature_belief(const FieldReading& reading) {
    double belief = 0;
    for (const SignatureMeasure& other : reading.keep_empty) belief = std::max(belief, other.signed_score);
    return belief;
}

SignatureVerdict judge_signature(const FieldReading& reading) {
    const SignatureMeasure& ink = *reading.signature;
    if (ink.signed_score >= kSignedBelief) return {FieldVerdict::Ok, ink.signed_score, ""};
    if (ink.signed_score > kUnsignedBelief) return {FieldVerdict::Unclear, 0.6, "doubtful_signature"};
    const bool elsewhere = counter_signature_belief(reading) >= kSignedBelief;
    return {FieldVerdict::Missing, 1 - ink.signed_score, elsewhere ? "wrong_place" : why_unsigned(ink)};
}

}  // namespace avtalskoll::rules
