#include "models/lack.h"

#include <gtest/gtest.h>

namespace avtalskoll {
namespace {

FieldReport field(const char* id, FieldVerdict verdict, bool required = true) {
    FieldReport made;
    made.field = id;
    made.verdict = verdict;
    made.required = required;
    return made;
}

TEST(Lack, NamesWhatIsNotInOrderInTheReportsOrder) {
    Report report;
    AgreementReport& there = report.agreements.emplace_back();
    there.form = "avtal";
    there.present = true;
    there.points.push_back(
        {"1",
         "Parter",
         {field("name", FieldVerdict::Ok), field("number", FieldVerdict::Invalid),
          field("fax", FieldVerdict::Missing, false)}});
    there.points.push_back({"A3", "Uppgifter", {field("types", FieldVerdict::Unclear)}});
    report.agreements.emplace_back().form = "bilaga";
    AgreementReport& needless = report.agreements.emplace_back();
    needless.form = "annat";
    needless.required = false;
    report.findings.push_back(
        {.code = "page_unknown", .severity = Severity::Review, .message = {}});
    report.findings.push_back({.code = "blank_page", .severity = Severity::Info, .message = {}});
    EXPECT_EQ(to_string(lacks_of(report)),
              "avtal/1/number:invalid avtal/A3/types:unclear bilaga:absent page_unknown");
}

TEST(Lack, WhatIsWrittenIsReadToTheSame) {
    const std::vector<Lack> lacks{LackingField{{"a-1", "14", "sign"}, FieldVerdict::Missing},
                                  AbsentAgreement{"pub-avtal"}, GraveFinding{"page_missing"}};
    EXPECT_EQ(parse_lacks(to_string(lacks)), lacks);
    EXPECT_TRUE(parse_lacks("").empty());
    EXPECT_TRUE(parse_lacks("  ").empty());
}

TEST(Lack, WhatNobodyKnowsIsAFinding) {
    for (const char* text : {"a/b:missing", "a/b/c:maybe", "a/b/:ok", "x"})
        EXPECT_EQ(parse_lacks(text), (std::vector<Lack>{GraveFinding{text}})) << text;
}

}  // namespace
}  // namespace avtalskoll
