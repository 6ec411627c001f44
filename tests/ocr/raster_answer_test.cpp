// Records that a faulty drawing child may send, and how they are taken.
#include "ocr/document/raster_answer.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "tests/support/texts.h"

namespace avtalskoll::ocr {
namespace {

constexpr auto kLongest = std::chrono::seconds(5);

Answer answer_to(const RasterRecord& record, const std::string& text = "") {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    EXPECT_EQ(::write(ends[1], &record, sizeof record), static_cast<ssize_t>(sizeof record));
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    Answer answer = read_answer(ends[0], kLongest);
    ::close(ends[0]);
    return answer;
}

TEST(RasterAnswer, ComesWithItsText) {
    RasterRecord record{.kind = RasterKind::PageFailed};
    record.text_bytes = 3;
    const Answer answer = answer_to(record, "why");
    EXPECT_EQ(answer.state, Answer::State::Came);
    EXPECT_EQ(answer.text, "why");
}

TEST(RasterAnswer, EveryFaultComesBackByItsNameAndNumbers) {
    for (const RasterFaultFacts& facts : kRasterFaults) {
        std::string text = facts.name;
        RasterTrouble told{facts.fault};
        for (const char* number : facts.numbers)
            if (number) text += " 2.5", told.numbers.push_back(2.5);
        const auto read = trouble_in(text);
        ASSERT_TRUE(read) << text;
        EXPECT_EQ(read->fault, told.fault) << text;
        EXPECT_EQ(read->numbers, told.numbers) << text;
        EXPECT_NE(said(message_of(*read)), "") << text;
    }
}

TEST(RasterAnswer, AFaultThatIsNotInTheTableIsNone) {
    for (const char* text : {"", " ", "no_such_fault", "picture_cut", "picture_cut 1 2",
                             "picture_cut x", "picture_cut 1 ", "picture_cut  1", "picture_cut inf",
                             "encrypted 1", "Encrypted", "picture_cut 1e999"})
        EXPECT_FALSE(trouble_in(text)) << text;
}

TEST(RasterAnswer, DamageIsAKnownOneOrTheFactsAreNonsense) {
    EXPECT_EQ(damage_in("{}"), Message());
    EXPECT_EQ(damage_in(R"({"damage": "picture_cut 50"})"),
              Message("drawing.picture_cut", {{"percent", 50.0}}));
    for (const char* facts :
         {"", "[]", R"({"damage": "sidan"})", R"({"damage": 1})", R"({"damage": ""})"})
        EXPECT_EQ(damage_in(facts), std::nullopt) << facts;
}

// Each counts against the document. A lost server, which does not, is neither ended nor garbled.
TEST(RasterAnswer, NonsenseIsTheChildsFaultNotALostServer) {
    RasterRecord foreign{.kind = RasterKind::Page};
    foreign.magic = 1;
    EXPECT_TRUE(answer_to(foreign).garbled);
    RasterRecord endless{.kind = RasterKind::Facts};
    endless.text_bytes = kMaxFactsBytes + 1;
    EXPECT_TRUE(answer_to(endless).garbled);
    RasterRecord long_reason{.kind = RasterKind::PageFailed};
    long_reason.text_bytes = kMaxReasonBytes + 1;
    EXPECT_TRUE(answer_to(long_reason).garbled);
    RasterRecord ended{.kind = RasterKind::Ended};
    ended.status = 9;
    EXPECT_EQ(answer_to(ended).ended, 9);
    RasterRecord cut{.kind = RasterKind::PageFailed};
    cut.text_bytes = 3;
    const Answer lost = answer_to(cut, "w");
    EXPECT_EQ(lost.state, Answer::State::Gone);
    EXPECT_FALSE(lost.garbled || lost.ended.has_value());
}

}  // namespace
}  // namespace avtalskoll::ocr
