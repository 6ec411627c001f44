#include "ocr/matching/packed_blank.h"

#include <gtest/gtest.h>

#include <map>

#include "ocr/matching/form_library.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

bool same_pixels(const cv::Mat& a, const cv::Mat& b) {
    return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

// A cache in memory that counts what it is asked.
class MemoryCache : public BlankCache {
public:
    std::optional<std::string> find(const Blanks& blanks) const override {
        const auto at = kept.find(blanks);
        return at == kept.end() ? std::nullopt : std::optional(at->second);
    }
    void keep(const Blanks& blanks, std::string_view bytes) const override {
        kept[blanks] = bytes;
        ++writes;
    }
    mutable std::map<Blanks, std::string> kept;
    mutable int writes = 0;
};

void expect_same(const BlankPage& a, const BlankPage& b) {
    EXPECT_EQ(a.form, b.form);
    EXPECT_EQ(a.page, b.page);
    EXPECT_EQ(a.size.w, b.size.w);
    EXPECT_EQ(a.size.h, b.size.h);
    EXPECT_TRUE(same_pixels(a.read.whole(), b.read.whole()));
    EXPECT_TRUE(same_pixels(a.match.whole(), b.match.whole()));
    EXPECT_TRUE(same_pixels(a.printed.whole(), b.printed.whole()));
    EXPECT_EQ(a.keypoints, b.keypoints);
    EXPECT_TRUE(same_pixels(a.descriptors, b.descriptors));
    EXPECT_EQ(a.anchors, b.anchors);
    EXPECT_EQ(a.vocabulary, b.vocabulary);
    ASSERT_EQ(a.words.size(), b.words.size());
    for (std::size_t i = 0; i < a.words.size(); ++i) {
        EXPECT_EQ(a.words[i].text, b.words[i].text);
        EXPECT_EQ(a.words[i].box.x, b.words[i].box.x);
        EXPECT_EQ(a.words[i].size_pt, b.words[i].size_pt);
        EXPECT_EQ(a.words[i].bold, b.words[i].bold);
    }
}

void expect_same(const std::vector<Lookalike>& a, const std::vector<Lookalike>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].page, b[i].page);
        EXPECT_EQ(a[i].version, b[i].version);
        ASSERT_EQ(a[i].differences.size(), b[i].differences.size());
        for (std::size_t d = 0; d < a[i].differences.size(); ++d) {
            EXPECT_EQ(a[i].differences[d].box, b[i].differences[d].box);
            EXPECT_TRUE(same_pixels(a[i].differences[d].print, b[i].differences[d].print));
        }
    }
}

TEST(PackedBlank, AllThatWasPreparedComesBack) {
    const std::vector<BlankPage>& pages = test_library().blanks().pages;
    const std::vector<BlankPage> of_first(pages.begin(), pages.begin() + 2);
    const auto back = unpack_blank(pack_blank(of_first), of_first[0].form);
    ASSERT_EQ(back.size(), 2U);
    for (std::size_t i = 0; i < back.size(); ++i) expect_same(back[i], of_first[i]);
}

TEST(PackedBlank, OtherBytesAreRefused) {
    const std::string whole = pack_blank({test_library().blanks().pages[0]});
    EXPECT_ANY_THROW(unpack_blank(whole.substr(0, whole.size() / 2), 0));
    EXPECT_ANY_THROW(unpack_blank("", 0));
    EXPECT_ANY_THROW(unpack_blank("\x80", 0)) << "a list without pages";
}

TEST(PackedBlank, ALibraryOfKeptBlanksIsTheSameAsADrawnOne) {
    const MemoryCache cache;
    const FormSet forms = test_library().forms();
    const FormLibrary first(forms, {}, FormLibrary::one_by_one, &cache);
    const int writes = static_cast<int>(forms.forms.size()) + 1;
    EXPECT_EQ(cache.writes, writes) << "each blank, and how they compare";
    const FormLibrary second(forms, {}, FormLibrary::one_by_one, &cache);
    EXPECT_EQ(cache.writes, writes) << "nothing was done again";
    ASSERT_EQ(second.blanks().pages.size(), first.blanks().pages.size());
    for (std::size_t i = 0; i < first.blanks().pages.size(); ++i) {
        expect_same(second.blanks().pages[i], first.blanks().pages[i]);
        expect_same(second.blanks().pages[i].lookalikes, first.blanks().pages[i].lookalikes);
    }
    EXPECT_EQ(second.forms().forms[0].print.size(), first.forms().forms[0].print.size());
}

TEST(PackedBlank, WhatTheCacheBrokeIsDrawnAgain) {
    const MemoryCache cache;
    const FormSet forms = test_library().forms();
    for (const Form& form : forms.forms) cache.kept[{form.blank}] = "no pages";
    const FormLibrary library(forms, {}, FormLibrary::one_by_one, &cache);
    EXPECT_EQ(library.blanks().pages.size(), test_library().blanks().pages.size());
    EXPECT_EQ(cache.writes, static_cast<int>(forms.forms.size()) + 1);
}

TEST(PackedBlank, LookalikesOfOtherPagesAreRefused) {
    std::vector<BlankPage> two(2), three(3);
    two[0].lookalikes.push_back({1, false, {}});
    EXPECT_ANY_THROW(unpack_lookalikes(pack_lookalikes(two), three));
    two[0].lookalikes.front().page = 2;
    std::vector<BlankPage> others(2);
    EXPECT_ANY_THROW(unpack_lookalikes(pack_lookalikes(two), others));
}

}  // namespace
}  // namespace avtalskoll::ocr
