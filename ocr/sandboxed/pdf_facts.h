// The facts that a PDF gives of itself as a whole, as the JSON of raster_protocol.h. For the
// drawing process only.
#pragma once
#include <nlohmann/json.hpp>
#include <vector>

#include "ocr/sandboxed/pdf_structure.h"

namespace avtalskoll::ocr {

// `pdf` is what `structure` was read from.
nlohmann::json document_facts(const std::vector<char>& pdf, const PdfStructure& structure);

}  // namespace avtalskoll::ocr
