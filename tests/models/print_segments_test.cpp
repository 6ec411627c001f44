#include "models/print_segments.h"

#include <gtest/gtest.h>

namespace avtalskoll {
namespace {

PrintedWord word(double x, double y, const char* text, double width = 30) {
    return {{x, y, width, 10}, text, 10, false};
}

TEST(Segments, WordsOfOneLineThatStandTogetherAreOne) {
    const auto found = segments_of({word(100, 50, "kontakt"), word(65, 51, "Namn,")}, 3);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].text, "Namn, kontakt");
    EXPECT_EQ(found[0].page, 3);
    EXPECT_DOUBLE_EQ(found[0].box.x, 65);
    EXPECT_DOUBLE_EQ(found[0].box.right(), 130);
}

TEST(Segments, AWideGapPartsThem) {
    const auto found = segments_of({word(50, 50, "Namn"), word(200, 50, "Roll")}, 1);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].text, "Namn");
    EXPECT_EQ(found[1].text, "Roll");
}

TEST(Segments, AHeadingsNumberMayStandFurtherFromItsTitle) {
    const auto found = segments_of({word(50, 50, "14", 12), word(90, 50, "Underskrift")}, 1);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].text, "14 Underskrift");
}

TEST(Segments, LinesComeDownwards) {
    const auto found = segments_of({word(50, 90, "under"), word(50, 50, "over")}, 1);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].text, "over");
}

}  // namespace
}  // namespace avtalskoll
