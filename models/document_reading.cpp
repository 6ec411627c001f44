#include "models/document_reading.h"

#include <string>
#include <utility>

#include "models/error.h"

namespace avtalskoll {

DocumentReading::DocumentReading(FileReport file, std::vector<PageReading> pages,
                                 std::optional<Finding> why)
    : file_(std::move(file)), pages_(std::move(pages)), why_unread_(std::move(why)) {}

DocumentReading DocumentReading::whole(FileReport file, std::vector<PageReading> pages) {
    bool each_once = static_cast<int>(pages.size()) == file.pages && file.pages > 0;
    for (std::size_t i = 0; i < pages.size(); ++i)
        each_once &= pages[i].origin.page == static_cast<int>(i + 1);
    if (!each_once)
        throw Error(ErrorKind::Internal,
                    "a document was not read to its end: " + std::to_string(pages.size()) + " of " +
                        std::to_string(file.pages) + " pages; nothing was judged");
    return {std::move(file), std::move(pages), std::nullopt};
}

DocumentReading DocumentReading::unread(FileReport file, Finding why) {
    if (why.severity != Severity::Error)
        throw Error(ErrorKind::Internal, "a document is left unread for a reason that is no error");
    return {std::move(file), {}, std::move(why)};
}

Pages pages_of(const std::vector<DocumentReading>& documents) {
    Pages pages;
    for (const DocumentReading& document : documents)
        for (const PageReading& page : document.pages()) pages.push_back(&page);
    return pages;
}

}  // namespace avtalskoll
