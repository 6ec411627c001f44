// The judgement on a counter-signed copy, from made-up measurements.
#include "rules/counter_signed.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

// One page with a number and a place to sign in.
FormSet one_form() {
    Form form;
    form.id = "f";
    form.version = "1";
    form.title = "F";
    form.pages = {{595, 842}};
    form.points.push_back({"1", "Point", {}});
    Field number;
    number.id = "phone";
    number.kind = FieldKind::Phone;
    number.place = {1, {100, 100, 200, 20}};
    Field signature;
    signature.id = "signature";
    signature.kind = FieldKind::Signature;
    signature.place = {1, {100, 300, 200, 40}};
    signature.keep_empty = {{1, {350, 300, 200, 40}}};
    form.points[0].fields = {number, signature};
    return {{form}, {}};
}

SignatureMeasure signed_by_hand(double belief) {
    SignatureMeasure ink;
    ink.beliefs[static_cast<std::size_t>(PlaceInk::Signature)] = belief;
    ink.beliefs[static_cast<std::size_t>(PlaceInk::Nothing)] = 1 - belief;
    return ink;
}

PageReading page_with(const std::string& phone, double sure = 0.99) {
    PageReading page;
    page.origin = {"copy.pdf", 1};
    page.kind = PageKind::Form;
    page.match.form = 0;
    page.match.form_page = 1;
    FieldReading number;
    number.ref = {0, 0, 0};
    number.ink = {.fill = Fill::Filled, .area_mm2 = 9, .confidence = 1};
    number.votes = {{kLineReaderModel, phone, sure, sure}};
    FieldReading signature;
    signature.ref = {0, 0, 1};
    signature.signature = signed_by_hand(0.9);
    signature.keep_empty = {signed_by_hand(0.9)};
    page.fields = {number, signature};
    return page;
}

InkDifference spot(double x, double y, double peak, double strength) {
    InkDifference ink;
    ink.box = {x, y, 4, 6};
    ink.peak = peak;
    ink.strength = strength;
    return ink;
}

ComparedPage judged(const PageReading& was, const PageReading& is,
                    const PageComparison& comparison) {
    static const FormSet forms = one_form();
    static const ApprovedAgreement agreement{"f", "1", {}, {}};
    return judge_compared_page({1, {"approved.pdf", {}}, 1},
                               {forms, 0, agreement, was, is, comparison});
}

TEST(CounterSigned, PageWithoutDifferencesIsTheSame) {
    const ComparedPage page = judged(page_with("026-123"), page_with("026 123"), {});
    EXPECT_EQ(page.verdict, PageVerdict::Same);
    EXPECT_EQ(page.copy_file, "copy.pdf");
}

TEST(CounterSigned, PlainSpotDiffersAndAFaintOneDoesNot) {
    const PageReading page = page_with("026123");
    PageComparison comparison;
    comparison.differences = {spot(400, 600, 0.4, 0.2)};
    EXPECT_EQ(judged(page, page, comparison).verdict, PageVerdict::Same);
    comparison.differences = {spot(400, 600, 0.7, 0.5)};
    const ComparedPage plain = judged(page, page, comparison);
    EXPECT_EQ(plain.verdict, PageVerdict::Differs);
    EXPECT_TRUE(plain.differences.at(0).place.empty());
    comparison.differences[0].expected = true;
    EXPECT_EQ(judged(page, page, comparison).verdict, PageVerdict::Same);
}

TEST(CounterSigned, MuchPaleInkDiffers) {
    const PageReading page = page_with("026123");
    PageComparison comparison;
    comparison.noise = 0.09;
    comparison.differences = {spot(150, 310, 0.41, 22)};
    const ComparedPage replaced = judged(page, page, comparison);
    ASSERT_EQ(replaced.differences.size(), 1U);
    EXPECT_EQ(replaced.differences[0].place.field, "signature");
    comparison.differences = {spot(400, 600, 0.41, 22)};
    EXPECT_EQ(judged(page, page, comparison).verdict, PageVerdict::Differs);
    comparison.noise = 0.3;
    EXPECT_EQ(judged(page, page, comparison).verdict, PageVerdict::Same);
}

