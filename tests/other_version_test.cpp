#include "ocr/other_version.h"

#include <gtest/gtest.h>

#include "ocr/page_matcher.h"
#include "tests/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

// A delivery agreement in two versions: on page 1 a paragraph and the version differ, on page 2 the version's last digit only.
const FormLibrary& versions() {
    static const FormLibrary library(pipeline::load_forms(AVTALSKOLL_SOURCE_DIR "/tests/forms"), {});
    return library;
}

std::vector<const BlankPage*> delivery_pages(int page) {
    std::vector<const BlankPage*> found;
    for (const BlankPage& blank : versions().pages())
        if (blank.page == page && versions().forms().forms[static_cast<std::size_t>(blank.form)].id == "leveransavtal") found.push_back(&blank);
    return found;
}

cv::Mat scanned(const BlankPage& blank) { return scan_of(blank, turned_page(1.2, 0.98, blank.match.size(), blank.read.size()), blank.read.size()); }

TEST(OtherVersion, EveryPageKnowsItsCounterpart) {
    for (const int page : {1, 2})
        for (const BlankPage* blank : delivery_pages(page)) {
            ASSERT_EQ(blank->versions.size(), 1U) << page;
            EXPECT_EQ(versions().pages()[blank->versions[0].page].page, page);
            EXPECT_FALSE(blank->versions[0].differences.empty());
        }
}

TEST(OtherVersion, ParagraphTellsTheVersion) {
    for (const BlankPage* blank : delivery_pages(1)) {
        const PageMatch match = match_page(scanned(*blank), versions().pages(), {});
        ASSERT_EQ(match.kind, PageKind::Form);
        EXPECT_EQ(match.match.form, blank->form);
        EXPECT_TRUE(match.match.also.empty());
    }
}

TEST(OtherVersion, WithoutTheDifferencePageMayBeEither) {
    for (const BlankPage* blank : delivery_pages(2)) {
        BlankPage without = *blank;
        without.read = blank->read.clone();
        for (const PrintDifference& difference : blank->versions[0].differences) without.read(difference.box).setTo(255);
        const PageMatch match = match_page(scanned(without), versions().pages(), {});
        ASSERT_EQ(match.kind, PageKind::Form);
        ASSERT_EQ(match.match.also.size(), 1U);
        for (const BlankPage* version : delivery_pages(2)) EXPECT_EQ(match.match.page_in(version->form), 2);
    }
}

TEST(OtherVersion, OtherFormsAreNoVersions) {
    for (const BlankPage& blank : test_library().pages()) EXPECT_TRUE(blank.versions.empty());
}

}  // namespace
}  // namespace avtalskoll::ocr
