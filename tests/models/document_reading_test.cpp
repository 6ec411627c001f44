#include "models/document_reading.h"

#include <gtest/gtest.h>

#include "models/error.h"

namespace avtalskoll {
namespace {

PageReading page(int number) {
    PageReading reading;
    reading.origin = {"a.pdf", number};
    return reading;
}

TEST(DocumentReading, IsMadeOfAllPagesOrNotAtAll) {
    const std::vector<PageReading> pages{page(1), page(2)};
    EXPECT_EQ(DocumentReading::whole({"a.pdf", "", 2}, pages).pages().size(), 2U);
    EXPECT_THROW(DocumentReading::whole({"a.pdf", "", 3}, pages), Error) << "the last was not read";
    EXPECT_THROW(DocumentReading::whole({"a.pdf", "", 2}, {pages[0], pages[0]}), Error)
        << "one twice";
    EXPECT_THROW(DocumentReading::whole({"a.pdf", "", 0}, {}), Error) << "nothing";
    EXPECT_THROW(DocumentReading::unread(
                     {"a.pdf", "", 2}, {.code = "x", .severity = Severity::Review, .message = {}}),
                 Error)
        << "for no reason that counts";
}

TEST(DocumentReading, PagesStayWhereTheyAre) {
    std::vector<DocumentReading> documents{
        DocumentReading::whole({"a.pdf", "", 2}, {page(1), page(2)})};
    const Pages pages = pages_of(documents);
    ASSERT_EQ(pages.size(), 2U);
    documents[0].page(2).kind = PageKind::Blank;
    EXPECT_EQ(pages[1]->kind, PageKind::Blank);
}

}  // namespace
}  // namespace avtalskoll
