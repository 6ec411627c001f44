#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

#include "models/error.h"
#include "pipeline/reports/report_html.h"
#include "pipeline/reports/report_json.h"
#include "tests/support/form_fixture.h"
#include "tests/support/report_schema.h"
#include "tests/support/texts.h"

namespace avtalskoll::pipeline {
namespace {

Report sample_report() {
    FieldReport field;
    field.field = "organisation";
    field.label = "Organisation";
    field.verdict = FieldVerdict::Ok;
    field.value = "=1+1 <b>& \"Åre\";";
    field.confidence = 0.987654321;
    field.value_confidence = 0.9;
    field.evidence = Evidence{"a.pdf", 1, {0.1, 0.2, 0.3, 0.04}};
    FieldReport number = field;
    number.field = "organisation_number";
    number.kind = FieldKind::OrganisationNumber;
    number.name_field = "organisation";
    number.verdict = FieldVerdict::Missing;
    number.value.reset();
    number.reason = "empty";
    number.message = Message::as_written("Saknas.");
    Report report;
    report.id = "s1";
    report.verdict = SubmissionVerdict::Incomplete;
    report.files = {{"a.pdf", std::string(64, 'a'), 2}};
    report.agreements.push_back({"lease",
                                 "Arrende",
                                 "1.0",
                                 true,
                                 true,
                                 {{1, "a.pdf", 1, 90, 0.99}, {2, "", 0, 0, 0}},
                                 {{"1", "Parter", {field, number}}}});
    report.findings.push_back(
        {.code = "page_missing",
         .severity = Severity::Error,
         .message = Message("finding.page_missing", {{"title", "Arrende"}, {"page", 2}})});
    return report;
}

EngineFacts engine() { return EngineFacts::of(make_form_set()); }

TEST(ReportJson, FollowsTheSchema) {
    EXPECT_EQ(schema_faults(to_json(sample_report(), engine(), swedish(), 1)), "");
}

TEST(ReportJson, IsReadBackAsItWasWritten) {
    Report report = sample_report();
    report.personal_data = false;
    report.files[0].signatures = {{"Någon", "2026-01-01T00:00:00Z", SignatureValidity::Partial}};
    report.agreements[0].points[0].fields[0].repaired_by = "name";
    report.timing->pages = {{"a.pdf", 1, 1.5, 2.25, 3}};
    const std::string text = to_json(report, engine(), swedish(), -1);
    const WrittenReport written = report_from_json(text);
    EXPECT_EQ(to_json(written.report, written.engine, swedish(), -1), text);
    EXPECT_EQ(written.engine, engine());
}

TEST(ReportJson, AReportWithoutTimesIsReadToo) {
    nlohmann::json purged =
        nlohmann::json::parse(to_json(sample_report(), engine(), swedish(), -1));
    purged.erase("timing");
    purged["findings"][0]["message"] = "";
    const WrittenReport written = report_from_json(purged.dump());
    EXPECT_EQ(written.report.verdict, SubmissionVerdict::Incomplete);
    EXPECT_FALSE(written.report.timing);
}

TEST(ReportJson, WhatIsNoReportIsRefused) {
    EXPECT_THROW(report_from_json(""), Error);
    EXPECT_THROW(report_from_json("{}"), Error);
    std::string text = to_json(sample_report(), engine(), swedish(), -1);
    text.replace(text.find("\"incomplete\""), 12, "\"in_between\"");
    EXPECT_THROW(report_from_json(text), Error) << "a verdict that there is not";
}

TEST(ReportJson, SchemaCheckCanFail) {
    Report wrong = sample_report();
    wrong.verdict = SubmissionVerdict::Complete;  // with a missing field and an error finding
    EXPECT_NE(schema_faults(to_json(wrong, engine(), swedish(), 1)), "");
}

TEST(ReportJson, NumbersAreRoundedAndNamesOnDiskMayBeAnyBytes) {
    Report report = sample_report();
    report.files[0].name = "\xff.pdf";
    const auto json = nlohmann::json::parse(to_json(report, engine(), swedish(), -1));
    EXPECT_EQ(json["agreements"][0]["points"][0]["fields"][0]["confidence"], 0.9877);
}

TEST(ReportHtml, EscapesEverythingAndStandsAlone) {
    const std::string html = HtmlTemplate(AVTALSKOLL_SOURCE_DIR "/data/report/report.mustache")
                                 .render(sample_report(), swedish());
    EXPECT_EQ(html.find("<b>"), std::string::npos);
    EXPECT_NE(html.find("&lt;b&gt;"), std::string::npos);
    EXPECT_EQ(html.find("http:"), std::string::npos);
    EXPECT_EQ(html.find("https:"), std::string::npos);
    EXPECT_NE(html.find("Ofullständig"), std::string::npos);
    EXPECT_NE(html.find("Saknas."), std::string::npos);
    EXPECT_EQ(html.find("{{"), std::string::npos);
}

TEST(ReportHtml, MissingTemplateIsNamed) {
    EXPECT_THROW(HtmlTemplate("/nonexistent.mustache"), Error);
}

}  // namespace
}  // namespace avtalskoll::pipeline
