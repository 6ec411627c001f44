#include "ocr/matching/form_library.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/error.h"
#include "ocr/matching/blank_page.h"
#include "ocr/matching/lookalike.h"
#include "ocr/matching/packed_blank.h"

namespace avtalskoll::ocr {
namespace {

constexpr int kIndexedFeatures = 660;  // of a page: the strongest

// The pages of one blank.
std::vector<BlankPage> draw_blank(const Form& form, int index, const RasterLimits& limits) try {
    std::vector<BlankPage> pages;
    Rasterizer rasterizer(form.blank, limits);
    for (int page = 1; auto drawn = rasterizer.next(); ++page) {
        if (!drawn->trouble.empty())
            throw at_place(fmt::format("page {}", page),
                           Error(ErrorKind::BadInput, drawn->trouble));
        pages.push_back(prepare_blank_page(drawn->image, index, page,
                                           form.pages.at(static_cast<std::size_t>(page - 1))));
    }
    return pages;
} catch (const Error& e) {
    throw at_place(form.blank.string() + ": the blank cannot be drawn",
                   Error(ErrorKind::BadInput, e.what(), e.reason()));
}

// The pages of a blank as the cache has them; none when it has not.
std::vector<BlankPage> kept_blank(const Form& form, int index, const BlankCache& cache) try {
    const auto bytes = cache.find({form.blank});
    return bytes ? unpack_blank(*bytes, index) : std::vector<BlankPage>();
} catch (const std::exception&) {
    return {};  // whole, but of no form that is known here
}

std::vector<BlankPage> prepared_blank(const Form& form, int index, const RasterLimits& limits,
                                      const BlankCache* cache) {
    if (cache)
        if (auto pages = kept_blank(form, index, *cache); !pages.empty()) return pages;
    std::vector<BlankPage> pages = draw_blank(form, index, limits);
    if (cache) cache->keep({form.blank}, pack_blank(pages));
    return pages;
}

void note_places(const Form& form, std::vector<BlankPage>& pages) {
    for_each_field(form, [&](const FormPoint&, const Field& field) {
        BlankPage& page = pages.at(static_cast<std::size_t>(field.place.page - 1));
        page.places.push_back(field.place.box);
        if (!field.prompt.empty()) page.prompts.push_back(field.place.box);
    });
}

// The first form of the same id, for each form.
std::vector<int> versions(const FormSet& set) {
    std::vector<int> version_of;
    for (const Form& form : set.forms)
        version_of.push_back(
            static_cast<int>(std::find_if(set.forms.begin(), set.forms.end(),
                                          [&](const Form& f) { return f.id == form.id; }) -
                             set.forms.begin()));
    return version_of;
}

bool take_kept_lookalikes(Blanks& blanks, const BlankCache& cache,
                          const BlankCache::Blanks& files) try {
    const auto bytes = cache.find(files);
    if (bytes) unpack_lookalikes(*bytes, blanks.pages);
    return bytes.has_value();
} catch (const std::exception&) {
    return false;
}

void find_lookalikes(Blanks& blanks, const FormSet& set, const FormLibrary::ForEach& for_each,
                     const BlankCache* cache) {
    if (set.forms.size() < 2) return;
    BlankCache::Blanks files;
    for (const Form& form : set.forms) files.push_back(form.blank);
    if (!cache || !take_kept_lookalikes(blanks, *cache, files)) {
        for_each(blanks.pages.size(), [&](std::size_t page) { note_lookalikes(blanks, page); });
        if (cache) cache->keep(files, pack_lookalikes(blanks.pages));
    }
    const std::vector<int> version_of = versions(set);
    const auto version = [&](const BlankPage& page) {
        return version_of[static_cast<std::size_t>(page.form)];
    };
    for (BlankPage& page : blanks.pages)
        for (Lookalike& alike : page.lookalikes)
            alike.version = version(page) == version(blanks.pages[alike.page]);
}

Blanks prepare_blanks(FormSet& set, const RasterLimits& limits,
                      const FormLibrary::ForEach& for_each, const BlankCache* cache) {
    std::vector<std::vector<BlankPage>> drawn(set.forms.size());
    for_each(drawn.size(), [&](std::size_t f) {
        Form& form = set.forms[f];
        drawn[f] = prepared_blank(form, static_cast<int>(f), limits, cache);
        note_places(form, drawn[f]);
        form.print.clear();
        for (const BlankPage& page : drawn[f]) form.print.push_back(page.words);
    });
    std::vector<BlankPage> pages;
    for (auto& of_form : drawn)
        std::move(of_form.begin(), of_form.end(), std::back_inserter(pages));
    std::vector<cv::Mat> descriptors;
    for (const BlankPage& page : pages) descriptors.push_back(page.descriptors);
    Blanks blanks{std::move(pages), FeatureIndex(descriptors, kIndexedFeatures)};
    find_lookalikes(blanks, set, for_each, cache);
    return blanks;
}

}  // namespace

void FormLibrary::one_by_one(std::size_t count, const std::function<void(std::size_t)>& work) {
    for (std::size_t i = 0; i < count; ++i) work(i);
}

FormLibrary::FormLibrary(FormSet forms, const RasterLimits& limits, const ForEach& for_each,
                         const BlankCache* cache)
    : forms_(std::move(forms)),
      blanks_(std::make_unique<const Blanks>(prepare_blanks(forms_, limits, for_each, cache))) {}

FormLibrary::~FormLibrary() = default;

}  // namespace avtalskoll::ocr