TEST(CounterSigned, FaintSpotDiffersWhereTheValueReadsOtherwise) {
    PageComparison comparison;
    comparison.noise = 0.1;
    comparison.differences = {spot(150, 105, 0.33, 0.09)};
    EXPECT_EQ(judged(page_with("026123"), page_with("026123"), comparison).verdict,
              PageVerdict::Same);
    const ComparedPage changed = judged(page_with("026123"), page_with("026128"), comparison);
    ASSERT_EQ(changed.differences.size(), 1U);
    EXPECT_TRUE(changed.differences[0].seen);
    EXPECT_TRUE(changed.differences[0].read);
    EXPECT_EQ(changed.differences[0].place, (FieldPlace{"f", "1", "phone"}));
}

TEST(CounterSigned, ReadingAloneCountsWhereThePicturesAreTooPoorToTell) {
    PageComparison comparison;
    comparison.noise = 0.1;
    EXPECT_EQ(judged(page_with("026123"), page_with("026128"), comparison).verdict,
              PageVerdict::Same)
        << "clear pictures that are alike outweigh a letter misread";
    comparison.noise = 0.4;
    const ComparedPage poor = judged(page_with("026123"), page_with("026128"), comparison);
    ASSERT_EQ(poor.differences.size(), 1U);
    EXPECT_EQ(poor.differences[0].kind, DifferenceKind::ChangedValue);
    EXPECT_FALSE(poor.differences[0].seen);
    EXPECT_EQ(judged(page_with("026123"), page_with("026128", 0.6), comparison).verdict,
              PageVerdict::Same)
        << "nobody is sure of that reading";
}

TEST(CounterSigned, PageThatCannotBeComparedIsNeverTheSame) {
    const PageReading page = page_with("026123");
    PageComparison comparison;
    comparison.trouble = Message("comparison.not_laid");
    EXPECT_EQ(judged(page, page, comparison).verdict, PageVerdict::NotComparable);
    PageReading damaged = page;
    damaged.damage = Message("drawing.misnamed");
    EXPECT_EQ(judged(page, damaged, {}).verdict, PageVerdict::NotComparable);
}

TEST(CounterSigned, BothPartiesMustHaveSigned) {
    const FormSet forms = one_form();
    for (const auto& [belief, verdict] : {std::pair(0.9, CountersignedVerdict::Agrees),
                                          {0.3, CountersignedVerdict::Unsure},
                                          {0.01, CountersignedVerdict::Differs}}) {
        PageReading copy = page_with("026123");
        copy.fields[1].keep_empty = {signed_by_hand(belief)};
        CountersignedResult result;
        CountersignedAgreement agreement{"f", "1", "F", {}, {}};
        agreement.pages = {judged(copy, copy, {})};
        agreement.signatures = judge_signed_places(forms, 0, copy, agreement.pages[0], Caution{});
        conclude_agreement(agreement, result.findings);
        EXPECT_TRUE(agreement.sender_signed);
        EXPECT_EQ(agreement.counterpart_signed, verdict == CountersignedVerdict::Agrees);
        result.agreements.push_back(agreement);
        EXPECT_EQ(verdict_of(result), verdict);
    }
}

TEST(CounterSigned, PagesThatAreNotTheAgreementsAreFindings) {
    FormSet forms = one_form();
    forms.forms.push_back(forms.forms[0]);
    forms.forms[1].version = "2";
    PageReading foreign, blank, other = page_with("026123");
    foreign.kind = PageKind::Foreign;
    blank.kind = PageKind::Blank;
    other.match.form = 1;
    std::vector<Finding> findings;
    note_other_pages(forms, {&foreign, &blank, &other}, {}, {{"f", "1", {}, {}}}, findings);
    ASSERT_EQ(findings.size(), 3U);
    EXPECT_EQ(findings[0].code, "countersigned_page_added");
    EXPECT_EQ(findings[0].severity, Severity::Error);
    EXPECT_EQ(findings[1].severity, Severity::Info);
    EXPECT_EQ(findings[2].code, "countersigned_other_version");
}

TEST(CounterSigned, NothingComparedIsUnsure) {
    EXPECT_EQ(verdict_of(CountersignedResult{}), CountersignedVerdict::Unsure);
}

}  // namespace
}  // namespace avtalskoll::rules
