#include "rules/page_ledger.h"

#include <gtest/gtest.h>

#include "tests/support/form_fixture.h"
#include "tests/support/texts.h"

namespace avtalskoll::rules {
namespace {

PageLedger ledger_of(const FormSet& forms, const std::vector<PageReading>& pages) {
    Pages list;
    for (const PageReading& page : pages) list.push_back(&page);
    return whole_ledger(forms, list);
}

// The lease in version 2.0 too, as form 2.
FormSet with_second_lease() {
    FormSet set = make_form_set();
    set.forms.push_back(set.forms[0]);
    set.forms.back().version = "2.0";
    return set;
}

TEST(PageLedger, OrdersPagesByTheFormNotByTheFile) {
    const std::vector<PageReading> pages{signature_page("b.pdf", 1, 0.9),
                                         party_page("a.pdf", 7, 0, "x", "y")};
    const PageLedger ledger = ledger_of(make_form_set(), pages);
    ASSERT_EQ(ledger.entries.size(), 2U);
    EXPECT_EQ(ledger.entries[0].pages[0].at(0)->origin.page, 7);
    EXPECT_EQ(ledger.entries[0].pages[1].at(0)->origin.file, "b.pdf");
    EXPECT_FALSE(ledger.entries[1].present());
}

TEST(PageLedger, UnreadablePageMayBeAnyPage) {
    const PageLedger ledger =
        ledger_of(make_form_set(), {other_page("a.pdf", 1, PageKind::Unreadable)});
    EXPECT_TRUE(ledger.has_unknown_page);
    ASSERT_EQ(ledger.findings.size(), 1U);
    EXPECT_EQ(ledger.findings[0].code, "page_unreadable");
}

TEST(PageLedger, UnknownPageIsReviewOnlyWhileAPageIsAbsent) {
    const PageReading foreign = other_page("a.pdf", 3, PageKind::Foreign);
    const std::vector<PageReading> lacking{party_page("a.pdf", 1, 0, "x", "y"), foreign};
    const std::vector<PageReading> whole{party_page("a.pdf", 1, 0, "x", "y"),
                                         signature_page("a.pdf", 2, 0.9), foreign};
    EXPECT_EQ(ledger_of(make_form_set(), lacking).findings.at(0).severity, Severity::Review);
    EXPECT_EQ(ledger_of(make_form_set(), whole).findings.at(0).severity, Severity::Info);
}

TEST(PageLedger, PagesOfTwoVersionsAreAnError) {
    const FormSet set = with_second_lease();
    PageReading newer = signature_page("a.pdf", 2, 0.9);
    newer.match.form = 2;
    newer.fields.clear();
    const std::vector<PageReading> pages{party_page("a.pdf", 1, 0, "x", "y"), newer};
    const PageLedger ledger = ledger_of(set, pages);
    EXPECT_EQ(ledger.entries.size(), 2U);  // an id once, whatever its versions
    ASSERT_FALSE(ledger.findings.empty());
    EXPECT_EQ(ledger.findings[0].code, "form_versions_mixed");
}

TEST(PageLedger, PageThatTwoVersionsHaveAlikeGoesWithTheOthers) {
    const FormSet set = with_second_lease();
    PageReading alike = signature_page("a.pdf", 2, 0.9);
    alike.match.also = {{2, 2}};
    for (const int version : {0, 2}) {
        PageReading telling = party_page("a.pdf", 1, 0, "x", "y");
        telling.match.form = version;
        const std::vector<PageReading> pages{telling, alike};
        const PageLedger ledger = ledger_of(set, pages);
        EXPECT_EQ(ledger.entries[0].form, version);
        EXPECT_EQ(ledger.entries[0].pages[1].size(), 1U);
        EXPECT_TRUE(ledger.findings.empty());
    }
}

TEST(PageLedger, WithdrawnVersionIsAnErrorThatNamesTheOneThatCounts) {
    for (FormSet set : {make_form_set(), with_second_lease()}) {
        set.forms[0].withdrawn = true;
        const PageLedger ledger = ledger_of(set, {signature_page("a.pdf", 1, 0.9)});
        ASSERT_FALSE(ledger.findings.empty());
        EXPECT_EQ(ledger.findings[0].code, "form_version_withdrawn");
        EXPECT_EQ(ledger.findings[0].severity, Severity::Error);
        const bool another = set.forms.size() > 2;
        EXPECT_EQ(said(ledger.findings[0].message).find("version 2.0") != std::string::npos,
                  another);
    }
}

}  // namespace
}  // namespace avtalskoll::rules
