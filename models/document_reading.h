// One submitted file as the judge may see it: every page of it, or a reason why there is none.
//
// Exists so that a document that was not read to its last page cannot be judged at all: there is no
// way to make one of fewer pages. Plain values; safe from many threads.
#pragma once
#include <optional>
#include <vector>

#include "models/reading.h"
#include "models/report.h"

namespace avtalskoll {

class DocumentReading {
public:
    // `pages` are those of `file` from 1 to file.pages, each once and in order. Throws
    // Error{Internal} when they are not.
    static DocumentReading whole(FileReport file, std::vector<PageReading> pages);

    // A file of which no page is judged; `why` is a finding of severity Error, which keeps the
    // submission from being complete. Throws Error{Internal} when it is of another severity.
    static DocumentReading unread(FileReport file, Finding why);

    const FileReport& file() const { return file_; }
    const std::vector<PageReading>& pages() const { return pages_; }
    const std::optional<Finding>& why_unread() const { return why_unread_; }

    // For reading a page more closely; pages are neither added nor taken away.
    PageReading& page(int number) { return pages_.at(static_cast<std::size_t>(number - 1)); }

private:
    DocumentReading(FileReport file, std::vector<PageReading> pages, std::optional<Finding> why);

    FileReport file_;
    std::vector<PageReading> pages_;
    std::optional<Finding> why_unread_;
};

// Pages of documents that live elsewhere.
using Pages = std::vector<const PageReading*>;

// All pages of all documents, in order. They stay where they are while no document is replaced.
Pages pages_of(const std::vector<DocumentReading>& documents);

}  // namespace avtalskoll
