// What a PDF says of itself beside its pixels, as the JSON of raster_protocol.h. For the drawing process only.
#pragma once
#include <poppler-page.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

namespace avtalskoll::ocr {

class PdfFacts {
public:
    // `pdf` must outlive the object. A document that this second reader cannot open has no facts.
    explicit PdfFacts(const std::vector<char>& pdf);
    ~PdfFacts();
    PdfFacts(const PdfFacts&) = delete;
    PdfFacts& operator=(const PdfFacts&) = delete;

    nlohmann::json document() const;
    // `page` is page `index` from 0. The share of pictures takes about as long as drawing the page does: it is there for pages with text, and
    // where it is asked for.
    nlohmann::json page(int index, const poppler::page& page, bool with_pictures) const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
