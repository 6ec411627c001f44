// One table for the values of all kinds that have a rule.
#include <gtest/gtest.h>

#include "models/text.h"
#include "rules/field_rule.h"
#include "rules/kinds/kind_rules.h"
#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

struct ValueCase {
    FieldKind kind;
    const char* written;
    const char* answer;  // the normalized form; "wrong: code"; "doubtful: code"
};

std::string answer_of(const ValueCheck& check) {
    if (check.valid) return check.normalized.value_or("");
    return (check.doubtful ? "doubtful: " : "wrong: ") + check.reason;
}

class KindOfValue : public testing::TestWithParam<ValueCase> {};

TEST_P(KindOfValue, IsCheckedAsListed) {
    const ValueCase& c = GetParam();
    EXPECT_EQ(answer_of(rule_of(c.kind).check(c.written, rule_words())), c.answer)
        << to_string(c.kind) << ": " << c.written;
}

INSTANTIATE_TEST_SUITE_P(
    Dates, KindOfValue,
    testing::Values(ValueCase{FieldKind::Date, "2026-03-12", "2026-03-12"},
                    ValueCase{FieldKind::Date, "2026\u201303\u201312", "2026-03-12"},
                    ValueCase{FieldKind::Date, "20260312", "2026-03-12"},
                    ValueCase{FieldKind::Date, "2026-3-1", "2026-03-01"},
                    ValueCase{FieldKind::Date, "12/3 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "12.3.2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "1/2 2026", "2026-02-01"},
                    ValueCase{FieldKind::Date, "den 12 mars 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "12 MARS 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "12 okt. 2026", "2026-10-12"},
                    ValueCase{FieldKind::Date, "12. maaliskuuta 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "March 12, 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "12. M\u00e4rz 2026", "2026-03-12"},
                    ValueCase{FieldKind::Date, "2024-02-29", "2024-02-29"},
                    ValueCase{FieldKind::Date, "2026-02-29", "wrong: no_such_date"},
                    ValueCase{FieldKind::Date, "2026-13-01", "wrong: no_such_date"},
                    ValueCase{FieldKind::Date, "31 juni 2026", "wrong: no_such_date"},
                    ValueCase{FieldKind::Date, "0000-01-01", "wrong: no_such_date"},
                    ValueCase{FieldKind::Date, "3/12/26", "doubtful: short_year"},
                    ValueCase{FieldKind::Date, "260312", "doubtful: short_year"},
                    ValueCase{FieldKind::Date, "12 mars 26", "doubtful: short_year"},
                    ValueCase{FieldKind::Date, "3/25/2026", "doubtful: unusual_form"},
                    ValueCase{FieldKind::Date, "mars 2026", "wrong: format"},
                    ValueCase{FieldKind::Date, "12 mars april 2026", "wrong: format"},
                    ValueCase{FieldKind::Date, "i morgon", "wrong: format"},
                    ValueCase{FieldKind::Date, "", "wrong: format"},
                    ValueCase{FieldKind::Date, "999999999999", "wrong: format"}));

INSTANTIATE_TEST_SUITE_P(
    PlacesAndDates, KindOfValue,
    testing::Values(ValueCase{FieldKind::PlaceAndDate, "Ume\u00e5 2026-03-12", "2026-03-12"},
                    ValueCase{FieldKind::PlaceAndDate, "Ume\u00e5 den 12 mars 2026", "2026-03-12"},
                    ValueCase{FieldKind::PlaceAndDate, "Ume\u00e5, 12/3 2026", "2026-03-12"},
                    ValueCase{FieldKind::PlaceAndDate, "2026-03-12 Ume\u00e5", "2026-03-12"},
                    ValueCase{FieldKind::PlaceAndDate, "Ume\u00e5", "doubtful: date_lacking"},
                    ValueCase{FieldKind::PlaceAndDate, "Ume\u00e5 2026-02-30",
                              "doubtful: date_lacking"},
                    ValueCase{FieldKind::PlaceAndDate, "2026-03-12", "doubtful: place_lacking"}));

