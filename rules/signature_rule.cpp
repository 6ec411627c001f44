#include "rules/signature_rule.h"

#include <algorithm>

namespace avtalskoll::rules {
namespace {

PlaceInk likeliest(const SignatureMeasure& ink) {
    const auto most = std::max_element(ink.beliefs.begin(), ink.beliefs.end());
    return static_cast<PlaceInk>(most - ink.beliefs.begin());
}

std::string why_unsigned(const SignatureMeasure& ink) {
    switch (likeliest(ink)) {
        case PlaceInk::Nothing: return "empty";
        case PlaceInk::Type: return "typed_name";
        case PlaceInk::Stamp: return "stamp_only";
        default: return "smudge";
    }
}

}  // namespace

double counter_signature_belief(const FieldReading& reading) {
    double belief = 0;
    for (const SignatureMeasure& other : reading.keep_empty)
        belief = std::max(belief, other.belief(PlaceInk::Signature));
    return belief;
}

SignatureVerdict judge_signature(const FieldReading& reading, const Caution& caution) {
    const SignatureMeasure& ink = *reading.signature;
    const double by_hand = ink.belief(PlaceInk::Signature) + ink.belief(PlaceInk::Mark);
    double rival = 0;
    for (const PlaceInk other :
         {PlaceInk::Nothing, PlaceInk::Dirt, PlaceInk::Type, PlaceInk::Stamp})
        rival = std::max(rival, ink.belief(other));
    if (ink.belief(PlaceInk::Signature) >= caution.least(kSignedBelief) &&
        rival <= caution.most(kRivalBelief))
        return {FieldVerdict::Ok, ink.belief(PlaceInk::Signature), ""};
    const bool stamped = likeliest(ink) == PlaceInk::Stamp;
    if (by_hand > caution.most(stamped ? kUnderStampBelief : kUnsignedBelief))
        return {FieldVerdict::Unclear, 0.6, "doubtful_signature"};
    const bool elsewhere = counter_signature_belief(reading) >= kSignedBelief;
    return {FieldVerdict::Missing, 1 - by_hand, elsewhere ? "wrong_place" : why_unsigned(ink)};
}

}  // namespace avtalskoll::rules
