// Pictures of a submission's pages, and its originals. Pictures are shown; originals are only
// handed out to be saved.
#include <fmt/format.h>

#include <algorithm>

#include "app/review/review.h"
#include "app/store/case_store.h"
#include "app/web/layout.h"
#include "app/web/page_pictures.h"
#include "app/web/pages/pages.h"
#include "app/web/visit.h"
#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

Response no_such_page(const Visit& visit) {
    return message_page(audience_of(visit), 404, Message("answer.status_404"));
}

// A picture, or in its place one that says why there is none.
template <class Draw>
Response picture(const Visit& visit, Draw draw) try {
    return {200, "image/png", draw(), {}};
} catch (const Error& e) {
    if (e.kind() == ErrorKind::NotFound || e.kind() == ErrorKind::Internal) throw;
    return {
        200,
        "image/svg+xml",
        fmt::format(
            R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 60" width="420" )"
            R"(height="60"><rect width="420" height="60" fill="#fff"/>)"
            R"(<text x="12" y="36" font-family="sans-serif" font-size="16">{}</text>)"
            "</svg>",
            kainjow::mustache::html_escape(visit.say(Message("review_page.picture_not_shown")))),
        {}};
}

// Handed out to be saved, never shown. The name in UTF-8, escaped (RFC 6266 and 8187).
Response saved_file(const SubmittedFile& file, int number) {
    const std::string name = std::filesystem::path(file.name).filename().string();
    return {
        200,
        "application/octet-stream",
        "",
        {{"Content-Disposition", fmt::format("attachment; filename=\"fil-{}\"; filename*=UTF-8''{}",
                                             number, percent_encoded(name))}},
        file.path};
}

}  // namespace

Response page_picture(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open || open->purged) return no_such_page(visit);
    const Review review = review_of(*open, *visit.forms);
    const int file = whole_number(visit.argument(1)).value_or(0) - 1,
              number = whole_number(visit.argument(2)).value_or(0);
    const auto page = std::find_if(
        review.pages.begin(), review.pages.end(),
        [&](const ReviewedPage& p) { return p.file_index == file && p.page == number; });
    if (page == review.pages.end()) return no_such_page(visit);
    const auto& files = open->submission.files;
    const auto original = std::find_if(
        files.begin(), files.end(), [&](const SubmittedFile& f) { return f.name == page->file; });
    if (original == files.end()) return no_such_page(visit);
    return picture(visit, [&] {
        return visit.services.pictures.page_png(original->path, number, page->rotation);
    });
}

Response field_cutting(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    if (!open || open->purged) return no_such_page(visit);
    const Review review = review_of(*open, *visit.forms);
    const ReviewedField* field =
        review.field({visit.argument(1), visit.argument(2), visit.argument(3)});
    if (!field || !field->evidence) return no_such_page(visit);
    for (const SubmittedFile& original : open->submission.files)
        if (original.name == field->evidence->file)
            return picture(visit, [&] {
                return visit.services.pictures.cutting_png(original.path, field->evidence->page,
                                                           field->rotation, field->evidence->box);
            });
    return no_such_page(visit);
}

Response original_file(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const int number = whole_number(visit.argument(1)).value_or(0);
    if (!open || open->purged || number < 1 ||
        number > static_cast<int>(open->submission.files.size()))
        return no_such_page(visit);
    const SubmittedFile& file = open->submission.files[static_cast<std::size_t>(number) - 1];
    std::error_code gone;
    if (!std::filesystem::is_regular_file(file.path, gone)) return no_such_page(visit);
    visit.services.cases.note(open->line.key, visit.who.name,
                              {.action = AuditAction::OriginalRead, .number = number});
    return saved_file(file, number);
}

Response earlier_file(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const int key = whole_number(visit.argument(1)).value_or(0),
              number = whole_number(visit.argument(2)).value_or(0);
    if (!open || number < 1) return no_such_page(visit);
    for (const EarlierContent& earlier : open->earlier) {
        if (earlier.key != key || earlier.purged || number > static_cast<int>(earlier.files.size()))
            continue;
        const SubmittedFile& file = earlier.files[static_cast<std::size_t>(number) - 1];
        std::error_code gone;
        if (!std::filesystem::is_regular_file(file.path, gone)) continue;
        visit.services.cases.note(open->line.key, visit.who.name,
                                  {.action = AuditAction::EarlierOriginalRead,
                                   .number = number,
                                   .time = earlier.received});
        return saved_file(file, number);
    }
    return no_such_page(visit);
}

Response earlier_report(const Visit& visit) {
    const auto open = visit.services.cases.open(visit.argument(0));
    const int key = whole_number(visit.argument(1)).value_or(0);
    const auto page = open ? visit.services.cases.report_html(*open, key) : std::nullopt;
    if (!page) return no_such_page(visit);
    return {
        200,
        "application/octet-stream",
        *page,
        {{"Content-Disposition", fmt::format("attachment; filename=\"rapport-{}.html\"", key)}}};
}

}  // namespace avtalskoll::app::web