// Numbers that Skatteverket keeps for tests: serial numbers from 980.
INSTANTIATE_TEST_SUITE_P(
    PersonalNumbers, KindOfValue,
    testing::Values(
        ValueCase{FieldKind::PersonalNumber, "19800101-9804", "19800101-9804"},
        ValueCase{FieldKind::PersonalNumber, "800101-9804", "800101-9804"},
        ValueCase{FieldKind::PersonalNumber, "8001019804", "800101-9804"},
        ValueCase{FieldKind::PersonalNumber, "800101+9804", "800101+9804"},
        ValueCase{FieldKind::PersonalNumber, "1 9 8 0 0 1 0 1 9 8 0 4", "19800101-9804"},
        ValueCase{FieldKind::PersonalNumber, "198001619801", "19800161-9801"},
        ValueCase{FieldKind::PersonalNumber, "1980-0101-9804", "doubtful: unusual_form"},
        ValueCase{FieldKind::PersonalNumber, "198000609803", "doubtful: unusual_form"},
        ValueCase{FieldKind::PersonalNumber, "19800101-9809", "wrong: check_digit"},
        ValueCase{FieldKind::PersonalNumber, "19801301-9804", "wrong: no_such_date"},
        ValueCase{FieldKind::PersonalNumber, "19810229-9804", "wrong: no_such_date"},
        ValueCase{FieldKind::PersonalNumber, "19800101-980", "wrong: format"},
        ValueCase{FieldKind::PersonalNumber, "Anna", "wrong: format"}));

