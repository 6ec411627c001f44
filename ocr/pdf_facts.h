// What a PDF says of itself beside its pixels, as the JSON of raster_protocol.h. For the drawing process only.
#pragma once
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

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace avtalskoll::ocr
