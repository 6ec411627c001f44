#include "ocr/matching/lookalike.h"

#include <gtest/gtest.h>

#include "ocr/matching/page_matcher.h"
#include "tests/support/ocr_fixture.h"

namespace avtalskoll::ocr {
namespace {

// A delivery agreement in two versions: on page 1 a paragraph and the version differ, on page 2 the
// version's last digit only.
const FormLibrary& versions() {
    static const FormLibrary library(pipeline::load_forms(AVTALSKOLL_SOURCE_DIR "/tests/forms"),
                                     {});
    return library;
}

std::vector<const BlankPage*> delivery_pages(int page) {
    std::vector<const BlankPage*> found;
    for (const BlankPage& blank : versions().blanks().pages)
        if (blank.page == page &&
            versions().forms().forms[static_cast<std::size_t>(blank.form)].id == "leveransavtal")
            found.push_back(&blank);
    return found;
}

cv::Mat scanned(const BlankPage& blank) {
    return scan_of(blank, turned_page(1.2, 0.98, blank.match.size(), blank.read.size()),
                   blank.read.size());
}

TEST(Lookalike, EveryPageKnowsItsCounterpart) {
    for (const int page : {1, 2})
        for (const BlankPage* blank : delivery_pages(page)) {
            ASSERT_EQ(blank->lookalikes.size(), 1U) << page;
            EXPECT_EQ(versions().blanks().pages[blank->lookalikes[0].page].page, page);
            EXPECT_FALSE(blank->lookalikes[0].differences.empty());
        }
}

TEST(Lookalike, ParagraphTellsTheVersion) {
    for (const BlankPage* blank : delivery_pages(1)) {
        const PageMatch match = match_page(scanned(*blank), versions().blanks(), {});
        ASSERT_EQ(match.kind, PageKind::Form);
        EXPECT_EQ(match.match.form, blank->form);
        EXPECT_TRUE(match.match.also.empty());
    }
}

TEST(Lookalike, WithoutTheDifferencePageMayBeEither) {
    for (const BlankPage* blank : delivery_pages(2)) {
        BlankPage without = *blank;
        cv::Mat print = blank->read.whole();
        for (const PrintDifference& difference : blank->lookalikes[0].differences)
            print(difference.box).setTo(255);
        without.read = PackedPicture(print);
        const PageMatch match = match_page(scanned(without), versions().blanks(), {});
        ASSERT_EQ(match.kind, PageKind::Form);
        ASSERT_EQ(match.match.also.size(), 1U);
        for (const BlankPage* version : delivery_pages(2))
            EXPECT_EQ(match.match.page_in(version->form), 2);
    }
}

// The signature pages of the two agreements: the same layout, other headings and parties.
TEST(Lookalike, SignaturePagesOfSisterAgreementsAreToldApartByTheirOwnPrint) {
    int pairs = 0;
    for (const BlankPage& blank : test_library().blanks().pages)
        for (const Lookalike& alike : blank.lookalikes) {
            EXPECT_FALSE(alike.version);
            EXPECT_FALSE(alike.differences.empty());
            const PageMatch match = match_page(scanned(blank), test_library().blanks(), {});
            ASSERT_EQ(match.kind, PageKind::Form);
            EXPECT_EQ(match.blank, &blank);
            ++pairs;
        }
    EXPECT_GE(pairs, 2);
}

}  // namespace
}  // namespace avtalskoll::ocr
