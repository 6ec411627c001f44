#include "pipeline/texts/texts.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

Texts load(const std::string& yaml) {
    const TemporaryFolder folder;
    std::ofstream(folder.path() / "xx.yaml") << yaml;
    return Texts(folder.path() / "xx.yaml");
}

TEST(Texts, SayValuesByTheirNames) {
    const Texts texts = load(
        "page: {far: 'Sidan {page} av {title}: {why}', near: 'nära'}\n"
        "size: '{mpx:.0f} Mpx, {{så}}'\n");
    EXPECT_EQ(texts.say(Message("page.far",
                                {{"title", "{x}"}, {"page", 3}, {"why", Message("page.near")}})),
              "Sidan 3 av {x}: nära");
    EXPECT_EQ(texts.say(Message("size", {{"mpx", 3.7}})), "4 Mpx, {så}");
}

TEST(Texts, LeaveWhatWasWrittenAsItIs) {
    const Texts texts = load("a: b\n");
    EXPECT_EQ(texts.say(Message()), "");
    EXPECT_EQ(texts.say(Message::as_written("{so} it was")), "{so} it was");
}

TEST(Texts, AMessageThatNoTextFitsShowsItsKeyAndValues) {
    const Texts texts = load("a: '{n:.0f}'\n");
    EXPECT_EQ(texts.say(Message("b")), "b");
    EXPECT_EQ(texts.say(Message("a")), "a");
    EXPECT_EQ(texts.say(Message("a", {{"n", "text"}})), to_string(Message("a", {{"n", "text"}})));
    EXPECT_EQ(texts.say(Message("a", {{"m", 1.0}})), to_string(Message("a", {{"m", 1.0}})));
    EXPECT_EQ(texts.say(Message("a", {{"n", 1.0}})), "1");
}

TEST(Texts, WhatDoesNotParseIsRefusedWithFileAndLine) {
    for (const char* wrong : {"'{'", "'}'", "'{}'", "'{0}'", "'{a b}'", "'{a:{b}}'", "'{a:.0q}'",
                              "'{a:.0f'", "[list]"}) {
        try {
            (void)load(std::string("ok: fine\nwrong: ") + wrong + "\n");
            FAIL() << wrong;
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::BadInput);
            EXPECT_NE(std::string(e.what()).find("xx.yaml:2: "), std::string::npos) << e.what();
        }
    }
    EXPECT_THROW(load("a: x\na: y\n"), Error) << "one key, two texts";
    EXPECT_THROW(load("- a\n"), Error);
}

}  // namespace
}  // namespace avtalskoll::pipeline
