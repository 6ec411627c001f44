#include "models/message.h"

#include <gtest/gtest.h>

#include "models/error.h"

namespace avtalskoll {
namespace {

TEST(Message, IsEmptyUnlessItSaysSomething) {
    EXPECT_TRUE(Message().empty());
    EXPECT_TRUE(Message::as_written("").empty());
    EXPECT_FALSE(Message("a.b").empty());
    EXPECT_FALSE(Message::as_written("x").empty());
}

TEST(Message, EqualOnesHaveTheSameKeyAndValues) {
    const Message one("a.b", {{"n", 1}, {"inner", Message("c")}});
    EXPECT_EQ(one, Message("a.b", {{"n", 1}, {"inner", Message("c")}}));
    EXPECT_NE(one, Message("a.b", {{"n", 2}, {"inner", Message("c")}}));
    EXPECT_NE(one, Message("a.b", {{"n", 1.0}, {"inner", Message("c")}}));
    EXPECT_NE(Message("x"), Message::as_written("x"));
}

TEST(Message, IsToldInOneLineWhereItIsNoTextForPeople) {
    EXPECT_EQ(to_string(Message("a.b", {{"n", 1}, {"why", Message("c", {{"s", "t"}})}})),
              "a.b (n 1, why c (s t))");
    EXPECT_EQ(to_string(Message("a.b")), "a.b");
    EXPECT_EQ(to_string(Message::as_written("x")), "x");
}

TEST(Message, OfAnErrorIsItsReasonOrItsDetail) {
    const Error with_reason(ErrorKind::OverLimit, Message("a.b", {{"n", 1}}));
    EXPECT_STREQ(with_reason.what(), "a.b (n 1)");
    EXPECT_EQ(with_reason.reason(), Message("a.b", {{"n", 1}}));
    EXPECT_EQ(Error(ErrorKind::Io, "detail").reason(), Message::as_written("detail"));
}

}  // namespace
}  // namespace avtalskoll
