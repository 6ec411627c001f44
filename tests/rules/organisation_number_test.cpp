#include "rules/kinds/organisation_number.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

struct NumberCase {
    const char* written;
    NumberFault fault;
    const char* canonical;
};

class OrganisationNumberTable : public testing::TestWithParam<NumberCase> {};

TEST_P(OrganisationNumberTable, IsJudgedAsListed) {
    const OrganisationNumber number = parse_organisation_number(GetParam().written);
    EXPECT_EQ(number.fault, GetParam().fault);
    EXPECT_EQ(number.canonical, GetParam().canonical);
}

// Numbers of limited companies from a public set of test vectors; personal numbers of sole traders
// are refused.
INSTANTIATE_TEST_SUITE_P(
    Vectors, OrganisationNumberTable,
    testing::Values(NumberCase{"5560160680", NumberFault::None, "556016-0680"},
                    NumberCase{"165560160680", NumberFault::None, "556016-0680"},
                    NumberCase{"5561034249", NumberFault::None, "556103-4249"},
                    NumberCase{"165561034249", NumberFault::None, "556103-4249"},
                    NumberCase{"5592440001", NumberFault::None, "559244-0001"},
                    NumberCase{"165592440001", NumberFault::None, "559244-0001"},
                    NumberCase{"5560160681", NumberFault::CheckDigit, ""},
                    NumberCase{"165560160681", NumberFault::CheckDigit, ""},
                    NumberCase{"5561034250", NumberFault::CheckDigit, ""},
                    NumberCase{"165561034250", NumberFault::CheckDigit, ""},
                    NumberCase{"191212121212", NumberFault::Format, ""},
                    NumberCase{"195102179974", NumberFault::Format, ""},
                    NumberCase{"194912109958", NumberFault::Format, ""},
                    NumberCase{"197906889972", NumberFault::Format, ""},
                    NumberCase{"199502809990", NumberFault::Format, ""},
                    NumberCase{"196802709995", NumberFault::Format, ""},
                    NumberCase{"200304839996", NumberFault::Format, ""},
                    NumberCase{"197904739997", NumberFault::Format, ""},
                    NumberCase{"194511809891", NumberFault::Format, ""},
                    NumberCase{"198601769915", NumberFault::Format, ""},
                    NumberCase{"196102709976", NumberFault::Format, ""},
                    NumberCase{"195212779895", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(
    WaysOfWriting, OrganisationNumberTable,
    testing::Values(NumberCase{"212000-0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000 0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000 - 0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000\u20130142", NumberFault::None, "212000-0142"},
                    NumberCase{"16212000-0142", NumberFault::None, "212000-0142"},
                    NumberCase{"162120000142", NumberFault::None, "212000-0142"}));

INSTANTIATE_TEST_SUITE_P(Faults, OrganisationNumberTable,
                         testing::Values(NumberCase{"212000-0143", NumberFault::CheckDigit, ""},
                                         NumberCase{"212000-014", NumberFault::Format, ""},
                                         NumberCase{"", NumberFault::Format, ""},
                                         NumberCase{"212000-01422", NumberFault::Format, ""},
                                         NumberCase{"2I2000-0142", NumberFault::Format, ""},
                                         NumberCase{"811228-9874", NumberFault::Format, ""},
                                         NumberCase{"172120000142", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(
    OddSigns, OrganisationNumberTable,
    testing::Values(NumberCase{"212000\u20110142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000\u00A0-\u00A00142", NumberFault::None, "212000-0142"},
                    NumberCase{"21 20 00 - 01 42", NumberFault::None, "212000-0142"},
                    NumberCase{"212000\u22120142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000-\u00AD0142\u200B", NumberFault::None, "212000-0142"},
                    NumberCase{"\uFF12\uFF112000-0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000.0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000_0142", NumberFault::None, "212000-0142"},
                    NumberCase{"212000-0142.", NumberFault::None, "212000-0142"},
                    NumberCase{"2120.000142", NumberFault::Format, ""},
                    NumberCase{"212000.014", NumberFault::Format, ""},
                    NumberCase{"212000.0143", NumberFault::CheckDigit, ""},
                    NumberCase{"121212-1212", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(
    NumberAmongOthers, OrganisationNumberTable,
    testing::Values(NumberCase{"SE212000014201", NumberFault::Unusual, ""},
                    NumberCase{"SE 212000-0142 01", NumberFault::Unusual, ""},
                    NumberCase{"Org.nr: 212000-0142", NumberFault::Unusual, ""},
                    NumberCase{"212000-0142 (kommunen)", NumberFault::Unusual, ""},
                    NumberCase{"212000-0142 / 556016-0680", NumberFault::Several, ""},
                    NumberCase{"Org.nr 212000-0143", NumberFault::CheckDigit, ""},
                    NumberCase{"Org.nr 121212-1212", NumberFault::Format, ""},
                    NumberCase{"saknas", NumberFault::Format, ""}));

}  // namespace
}  // namespace avtalskoll::rules
