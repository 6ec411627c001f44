#include "rules/signature_rule.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

FieldReading place(double score, double ink_mm2, double type = 0, bool frame = false) {
    FieldReading reading;
    reading.signature = SignatureMeasure{{}, score, ink_mm2, type, frame};
    return reading;
}

TEST(SignatureRule, SureSignatureIsOk) { EXPECT_EQ(judge_signature(place(0.95, 60)).verdict, FieldVerdict::Ok); }
TEST(SignatureRule, DoubtIsForAPerson) { EXPECT_EQ(judge_signature(place(0.45, 60)).verdict, FieldVerdict::Unclear); }
TEST(SignatureRule, EmptyPlaceIsMissing) { EXPECT_EQ(judge_signature(place(0.02, 0)).reason, "empty"); }
TEST(SignatureRule, StampAloneIsNotASignature) {
    EXPECT_EQ(judge_signature(place(0.05, 80, 0.9, true)).verdict, FieldVerdict::Missing);
    EXPECT_EQ(judge_signature(place(0.05, 80, 0.9, true)).reason, "stamp_only");
}
TEST(SignatureRule, TypedNameIsNotASignature) { EXPECT_EQ(judge_signature(place(0.05, 20, 0.95)).reason, "typed_name"); }
TEST(SignatureRule, DirtIsNotASignature) { EXPECT_EQ(judge_signature(place(0.05, 2)).reason, "smudge"); }
TEST(SignatureRule, SignatureInTheOtherPartysPlaceIsMissing) {
    FieldReading reading = place(0.02, 0);
    reading.keep_empty = {SignatureMeasure{{}, 0.95, 60, 0, false}};
    EXPECT_EQ(judge_signature(reading).verdict, FieldVerdict::Missing);
    EXPECT_EQ(judge_signature(reading).reason, "wrong_place");
    EXPECT_GE(counter_signature_belief(reading), kCounterBelief);
}

}  // namespace
}  // namespace avtalskoll::rules
