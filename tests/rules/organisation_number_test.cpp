#include "rules/organisation_number.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

struct Case {
    const char* written;
    NumberFault fault;
    const char* canonical;
};

class OrganisationNumberTable : public testing::TestWithParam<Case> {};

TEST_P(OrganisationNumberTable, IsJudgedAsListed) {
    const OrganisationNumber number = parse_organisation_number(GetParam().written);
    EXPECT_EQ(number.fault, GetParam().fault);
    EXPECT_EQ(number.canonical, GetParam().canonical);
}

// Numbers of limited companies from a public set of test vectors; personal numbers of sole traders
// are refused.
INSTANTIATE_TEST_SUITE_P(Vectors, OrganisationNumberTable,
                         testing::Values(Case{"5560160680", NumberFault::None, "556016-0680"},
                                         Case{"165560160680", NumberFault::None, "556016-0680"},
                                         Case{"5561034249", NumberFault::None, "556103-4249"},
                                         Case{"165561034249", NumberFault::None, "556103-4249"},
                                         Case{"5592440001", NumberFault::None, "559244-0001"},
                                         Case{"165592440001", NumberFault::None, "559244-0001"},
                                         Case{"5560160681", NumberFault::CheckDigit, ""},
                                         Case{"165560160681", NumberFault::CheckDigit, ""},
                                         Case{"5561034250", NumberFault::CheckDigit, ""},
                                         Case{"165561034250", NumberFault::CheckDigit, ""},
                                         Case{"191212121212", NumberFault::Format, ""},
                                         Case{"195102179974", NumberFault::Format, ""},
                                         Case{"194912109958", NumberFault::Format, ""},
                                         Case{"197906889972", NumberFault::Format, ""},
                                         Case{"199502809990", NumberFault::Format, ""},
                                         Case{"196802709995", NumberFault::Format, ""},
                                         Case{"200304839996", NumberFault::Format, ""},
                                         Case{"197904739997", NumberFault::Format, ""},
                                         Case{"194511809891", NumberFault::Format, ""},
                                         Case{"198601769915", NumberFault::Format, ""},
                                         Case{"196102709976", NumberFault::Format, ""},
                                         Case{"195212779895", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(WaysOfWriting, OrganisationNumberTable,
                         testing::Values(Case{"212000-0142", NumberFault::None, "212000-0142"},
                                         Case{"212000 0142", NumberFault::None, "212000-0142"},
                                         Case{"212000 - 0142", NumberFault::None, "212000-0142"},
                                         Case{"212000\u20130142", NumberFault::None, "212000-0142"},
                                         Case{"16212000-0142", NumberFault::None, "212000-0142"},
                                         Case{"162120000142", NumberFault::None, "212000-0142"}));

INSTANTIATE_TEST_SUITE_P(Faults, OrganisationNumberTable,
                         testing::Values(Case{"212000-0143", NumberFault::CheckDigit, ""},
                                         Case{"212000-014", NumberFault::Format, ""},
                                         Case{"", NumberFault::Format, ""},
                                         Case{"212000-01422", NumberFault::Format, ""},
                                         Case{"2I2000-0142", NumberFault::Format, ""},
                                         Case{"811228-9874", NumberFault::Format, ""},
                                         Case{"172120000142", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(
    OddSigns, OrganisationNumberTable,
    testing::Values(Case{"212000\u20110142", NumberFault::None, "212000-0142"},
                    Case{"212000\u00A0-\u00A00142", NumberFault::None, "212000-0142"},
                    Case{"21 20 00 - 01 42", NumberFault::None, "212000-0142"},
                    Case{"212000\u22120142", NumberFault::None, "212000-0142"},
                    Case{"212000-\u00AD0142\u200B", NumberFault::None, "212000-0142"},
                    Case{"\uFF12\uFF112000-0142", NumberFault::None, "212000-0142"},
                    Case{"212000.0142", NumberFault::None, "212000-0142"},
                    Case{"212000_0142", NumberFault::None, "212000-0142"},
                    Case{"212000-0142.", NumberFault::None, "212000-0142"},
                    Case{"2120.000142", NumberFault::Format, ""},
                    Case{"212000.014", NumberFault::Format, ""},
                    Case{"212000.0143", NumberFault::CheckDigit, ""},
                    Case{"121212-1212", NumberFault::Format, ""}));

INSTANTIATE_TEST_SUITE_P(NumberAmongOthers, OrganisationNumberTable,
                         testing::Values(Case{"SE212000014201", NumberFault::Unusual, ""},
                                         Case{"SE 212000-0142 01", NumberFault::Unusual, ""},
                                         Case{"Org.nr: 212000-0142", NumberFault::Unusual, ""},
                                         Case{"212000-0142 (kommunen)", NumberFault::Unusual, ""},
                                         Case{"212000-0142 / 556016-0680", NumberFault::Several,
                                              ""},
                                         Case{"Org.nr 212000-0143", NumberFault::CheckDigit, ""},
                                         Case{"Org.nr 121212-1212", NumberFault::Format, ""},
                                         Case{"saknas", NumberFault::Format, ""}));

}  // namespace
}  // namespace avtalskoll::rules
