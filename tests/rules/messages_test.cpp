#include "rules/messages.h"

#include <gtest/gtest.h>

namespace avtalskoll::rules {
namespace {

TEST(Messages, KnownReasonNamesTheField) {
    EXPECT_EQ(message_for("empty", "E-post"), "E-post: fältet är tomt.");
}
TEST(Messages, UnknownReasonStillSaysSomething) {
    EXPECT_NE(message_for("something_new", "Roll").find("Roll"), std::string::npos);
}
TEST(Messages, NoReasonNoMessage) { EXPECT_EQ(message_for("", "Roll"), ""); }

}  // namespace
}  // namespace avtalskoll::rules
