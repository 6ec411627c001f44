#include "rules/kinds/phone.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

struct PhoneCase {
    const char* written;
    PhoneFault fault;
    const char* e164;
};

class PhoneTable : public testing::TestWithParam<PhoneCase> {};

TEST_P(PhoneTable, IsJudgedAsListed) {
    const Phone phone = parse_phone(GetParam().written, rule_words());
    EXPECT_EQ(phone.fault, GetParam().fault);
    EXPECT_EQ(phone.e164, GetParam().e164);
}

INSTANTIATE_TEST_SUITE_P(
    WaysOfWriting, PhoneTable,
    testing::Values(PhoneCase{"026-63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"+46 (0)26-63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"026/63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"+46 26 63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"0046 26 63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"026\u201363 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"070-514 04 48", PhoneFault::None, "+46705140448"},
                    PhoneCase{"0771-63 63 63", PhoneFault::None, "+46771636363"},
                    PhoneCase{"08-123 456 78", PhoneFault::None, "+46812345678"},
                    PhoneCase{"+45 33 12 34 56", PhoneFault::None, "+4533123456"}));

INSTANTIATE_TEST_SUITE_P(Refused, PhoneTable,
                         testing::Values(PhoneCase{"63 3O 00", PhoneFault::NotANumber, ""},
                                         PhoneCase{"070-123", PhoneFault::NotANumber, ""},
                                         PhoneCase{"", PhoneFault::NotANumber, ""},
                                         PhoneCase{"växeln", PhoneFault::NotANumber, ""},
                                         PhoneCase{"026-63 30 00 63 30 00 63",
                                                   PhoneFault::NotANumber, ""}));

INSTANTIATE_TEST_SUITE_P(
    OddSigns, PhoneTable,
    testing::Values(PhoneCase{"+46(0)26-63 30 00", PhoneFault::None, "+4626633000"},
                    PhoneCase{"026\u201163\u00A030\u00A000", PhoneFault::None, "+4626633000"},
                    PhoneCase{"026 \u2012 63\u00AD 30 00\u200B", PhoneFault::None, "+4626633000"},
                    PhoneCase{"026-63 30 00.", PhoneFault::None, "+4626633000"},
                    PhoneCase{"+47 22 12 34 56", PhoneFault::None, "+4722123456"},
                    PhoneCase{"+358 9 1234567", PhoneFault::None, "+35891234567"}));

INSTANTIATE_TEST_SUITE_P(
    ForAPerson, PhoneTable,
    testing::Values(PhoneCase{"026-63 30 00/070-514 04 48", PhoneFault::Several, ""},
                    PhoneCase{"026-63 30 00, 070-514 04 48", PhoneFault::Several, ""},
                    PhoneCase{"026-63 30 00 eller 070-514 04 48", PhoneFault::Several, ""},
                    PhoneCase{"026-63 30 00 070-514 04 48", PhoneFault::Several, ""},
                    PhoneCase{"026-63 30 00 vx", PhoneFault::Unusual, ""},
                    PhoneCase{"vx 026-63 30 00", PhoneFault::Unusual, ""},
                    PhoneCase{"026-63 30 00 (vx)", PhoneFault::Unusual, ""},
                    PhoneCase{"026-63 30 00 ankn 12", PhoneFault::Unusual, ""},
                    PhoneCase{"070-514 04 48 l", PhoneFault::Unusual, ""},
                    PhoneCase{"026-63 30 00, ankn. 12", PhoneFault::Unusual, ""},
                    PhoneCase{"114 14", PhoneFault::Short, ""},
                    PhoneCase{"1177", PhoneFault::Short, ""},
                    PhoneCase{"112", PhoneFault::Short, ""}));

}  // namespace
}  // namespace avtalskoll::rules
