#include "ocr/matching/form_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/error.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/lookalike.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kIndexedFeatures = 660;  // of a page: the strongest

// The pages of one blank; notes each page's words in its form.
std::vector<BlankPage> draw_blank(Form& form, int index, const RasterLimits& limits) try {
    std::vector<BlankPage> pages;
    form.print.clear();
    Rasterizer rasterizer(form.blank, limits);
    for (int page = 1; auto drawn = rasterizer.next(); ++page) {
        if (!drawn->trouble.empty())
            throw at_place(fmt::format("page {}", page),
                           Error(ErrorKind::BadInput, drawn->trouble));
        form.print.push_back(drawn->image.text.words);
        pages.push_back(prepare_blank_page(drawn->image, index, page,
                                           form.pages.at(static_cast<std::size_t>(page - 1))));
    }
    return pages;
} catch (const Error& e) {
    throw at_place(form.blank.string() + ": the blank cannot be drawn",
                   Error(ErrorKind::BadInput, e.what(), e.reason()));
}

Blanks draw_blanks(FormSet& set, const RasterLimits& limits, const FormLibrary::ForEach& for_each) {
    std::vector<std::vector<BlankPage>> drawn(set.forms.size());
    for_each(drawn.size(), [&](std::size_t f) {
        drawn[f] = draw_blank(set.forms[f], static_cast<int>(f), limits);
    });
    std::vector<BlankPage> pages;
    for (auto& of_form : drawn)
        std::move(of_form.begin(), of_form.end(), std::back_inserter(pages));
    std::vector<int> version_of;  // the first form of the same id
    for (const Form& form : set.forms)
        version_of.push_back(
            static_cast<int>(std::find_if(set.forms.begin(), set.forms.end(),
                                          [&](const Form& f) { return f.id == form.id; }) -
                             set.forms.begin()));
    std::vector<cv::Mat> descriptors;
    for (const BlankPage& page : pages) descriptors.push_back(page.descriptors);
    Blanks blanks{std::move(pages), FeatureIndex(descriptors, kIndexedFeatures)};
    for_each(blanks.pages.size(),
             [&](std::size_t page) { note_lookalikes(blanks, page, version_of); });
    return blanks;
}

}  // namespace

void FormLibrary::one_by_one(std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
}

FormLibrary::FormLibrary(FormSet forms, const RasterLimits& limits, const ForEach& for_each)
    : forms_(std::move(forms)),
      blanks_(std::make_unique<const Blanks>(draw_blanks(forms_, limits, for_each))) {}

FormLibrary::~FormLibrary() = default;

}  // namespace avtalskoll::ocr
