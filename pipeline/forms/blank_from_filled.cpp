#include "pipeline/forms/blank_from_filled.h"

#include <cairo-pdf.h>
#include <fmt/format.h>

#include "models/error.h"
#include "ocr/document/rasterizer.h"
#include "ocr/reading/common_print.h"
#include "pipeline/forms/picture_surface.h"

namespace avtalskoll::pipeline {
namespace {

namespace fs = std::filesystem;

std::vector<PageImage> drawn(const fs::path& scan) {
    std::vector<PageImage> pages;
    ocr::Rasterizer rasterizer(scan, {});
    while (auto page = rasterizer.next()) {
        if (!page->trouble.empty())
            throw at_place(fmt::format("{}: page {}", scan.string(), pages.size() + 1),
                           Error(ErrorKind::BadInput, page->trouble));
        pages.push_back(std::move(page->image));
    }
    return pages;
}

}  // namespace

void write_blank_from_filled(const std::vector<fs::path>& scans, const fs::path& blank) {
    std::vector<std::vector<PageImage>> all;
    for (const fs::path& scan : scans) all.push_back(drawn(scan));
    const std::vector<ocr::CommonPage> pages = ocr::common_print(all);
    const auto to_pt = [](int px, double dpi) { return px / dpi * kPointsPerInch; };
    const Surface pdf(cairo_pdf_surface_create(blank.c_str(), 595, 842));
    const Context context(cairo_create(pdf.get()));
    for (const ocr::CommonPage& common : pages) {
        const PageImage& page = common.page;
        cairo_pdf_surface_set_size(pdf.get(), to_pt(page.width, page.dpi),
                                   to_pt(page.height, page.dpi));
        cairo_save(context.get());
        cairo_scale(context.get(), kPointsPerInch / page.dpi, kPointsPerInch / page.dpi);
        const Surface picture = as_surface(page);
        cairo_set_source_surface(context.get(), picture.get(), 0, 0);
        cairo_paint(context.get());
        cairo_restore(context.get());
        cairo_show_page(context.get());
    }
    cairo_surface_finish(pdf.get());
    if (const cairo_status_t status = cairo_surface_status(pdf.get());
        status != CAIRO_STATUS_SUCCESS)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: {}", blank.string(), cairo_status_to_string(status)));
}

}  // namespace avtalskoll::pipeline
