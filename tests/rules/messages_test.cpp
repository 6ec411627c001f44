#include "rules/messages.h"

#include <gtest/gtest.h>

#include "tests/support/texts.h"

namespace avtalskoll::rules {
namespace {

TEST(Messages, KnownReasonNamesTheField) {
    EXPECT_EQ(said(message_for("empty", "E-post")), "E-post: fältet är tomt.");
}
TEST(Messages, UnknownReasonStillSaysSomething) {
    EXPECT_NE(said(message_for("something_new", "Roll")).find("Roll"), std::string::npos);
}
TEST(Messages, NoReasonNoMessage) { EXPECT_TRUE(message_for("", "Roll").empty()); }

}  // namespace
}  // namespace avtalskoll::rules
