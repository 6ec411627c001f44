#include "rules/signature_rule.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/form_fixture.h"

namespace avtalskoll::rules {
namespace {

FieldReading place(PlaceInk ink, double belief) {
    FieldReading reading;
    reading.signature = judged_ink(ink, belief);
    return reading;
}

SignatureVerdict judged(PlaceInk ink, double belief) { return judge_signature(place(ink, belief)); }

TEST(SignatureRule, SureSignatureIsOk) {
    EXPECT_EQ(judged(PlaceInk::Signature, 0.99).verdict, FieldVerdict::Ok);
}
TEST(SignatureRule, DoubtIsForAPerson) {
    EXPECT_EQ(judged(PlaceInk::Signature, 0.45).verdict, FieldVerdict::Unclear);
}
TEST(SignatureRule, WhatMayAsWellBeAStampIsForAPerson) {
    FieldReading reading = place(PlaceInk::Signature, 0.83);
    reading.signature->beliefs = {};
    reading.signature->beliefs[static_cast<std::size_t>(PlaceInk::Signature)] = 0.83;
    reading.signature->beliefs[static_cast<std::size_t>(PlaceInk::Stamp)] = 0.17;
    EXPECT_EQ(judge_signature(reading).verdict, FieldVerdict::Unclear);
}
TEST(SignatureRule, InitialsOrATickAreForAPerson) {
    EXPECT_EQ(judged(PlaceInk::Mark, 0.98).verdict, FieldVerdict::Unclear);
}
TEST(SignatureRule, WhatIsNoSignatureIsMissingAndSaidWhy) {
    const std::map<PlaceInk, std::string> reasons{{PlaceInk::Nothing, "empty"},
                                                  {PlaceInk::Dirt, "smudge"},
                                                  {PlaceInk::Type, "typed_name"},
                                                  {PlaceInk::Stamp, "stamp_only"}};
    for (const auto& [ink, reason] : reasons) {
        EXPECT_EQ(judged(ink, 0.98).verdict, FieldVerdict::Missing) << reason;
        EXPECT_EQ(judged(ink, 0.98).reason, reason);
    }
}
TEST(SignatureRule, AStampMayHideAHand) {
    FieldReading reading = place(PlaceInk::Stamp, 0.98);
    for (const auto& [ink, verdict] : {std::pair(PlaceInk::Stamp, FieldVerdict::Unclear),
                                       std::pair(PlaceInk::Type, FieldVerdict::Missing)}) {
        reading.signature->beliefs = {};
        reading.signature->beliefs[static_cast<std::size_t>(ink)] = 0.94;
        reading.signature->beliefs[static_cast<std::size_t>(PlaceInk::Signature)] = 0.06;
        EXPECT_EQ(judge_signature(reading).verdict, verdict);
    }
}
TEST(SignatureRule, SignatureInTheOtherPartysPlaceIsMissing) {
    FieldReading reading = place(PlaceInk::Nothing, 0.98);
    reading.keep_empty = {judged_ink(PlaceInk::Signature, 0.98)};
    EXPECT_EQ(judge_signature(reading).verdict, FieldVerdict::Missing);
    EXPECT_EQ(judge_signature(reading).reason, "wrong_place");
    EXPECT_GE(counter_signature_belief(reading), kCounterBelief);
}

}  // namespace
}  // namespace avtalskoll::rules
