#include "app/review/case.h"

#include <gtest/gtest.h>

namespace avtalskoll::app {
namespace {

TEST(FindingPlace, IsReadAsItWasWritten) {
    const FindingPlace place{"page_missing", {"avtal", "14", ""}, 2, 7, "0123abcd"};
    EXPECT_EQ(to_string(place), "page_missing/avtal/14//2/7/0123abcd");
    EXPECT_EQ(finding_place_from(to_string(place)), place);
    EXPECT_EQ(finding_place_from("no_agreement////0/0/00000000").code, "no_agreement");
    const FindingPlace with_slash{"page_missing", {"avtal", "5/6", ""}, 2, 7, "0123abcd"};
    EXPECT_EQ(to_string(finding_place_from(to_string(with_slash))), to_string(with_slash));
}

TEST(FindingPlace, WhatIsNoPlaceIsOfNoFinding) {
    for (const char* text : {"x", "a/b/c", "a/b/c/d/e/1/s", "a/b/c/d/1/2x/s", "a/b/c/d/1/", "/"})
        EXPECT_EQ(finding_place_from(text), FindingPlace{.code = text}) << text;
}

TEST(LastDecision, IsTheLastThatHolds) {
    OpenCase open;
    EXPECT_EQ(last_decision(open), nullptr);
    open.decisions.resize(3);
    open.decisions[1].undone = true;
    open.decisions[2].action = Action::Undo;
    EXPECT_EQ(last_decision(open), &open.decisions[0]);
}

}  // namespace
}  // namespace avtalskoll::app
