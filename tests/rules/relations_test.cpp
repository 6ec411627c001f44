#include "rules/relations.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

FieldReport field(const char* id, FieldVerdict verdict, const char* value = nullptr,
                  FieldKind kind = FieldKind::Date) {
    FieldReport report;
    report.field = report.label = id;
    report.kind = kind;
    report.verdict = verdict;
    if (value) report.value = report.normalized = value;
    report.evidence = Evidence{"a.pdf", 1, {}};
    return report;
}

constexpr auto kOk = FieldVerdict::Ok, kMissing = FieldVerdict::Missing,
               kUnclear = FieldVerdict::Unclear;

struct Judged {
    AgreementReport agreement;
    std::vector<Finding> findings;
    const FieldReport& at(std::size_t i) const { return agreement.points[0].fields[i]; }
};

Judged judged(std::vector<FieldReport> fields, Relation relation) {
    Form form;
    form.id = "f";
    form.relations = {std::move(relation)};
    Judged result;
    result.agreement.points = {{"1", "Punkt", std::move(fields)}};
    judge_relations(form, result.agreement, result.findings);
    return result;
}

Relation relation(RelationKind kind, std::vector<FieldName> fields, int count = 1) {
    return {kind, std::move(fields), std::nullopt, "", count};
}

Relation required_if(const char* option = "") {
    return {RelationKind::RequiredIf, {{"1", "purpose"}}, FieldName{"1", "disclosed"}, option, 1};
}

FieldReport choice(FieldVerdict verdict, const char* value) {
    return field("disclosed", verdict, value, FieldKind::Choice);
}

TEST(RequiredIf, IsAskedForOnlyWhenTheConditionHolds) {
    const Judged yes = judged({choice(kOk, "Ja"), field("purpose", kMissing)}, required_if("Ja"));
    EXPECT_TRUE(yes.at(1).required);
    EXPECT_EQ(yes.at(1).verdict, kMissing);
    ASSERT_EQ(yes.findings.size(), 1U);
    EXPECT_EQ(yes.findings[0].code, "required_if");
    EXPECT_EQ(yes.findings[0].point, "1");
    const Judged no = judged({choice(kOk, "Nej"), field("purpose", kMissing)}, required_if("Ja"));
    EXPECT_FALSE(no.at(1).required);
    EXPECT_TRUE(no.findings.empty());
    EXPECT_FALSE(judged({choice(kMissing, nullptr), field("purpose", kMissing)}, required_if())
                     .at(1)
                     .required);
}

TEST(RequiredIf, IsUnclearWhenTheConditionIs) {
    const Judged unclear =
        judged({choice(kUnclear, "Ja"), field("purpose", kMissing)}, required_if("Ja"));
    EXPECT_TRUE(unclear.at(1).required);
    EXPECT_EQ(unclear.at(1).verdict, kUnclear);
    EXPECT_EQ(unclear.at(1).reason, "condition_unclear");
    // What is there needs no condition.
    EXPECT_EQ(
        judged({choice(kUnclear, "Ja"), field("purpose", kOk, "x")}, required_if()).at(1).verdict,
        kOk);
}

TEST(RequiredIf, APageThatIsNotThereTellsNothingOfTheCondition) {
    FieldReport gone = choice(kMissing, nullptr);
    gone.evidence.reset();
    EXPECT_EQ(judged({gone, field("purpose", kMissing)}, required_if()).at(1).verdict, kUnclear);
}

std::string finding_of(const Judged& judged) {
    if (judged.findings.empty()) return "";
    return judged.findings[0].code + " " + to_string(judged.findings[0].severity);
}

TEST(AnyOf, WantsAsManyAsItSays) {
    const std::vector<FieldName> both{{"1", "a"}, {"1", "b"}};
    const auto any = [&](FieldVerdict a, FieldVerdict b, int count) {
        return finding_of(
            judged({field("a", a), field("b", b)}, relation(RelationKind::AnyOf, both, count)));
    };
    EXPECT_EQ(any(kOk, kMissing, 1), "");
    EXPECT_EQ(any(kMissing, kMissing, 1), "too_few_filled error");
    EXPECT_EQ(any(kMissing, kUnclear, 1), "too_few_filled review");
    EXPECT_EQ(any(kOk, kMissing, 2), "too_few_filled error");
    EXPECT_EQ(any(kOk, kUnclear, 2), "too_few_filled review");
    EXPECT_EQ(any(kOk, FieldVerdict::Invalid, 2), "too_few_filled review");
    EXPECT_EQ(any(kOk, kOk, 2), "");
}

TEST(Equal, ExactValuesMustBeTheSameAndWordsAlike) {
    const auto equal = [](const FieldReport& a, const FieldReport& b) {
        return finding_of(judged({a, b}, relation(RelationKind::Equal, {{"1", "a"}, {"1", "b"}})));
    };
    EXPECT_EQ(equal(field("a", kOk, "2026-01-01"), field("b", kOk, "2026-01-01")), "");
    EXPECT_EQ(equal(field("a", kOk, "2026-01-01"), field("b", kOk, "2026-01-02")),
              "values_differ error");
    EXPECT_EQ(equal(field("a", kOk, "2026-01-01"), field("b", kUnclear, "2026-01-02")), "");
    EXPECT_EQ(equal(field("a", kOk, "Storgatan 1", FieldKind::Address),
                    field("b", kOk, "Storgatan l", FieldKind::Address)),
              "");
    EXPECT_EQ(equal(field("a", kOk, "Storgatan 1", FieldKind::Address),
                    field("b", kOk, "Box 77", FieldKind::Address)),
              "values_differ review");
}

TEST(InOrder, DatesAndNumbersMayNotDecrease) {
    const auto order = [](const char* a, const char* b, FieldKind kind) {
        return finding_of(judged({field("a", kOk, a, kind), field("b", kOk, b, kind)},
                                 relation(RelationKind::InOrder, {{"1", "a"}, {"1", "b"}})));
    };
    EXPECT_EQ(order("2026-01-01", "2026-01-01", FieldKind::Date), "");
    EXPECT_EQ(order("2026-01-02", "2026-01-01", FieldKind::Date), "values_out_of_order error");
    EXPECT_EQ(order("9", "10", FieldKind::Number), "");
    EXPECT_EQ(order("10", "9", FieldKind::Number), "values_out_of_order error");
}

}  // namespace
}  // namespace avtalskoll::rules
