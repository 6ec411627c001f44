#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/reports/report_json.h"

namespace avtalskoll::pipeline {
namespace {

FieldReport field(const std::string& id, FieldVerdict verdict) {
    FieldReport made;
    made.field = id;
    made.verdict = verdict;
    return made;
}

// An agreement that is there, with a point for each field.
AgreementReport agreement(const std::string& form, const std::vector<FieldReport>& fields) {
    AgreementReport made;
    made.form = form;
    made.present = true;
    for (std::size_t i = 0; i < fields.size(); ++i)
        made.points.push_back({std::to_string(i + 1), "", {fields[i]}});
    return made;
}

Report report_with(const std::vector<AgreementReport>& agreements) {
    Report report;
    report.id = "s1";
    report.verdict = SubmissionVerdict::Incomplete;
    report.files = {{"a.pdf", "", 2}, {"b.pdf", "", 3}};
    report.agreements = agreements;
    return report;
}

Report owned_by(const std::string& name) {
    FieldReport organisation = field("organisation", FieldVerdict::Ok),
                number = field("organisation_number", FieldVerdict::Ok);
    organisation.value = name;
    number.kind = FieldKind::OrganisationNumber;
    number.name_field = "organisation";
    number.value = "212000-0142";
    Report report = report_with({agreement("lease", {organisation})});
    report.agreements[0].points[0].fields.push_back(number);
    return report;
}

TEST(ReportCsv, HasAColumnForEachHeading) {
    const auto columns = [](const std::string& line) {
        return std::count(line.begin(), line.end(), ';');
    };
    EXPECT_TRUE(csv_header().starts_with("\xEF\xBB\xBFid;verdict;"));
    EXPECT_TRUE(csv_header().ends_with("\r\n"));
    EXPECT_EQ(columns(csv_row(owned_by("Å kommun"))), columns(csv_header()));
    EXPECT_EQ(csv_row(owned_by("Å kommun")), "s1;incomplete;Å kommun;212000-0142;;;;2;5\r\n");
    EXPECT_EQ(csv_row(Report{}), ";rejected;;;;;;0;0\r\n");
}

TEST(ReportCsv, PointsStandUnderTheirVerdict) {
    FieldReport optional = field("x", FieldVerdict::Missing);
    optional.required = false;
    AgreementReport absent = agreement("other", {field("a", FieldVerdict::Missing)});
    absent.required = absent.present = false;
    const std::string row = csv_row(report_with(
        {agreement("lease", {field("a", FieldVerdict::Missing), field("b", FieldVerdict::Invalid),
                             field("c", FieldVerdict::Unclear), field("d", FieldVerdict::Missing),
                             optional, field("e", FieldVerdict::Ok)}),
         absent}));
    EXPECT_EQ(row, "s1;incomplete;;;lease 1, lease 4;lease 2;lease 3;2;5\r\n");
}

TEST(ReportCsv, APointWithTwoLackingFieldsStandsThereOnce) {
    Report report = report_with({agreement("lease", {field("a", FieldVerdict::Missing)})});
    report.agreements[0].points[0].fields.push_back(field("b", FieldVerdict::Missing));
    EXPECT_EQ(csv_row(report), "s1;incomplete;;;lease 1;;;2;5\r\n");
}

// A spreadsheet runs what it takes for a formula.
TEST(ReportCsv, NoCellIsAFormula) {
    for (const char first : {'=', '+', '-', '@'}) {
        const std::string name = first + std::string("cmd|' /C calc'!A0");
        EXPECT_NE(csv_row(owned_by(name)).find(";'" + name + ";"), std::string::npos) << name;
    }
    EXPECT_NE(csv_row(owned_by("\t=1+1")).find(";'\t=1+1;"), std::string::npos);
    EXPECT_NE(csv_row(owned_by("\r=1+1")).find(";\"'\r=1+1\";"), std::string::npos);
}

TEST(ReportCsv, WhatCouldEndACellIsQuoted) {
    EXPECT_NE(csv_row(owned_by("a;b")).find(";\"a;b\";"), std::string::npos);
    EXPECT_NE(csv_row(owned_by("a\r\nb")).find(";\"a\r\nb\";"), std::string::npos);
    EXPECT_NE(csv_row(owned_by("\"a\"")).find(";\"\"\"a\"\"\";"), std::string::npos);
    EXPECT_NE(csv_row(owned_by("=1+1 <b>& \"Åre\";")).find("\"'=1+1 <b>& \"\"Åre\"\";\""),
              std::string::npos);
    EXPECT_NE(csv_row(owned_by("=1;\"2\"")).find(";\"'=1;\"\"2\"\"\";"), std::string::npos);
    EXPECT_NE(csv_row(owned_by("Åre, öst 'a'")).find(";Åre, öst 'a';"), std::string::npos);
}

}  // namespace
}  // namespace avtalskoll::pipeline
