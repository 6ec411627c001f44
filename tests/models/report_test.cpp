#include "models/report.h"

#include <gtest/gtest.h>

namespace avtalskoll {
namespace {

// Every value goes to its name and back; another name is none's.
template <class Enum, class Parse>
void expect_round_trip(std::initializer_list<Enum> values, const Parse& parse) {
    for (const Enum value : values) EXPECT_EQ(parse(to_string(value)), value) << to_string(value);
    EXPECT_EQ(parse("?"), std::nullopt);
    EXPECT_EQ(parse(""), std::nullopt);
}

TEST(Names, GoThereAndBack) {
    expect_round_trip(
        {FieldVerdict::Ok, FieldVerdict::Missing, FieldVerdict::Invalid, FieldVerdict::Unclear},
        parse_field_verdict);
    expect_round_trip({Severity::Error, Severity::Review, Severity::Info}, parse_severity);
    expect_round_trip({SubmissionVerdict::Complete, SubmissionVerdict::Incomplete,
                       SubmissionVerdict::Review, SubmissionVerdict::Rejected},
                      parse_submission_verdict);
    expect_round_trip({SignatureValidity::Unchanged, SignatureValidity::Changed,
                       SignatureValidity::Partial, SignatureValidity::Unchecked},
                      parse_signature_validity);
    expect_round_trip(
        {FieldKind::Text, FieldKind::OrganisationNumber, FieldKind::Person, FieldKind::Role,
         FieldKind::Phone, FieldKind::Email, FieldKind::FreeText, FieldKind::Signature},
        parse_field_kind);
}

TEST(ForEachField, VisitsEveryFieldInOrderAndMayChangeIt) {
    FieldReport field;
    field.field = "a";
    Report report;
    report.agreements.resize(2);
    report.agreements[0].form = "f";
    report.agreements[0].points = {{"1", "", {field, field}}, {"2", "", {}}};
    report.agreements[1].form = "g";
    report.agreements[1].points = {{"3", "", {field}}};
    std::string seen;
    for_each_field(report, [&](AgreementReport& agreement, PointReport& point, FieldReport& f) {
        seen += agreement.form + point.point + f.field + " ";
        f.field = "b";
    });
    EXPECT_EQ(seen, "f1a f1a g3a ");
    const Report& changed = report;
    int count = 0;
    for_each_field(
        changed, [&](const auto&, const auto&, const FieldReport& f) { count += f.field == "b"; });
    EXPECT_EQ(count, 3);
}

}  // namespace
}  // namespace avtalskoll
