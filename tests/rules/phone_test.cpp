#include "rules/phone.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

struct Case {
    const char* written;
    PhoneFault fault;
    const char* e164;
};

class PhoneTable : public testing::TestWithParam<Case> {};

TEST_P(PhoneTable, IsJudgedAsListed) {
    const Phone phone = parse_phone(GetParam().written, rule_words());
    EXPECT_EQ(phone.fault, GetParam().fault);
    EXPECT_EQ(phone.e164, GetParam().e164);
}

INSTANTIATE_TEST_SUITE_P(WaysOfWriting, PhoneTable,
                         testing::Values(Case{"026-63 30 00", PhoneFault::None, "+4626633000"},
                                         Case{"+46 (0)26-63 30 00", PhoneFault::None,
                                              "+4626633000"},
                                         Case{"026/63 30 00", PhoneFault::None, "+4626633000"},
                                         Case{"+46 26 63 30 00", PhoneFault::None, "+4626633000"},
                                         Case{"0046 26 63 30 00", PhoneFault::None, "+4626633000"},
                                         Case{"026\u201363 30 00", PhoneFault::None, "+4626633000"},
                                         Case{"070-514 04 48", PhoneFault::None, "+46705140448"},
                                         Case{"0771-63 63 63", PhoneFault::None, "+46771636363"},
                                         Case{"08-123 456 78", PhoneFault::None, "+46812345678"},
                                         Case{"+45 33 12 34 56", PhoneFault::None, "+4533123456"}));

INSTANTIATE_TEST_SUITE_P(Refused, PhoneTable,
                         testing::Values(Case{"63 3O 00", PhoneFault::NotANumber, ""},
                                         Case{"070-123", PhoneFault::NotANumber, ""},
                                         Case{"", PhoneFault::NotANumber, ""},
                                         Case{"växeln", PhoneFault::NotANumber, ""},
                                         Case{"026-63 30 00 63 30 00 63", PhoneFault::NotANumber,
                                              ""}));

INSTANTIATE_TEST_SUITE_P(
    OddSigns, PhoneTable,
    testing::Values(Case{"+46(0)26-63 30 00", PhoneFault::None, "+4626633000"},
                    Case{"026\u201163\u00A030\u00A000", PhoneFault::None, "+4626633000"},
                    Case{"026 \u2012 63\u00AD 30 00\u200B", PhoneFault::None, "+4626633000"},
                    Case{"026-63 30 00.", PhoneFault::None, "+4626633000"},
                    Case{"+47 22 12 34 56", PhoneFault::None, "+4722123456"},
                    Case{"+358 9 1234567", PhoneFault::None, "+35891234567"}));

INSTANTIATE_TEST_SUITE_P(
    ForAPerson, PhoneTable,
    testing::Values(Case{"026-63 30 00/070-514 04 48", PhoneFault::Several, ""},
                    Case{"026-63 30 00, 070-514 04 48", PhoneFault::Several, ""},
                    Case{"026-63 30 00 eller 070-514 04 48", PhoneFault::Several, ""},
                    Case{"026-63 30 00 070-514 04 48", PhoneFault::Several, ""},
                    Case{"026-63 30 00 vx", PhoneFault::Unusual, ""},
                    Case{"vx 026-63 30 00", PhoneFault::Unusual, ""},
                    Case{"026-63 30 00 (vx)", PhoneFault::Unusual, ""},
                    Case{"026-63 30 00 ankn 12", PhoneFault::Unusual, ""},
                    Case{"070-514 04 48 l", PhoneFault::Unusual, ""},
                    Case{"026-63 30 00, ankn. 12", PhoneFault::Unusual, ""},
                    Case{"114 14", PhoneFault::Short, ""}, Case{"1177", PhoneFault::Short, ""},
                    Case{"112", PhoneFault::Short, ""}));

}  // namespace
}  // namespace avtalskoll::rules
