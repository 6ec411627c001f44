#include "rules/email.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

TEST(Email, DomainIsLowered) { EXPECT_EQ(parse_email("Gis.Stod@Exempel.SE"), "Gis.Stod@exempel.se"); }
TEST(Email, LettersBeyondAsciiAreAllowed) { EXPECT_EQ(parse_email("åsa.öberg@exempelå.se"), "åsa.öberg@exempelå.se"); }

class ValidEmail : public testing::TestWithParam<const char*> {};
TEST_P(ValidEmail, IsAccepted) { EXPECT_TRUE(parse_email(GetParam()).has_value()); }
INSTANTIATE_TEST_SUITE_P(Table, ValidEmail, testing::Values("a@b.se", "gis_60@sbf.exempel.se", "a.b-c+d@ex-empel.co.uk", "O'Neil@exempel.se", "1@2.nu"));

class InvalidEmail : public testing::TestWithParam<const char*> {};
TEST_P(InvalidEmail, IsRefused) { EXPECT_FALSE(parse_email(GetParam()).has_value()); }
INSTANTIATE_TEST_SUITE_P(Table, InvalidEmail,
                         testing::Values("", "gis60sbf.exempel.se", "a@b", "a@@b.se", "a@b@c.se", ".a@b.se", "a.@b.se", "a..b@c.se", "a@.se", "a@b.", "a@-b.se", "a@b.s", "a@b.12",
                                         "a b@c.se", "a@b c.se", "a@b.se:", "(a@b.se", "a,b@c.se"));

}  // namespace
}  // namespace avtalskoll::rules
