#include "rules/tick_rule.h"

#include <gtest/gtest.h>

#include "rules/field_rule.h"
#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

constexpr TickMeasure kTicked{Tick::Ticked, 0.99, 2, 0}, kEmpty{Tick::Empty, 0.98, 0, 0},
    kDoubtful{Tick::Doubtful, 0, 0.1, 0}, kHardlyEmpty{Tick::Empty, 0.8, 0.1, 0};

FieldReport judged_boxes(const std::vector<TickMeasure>& boxes, int options, int most = 1) {
    Field field;
    field.id = field.label = "f";
    field.kind = options > 0 ? FieldKind::Choice : FieldKind::Checkbox;
    field.most_ticks = most;
    for (const char* label : {"Ja", "Nej", "Vet inte"})
        if (static_cast<int>(field.options.size()) < options) field.options.push_back({label, {}});
    FieldReading reading;
    reading.ticks = boxes;
    return judge_field(field, reading, rule_words());
}

TEST(TickRule, ABoxIsTickedEmptyOrDoubtful) {
    EXPECT_EQ(judged_boxes({kTicked}, 0).verdict, FieldVerdict::Ok);
    EXPECT_EQ(judged_boxes({kEmpty}, 0).verdict, FieldVerdict::Missing);
    EXPECT_EQ(judged_boxes({kEmpty}, 0).reason, "not_ticked");
    for (const TickMeasure& box : {kDoubtful, kHardlyEmpty}) {
        EXPECT_EQ(judged_boxes({box}, 0).verdict, FieldVerdict::Unclear);
        EXPECT_EQ(judged_boxes({box}, 0).reason, "doubtful_tick");
    }
}

TEST(TickRule, OneOptionOfAChoiceIsTicked) {
    const FieldReport no = judged_boxes({kEmpty, kTicked, kEmpty}, 3);
    EXPECT_EQ(no.verdict, FieldVerdict::Ok);
    EXPECT_EQ(no.value, "Nej");
    EXPECT_EQ(judged_boxes({kEmpty, kEmpty, kEmpty}, 3).reason, "not_ticked");
    const FieldReport both = judged_boxes({kTicked, kTicked, kEmpty}, 3);
    EXPECT_EQ(both.verdict, FieldVerdict::Invalid);
    EXPECT_EQ(both.reason, "several_ticked");
    EXPECT_EQ(both.value, "Ja; Nej");
}

TEST(TickRule, ADoubtfulOptionMakesTheWholeChoiceUnclear) {
    EXPECT_EQ(judged_boxes({kTicked, kDoubtful, kEmpty}, 3).verdict, FieldVerdict::Unclear);
    EXPECT_EQ(judged_boxes({kEmpty, kDoubtful, kEmpty}, 3).verdict, FieldVerdict::Unclear);
}

TEST(TickRule, AsManyAsTheFormAllowsMayBeTicked) {
    EXPECT_EQ(judged_boxes({kTicked, kTicked, kEmpty}, 3, 2).value, "Ja; Nej");
    EXPECT_EQ(judged_boxes({kTicked, kTicked, kEmpty}, 3, 2).verdict, FieldVerdict::Ok);
    EXPECT_EQ(judged_boxes({kTicked, kTicked, kTicked}, 3, 2).verdict, FieldVerdict::Invalid);
}

TEST(TickRule, ABoxThatWasNotMeasuredIsUnclear) {
    EXPECT_EQ(judged_boxes({}, 0).verdict, FieldVerdict::Unclear);
}

}  // namespace
}  // namespace avtalskoll::rules
