#include "pipeline/forms/word_lists.h"

#include <gtest/gtest.h>

#include <fstream>

#include "models/error.h"
#include "models/text.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::pipeline {
namespace {

const std::filesystem::path kData = AVTALSKOLL_SOURCE_DIR "/data";

class WordLists : public testing::Test {
protected:
    std::filesystem::path file(const std::string& yaml) const {
        std::ofstream(folder_.path() / "words.yaml") << yaml;
        return folder_.path() / "words.yaml";
    }
    template <class Load>
    std::string complaint(Load load, const std::string& yaml) const {
        try {
            load(file(yaml));
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), ErrorKind::BadInput);
            return e.what();
        }
        return "taken";
    }
    const TemporaryFolder folder_;
};

TEST_F(WordLists, OfTheProgramAreWhole) {
    const FieldWords fields = load_field_words(kData / "field_words.yaml");
    std::set<FieldKind> kinds;
    for (const auto& entry : fields.fields) {
        EXPECT_FALSE(entry.id.empty());
        EXPECT_FALSE(entry.words.empty()) << entry.id;
        kinds.insert(entry.kind);
    }
    for (const KindTraits& traits : all_kinds())  // boxes to tick are known by their shape
        EXPECT_TRUE(kinds.contains(traits.kind) || is_ticked(traits.kind)) << traits.name;
    const rules::PageWords pages = load_page_words(kData / "page_words.yaml");
    EXPECT_FALSE(pages.letter.empty());
    EXPECT_FALSE(pages.agreement.empty());
}

// Words of a page are compared without marks and in small letters; one in the list that is not so
// written would never be found.
TEST_F(WordLists, AreFoldedAsThePagesWordsAre) {
    const rules::PageWords words =
        load_page_words(file("letter: [Följebrev, '  Å  b-c ']\nagreement: [UPPSÄGNING]\n"));
    EXPECT_EQ(words.letter, (std::vector<std::string>{"foljebrev", bare_words("Å b-c")}));
    EXPECT_EQ(words.agreement, std::vector<std::string>{"uppsagning"});
}

TEST_F(WordLists, WhatIsWrongIsToldWithItsLine) {
    const std::string lists =
        "beside_signature: [datum]\nannex: [bilaga]\nnumbered: [punkt]\nparts: [del]\n"
        "prompts: []\nown_side: []\nother_side: []\nversion: [utgava]\nuntitled_point: Punkt\n";
    const auto of_fields = [&](const std::string& yaml) {
        return complaint(load_field_words, yaml);
    };
    EXPECT_EQ(of_fields(lists + "fields:\n  - {id: a, kind: text, words: [a]}\n"), "taken");
    EXPECT_NE(of_fields(lists + "fields:\n  - {id: a, kind: texxt, words: [a]}\n").find(":11:"),
              std::string::npos);
    EXPECT_NE(of_fields(lists + "fields:\n  - {id: a, words: [a]}\n").find("'kind' is missing"),
              std::string::npos);
    EXPECT_NE(of_fields(lists + "fields: []\n").find("'fields'"), std::string::npos);
    EXPECT_NE(of_fields(lists + "fields:\n  - {id: a, kind: text, words: [[a]]}\n").find("words"),
              std::string::npos);
    const auto of_pages = [&](const std::string& yaml) { return complaint(load_page_words, yaml); };
    EXPECT_NE(of_pages("letter: [a]\nagrement: [b]\n").find(":2: unknown key 'agrement'"),
              std::string::npos);
    EXPECT_NE(of_pages("letter: [a]\n").find("'agreement' is missing"), std::string::npos);
    EXPECT_NE(of_pages("letter: [a\n").find("words.yaml:"), std::string::npos);
    EXPECT_NE(of_pages("").find("map"), std::string::npos);
    EXPECT_THROW(load_page_words(folder_.path() / "absent.yaml"), Error);
}

}  // namespace
}  // namespace avtalskoll::pipeline