INSTANTIATE_TEST_SUITE_P(
    PostalCodes, KindOfValue,
    testing::Values(ValueCase{FieldKind::PostalCode, "803 10", "803 10"},
                    ValueCase{FieldKind::PostalCode, "80310", "803 10"},
                    ValueCase{FieldKind::PostalCode, "SE-803 10", "803 10"},
                    ValueCase{FieldKind::PostalCode, "S-80310", "803 10"},
                    ValueCase{FieldKind::PostalCode, "0150", "doubtful: unusual_form"},
                    ValueCase{FieldKind::PostalCode, "SW1A 1AA", "doubtful: unusual_form"},
                    ValueCase{FieldKind::PostalCode, "8031", "doubtful: unusual_form"},
                    ValueCase{FieldKind::PostalCode, "803 100", "wrong: format"},
                    ValueCase{FieldKind::PostalCode, "G\u00e4vle", "wrong: format"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, KindOfValue,
    testing::Values(ValueCase{FieldKind::Number, "2026", "2026"},
                    ValueCase{FieldKind::Number, "0", "0"},
                    ValueCase{FieldKind::Number, "1 250", "1250"},
                    ValueCase{FieldKind::Number, "12,5", "12.5"},
                    ValueCase{FieldKind::Number, "-12.50", "-12.50"},
                    ValueCase{FieldKind::Number, "\u2212 4", "-4"},
                    ValueCase{FieldKind::Number, "1.250,5", "1250.5"},
                    ValueCase{FieldKind::Number, "1,250,000", "1250000"},
                    ValueCase{FieldKind::Number, "1 250,500", "1250.500"},
                    ValueCase{FieldKind::Number, "1.250", "doubtful: unusual_form"},
                    ValueCase{FieldKind::Number, "12 50", "wrong: format"},
                    ValueCase{FieldKind::Number, "12,", "wrong: format"},
                    ValueCase{FieldKind::Number, "1,2,3", "wrong: format"},
                    ValueCase{FieldKind::Number, "tolv", "wrong: format"},
                    ValueCase{FieldKind::Number, "", "wrong: format"},
                    ValueCase{FieldKind::Amount, "1 250,50 kr", "1250.50"},
                    ValueCase{FieldKind::Amount, "1250:-", "1250"},
                    ValueCase{FieldKind::Amount, "SEK 1 250", "1250"},
                    ValueCase{FieldKind::Amount, "12,50 \u20AC", "12.50"},
                    ValueCase{FieldKind::Amount, "-500 kr.", "-500"},
                    ValueCase{FieldKind::Amount, "1.250 kr", "doubtful: unusual_form"},
                    ValueCase{FieldKind::Amount, "1250 dollar", "wrong: format"}));

INSTANTIATE_TEST_SUITE_P(
    AccountNumbers, KindOfValue,
    testing::Values(
        ValueCase{FieldKind::AccountNumber, "5050-1055", "5050-1055"},
        ValueCase{FieldKind::AccountNumber, "Bg 5050-1055", "5050-1055"},
        ValueCase{FieldKind::AccountNumber, "5050-1056", "wrong: check_digit"},
        ValueCase{FieldKind::AccountNumber, "28 65 43-4", "286543-4"},
        ValueCase{FieldKind::AccountNumber, "plusgiro: 28 65 43-3", "wrong: check_digit"},
        ValueCase{FieldKind::AccountNumber, "SE45 5000 0000 0583 9825 7466",
                  "SE4550000000058398257466"},
        ValueCase{FieldKind::AccountNumber, "SE46 5000 0000 0583 9825 7466", "wrong: check_digit"},
        ValueCase{FieldKind::AccountNumber, "SE45 5000 0000 0583 9825 746", "wrong: format"},
        ValueCase{FieldKind::AccountNumber, "8327-9, 123 456 789-0", "doubtful: unusual_form"},
        ValueCase{FieldKind::AccountNumber, "Swedbank", "wrong: format"}));

INSTANTIATE_TEST_SUITE_P(
    WebAddresses, KindOfValue,
    testing::Values(
        ValueCase{FieldKind::Url, "www.example.se", "https://www.example.se"},
        ValueCase{FieldKind::Url, "WWW.Example.se/Karta", "https://www.example.se/Karta"},
        ValueCase{FieldKind::Url, "http://example.se:8080/a?b=c", "http://example.se:8080/a?b=c"},
        ValueCase{FieldKind::Url, "ftp://example.se", "doubtful: unusual_form"},
        ValueCase{FieldKind::Url, "www.g\u00e4vle.se", "doubtful: unusual_form"},
        ValueCase{FieldKind::Url, "anna@example.se", "wrong: format"},
        ValueCase{FieldKind::Url, "kommunens sida", "wrong: format"},
        ValueCase{FieldKind::Url, "localhost", "wrong: format"},
        ValueCase{FieldKind::Url, "http://", "wrong: format"}));

TEST(KindRules, EveryExactKindHasARule) {
    for (const KindTraits& traits : all_kinds()) {
        const bool has_rule = rule_of(traits.kind).check != nullptr;
        EXPECT_TRUE(has_rule || traits.shape != KindShape::Exact) << traits.name;
    }
}

TEST(KindRules, APersonalNumberIsShownWithoutItsLastDigits) {
    EXPECT_EQ(shown_value(FieldKind::PersonalNumber, "19800101-9804"),
              "19800101-\u2022\u2022\u2022\u2022");
    EXPECT_EQ(shown_value(FieldKind::PersonalNumber, "98 0"), "\u2022\u2022 \u2022");
    EXPECT_EQ(shown_value(FieldKind::Date, "1980-01-01"), "1980-01-01");
}

FieldReport judged_text(Field field, const char* text) {
    FieldReading reading;
    reading.ink = {Fill::Filled, 20, 0.99, 0};
    reading.votes = {{"latin", text, 0.97, 0.97}, {"eng", text, 0.97, 0.97}};
    field.id = field.label = "f";
    return judge_field(field, reading, rule_words());
}

Field of_kind(FieldKind kind) {
    Field field;
    field.kind = kind;
    return field;
}

TEST(ValueBounds, AValueBeyondThemIsForAPerson) {
    Field count = of_kind(FieldKind::Number);
    count.bounds = {"", 1, 5'000};
    EXPECT_EQ(judged_text(count, "5000").verdict, FieldVerdict::Ok);
    for (const char* text : {"0", "5 001"}) {
        EXPECT_EQ(judged_text(count, text).verdict, FieldVerdict::Unclear) << text;
        EXPECT_EQ(judged_text(count, text).reason, "out_of_bounds");
    }
    // The officer knows better than the form.
    EXPECT_TRUE(check_written(FieldKind::Number, "5 001", rule_words()).valid);
}

TEST(ValueBounds, APatternAllowsShortTextsAndRefusesOthers) {
    Field year = of_kind(FieldKind::Text);
    EXPECT_EQ(judged_text(year, "4 A").reason, "too_short");
    year.bounds.pattern = "[0-9] [A-F]";
    EXPECT_EQ(judged_text(year, "4 A").verdict, FieldVerdict::Unclear);  // hardly a letter was read
    Field unit = of_kind(FieldKind::Text);
    unit.bounds.pattern = "Enhet [A-F]";
    EXPECT_EQ(judged_text(unit, "Enhet A").verdict, FieldVerdict::Ok);
    EXPECT_EQ(judged_text(unit, "Enhet Q").reason, "out_of_bounds");
}

TEST(KindRules, NothingIsCalledWrongForADigitThatTheScanMayHaveLost) {
    EXPECT_EQ(judged_text(of_kind(FieldKind::PersonalNumber), "19800101-980").verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(judged_text(of_kind(FieldKind::PersonalNumber), "19800101-9809").verdict,
              FieldVerdict::Invalid);
    EXPECT_EQ(judged_text(of_kind(FieldKind::PostalCode), "803 100").verdict,
              FieldVerdict::Unclear);
    EXPECT_EQ(judged_text(of_kind(FieldKind::Date), "2026-02-30").verdict, FieldVerdict::Invalid);
}

}  // namespace
}  // namespace avtalskoll::rules
