#include "rules/kinds/email.h"

#include <gtest/gtest.h>

#include "tests/support/rule_words.h"

namespace avtalskoll::rules {
namespace {

TEST(Email, DomainIsLowered) {
    EXPECT_EQ(parse_email("Gis.Stod@Exempel.SE"), "Gis.Stod@exempel.se");
}
TEST(Email, LettersBeyondAsciiAreAllowed) {
    EXPECT_EQ(parse_email("åsa.öberg@exempelå.se"), "åsa.öberg@exempelå.se");
}

class ValidEmail : public testing::TestWithParam<const char*> {};
TEST_P(ValidEmail, IsAccepted) { EXPECT_TRUE(parse_email(GetParam()).has_value()); }
INSTANTIATE_TEST_SUITE_P(Table, ValidEmail,
                         testing::Values("a@b.se", "gis_60@sbf.exempel.se",
                                         "a.b-c+d@ex-empel.co.uk", "O'Neil@exempel.se", "1@2.nu"));

class InvalidEmail : public testing::TestWithParam<const char*> {};
TEST_P(InvalidEmail, IsRefused) { EXPECT_FALSE(parse_email(GetParam()).has_value()); }
INSTANTIATE_TEST_SUITE_P(Table, InvalidEmail,
                         testing::Values("", "gis60sbf.exempel.se", "a@b", "a@@b.se", "a@b@c.se",
                                         ".a@b.se", "a.@b.se", "a..b@c.se", "a@.se", "a@b.",
                                         "a@-b.se", "a@b.s", "a@b.12", "a b@c.se", "a@b c.se",
                                         "a@b.se:", "(a@b.se", "a,b@c.se"));

struct WrittenAddress {
    const char* written;
    EmailFault fault;
    const char* address;
};
class AddressOnAForm : public testing::TestWithParam<WrittenAddress> {};
TEST_P(AddressOnAForm, IsReadAsMeant) {
    const Email read = read_email(GetParam().written, rule_words());
    EXPECT_EQ(read.fault, GetParam().fault);
    if (read.fault == EmailFault::None) {
        EXPECT_EQ(read.address, GetParam().address);
    } else {
        EXPECT_EQ(read.canonical, "");
    }
}
INSTANTIATE_TEST_SUITE_P(
    Certain, AddressOnAForm,
    testing::Values(WrittenAddress{"a.ek@b.se.", EmailFault::None, "a.ek@b.se"},
                    WrittenAddress{"<a.ek@b.se>", EmailFault::None, "a.ek@b.se"},
                    WrittenAddress{"mailto:A.Ek@B.se", EmailFault::None, "A.Ek@B.se"},
                    WrittenAddress{"<Mailto: a.ek@b.se>", EmailFault::None, "a.ek@b.se"},
                    WrittenAddress{"a.ek\u00AD@b.se\u200B", EmailFault::None, "a.ek@b.se"},
                    WrittenAddress{"a\u2011ek@b.se", EmailFault::None, "a-ek@b.se"},
                    WrittenAddress{"a\u030Asa@b.se", EmailFault::None, "åsa@b.se"},
                    WrittenAddress{"a\uFF20b.se", EmailFault::None, "a@b.se"}));
INSTANTIATE_TEST_SUITE_P(
    ForAPerson, AddressOnAForm,
    testing::Values(WrittenAddress{"a@b.se;c@d.se", EmailFault::Several, ""},
                    WrittenAddress{"a@b.se, c@d.se", EmailFault::Several, ""},
                    WrittenAddress{"a@b.se/c@d.se", EmailFault::Several, ""},
                    WrittenAddress{"a@b.se c@d.se", EmailFault::Several, ""},
                    WrittenAddress{"a@b.se eller c@d.se", EmailFault::Several, ""},
                    WrittenAddress{"a/c@b.se", EmailFault::Several, ""},
                    WrittenAddress{"a.ek(at)b.se", EmailFault::Unusual, ""},
                    WrittenAddress{"a.ek [at] b.se", EmailFault::Unusual, ""},
                    WrittenAddress{"a.ek at b.se", EmailFault::Unusual, ""},
                    WrittenAddress{"Anna Ek <a.ek@b.se>", EmailFault::Unusual, ""},
                    WrittenAddress{"a.ek@b,se", EmailFault::Unusual, ""},
                    WrittenAddress{"a.ek @b.se", EmailFault::Unusual, ""},
                    WrittenAddress{"a@@b.se", EmailFault::Unusual, ""}));
INSTANTIATE_TEST_SUITE_P(Wrong, AddressOnAForm,
                         testing::Values(WrittenAddress{"a.ek.b.se", EmailFault::NotAnAddress, ""},
                                         WrittenAddress{"a.ek@b", EmailFault::NotAnAddress, ""},
                                         WrittenAddress{"Anna Ek", EmailFault::NotAnAddress, ""},
                                         WrittenAddress{"", EmailFault::NotAnAddress, ""}));

}  // namespace
}  // namespace avtalskoll::rules
