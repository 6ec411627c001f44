#include "ocr/form_library.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"
#include "ocr/blank_page.h"
#include "ocr/lookalike.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kIndexedFeatures = 660;  // of a page: the strongest

// Draws every page of every blank, and notes each page's words in its form.
Blanks draw_blanks(FormSet& set, const RasterLimits& limits) {
    std::vector<BlankPage> pages;
    for (std::size_t f = 0; f < set.forms.size(); ++f) {
        Form& form = set.forms[f];
        form.print.clear();
        try {
            Rasterizer rasterizer(form.blank, limits);
            for (int page = 1; auto drawn = rasterizer.next(); ++page) {
                if (!drawn->trouble.empty()) throw Error(ErrorKind::BadInput, fmt::format("page {}: {}", page, drawn->trouble));
                form.print.push_back(drawn->image.text.words);
                pages.push_back(prepare_blank_page(drawn->image, static_cast<int>(f), page, form.pages.at(static_cast<std::size_t>(page - 1))));
            }
        } catch (const Error& e) {
            throw Error(ErrorKind::BadInput, fmt::format("{}: the blank cannot be drawn: {}", form.blank.string(), e.what()));
        }
    }
    std::vector<int> version_of;  // the first form of the same id
    for (const Form& form : set.forms)
        version_of.push_back(static_cast<int>(std::find_if(set.forms.begin(), set.forms.end(), [&](const Form& f) { return f.id == form.id; }) - set.forms.begin()));
    std::vector<cv::Mat> descriptors;
    for (const BlankPage& page : pages) descriptors.push_back(page.descriptors);
    Blanks blanks{std::move(pages), FeatureIndex(descriptors, kIndexedFeatures)};
    note_lookalikes(blanks, version_of);
    return blanks;
}

}  // namespace

FormLibrary::FormLibrary(FormSet forms, const RasterLimits& limits) : forms_(std::move(forms)), blanks_(std::make_unique<const Blanks>(draw_blanks(forms_, limits))) {}

FormLibrary::~FormLibrary() = default;

}  // namespace avtalskoll::ocr
