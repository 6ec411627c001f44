// Reads the fillable fields and page sizes of a blank PDF. For the drawing process only, inside its
// sandbox. Hides qpdf.
#pragma once
#include <nlohmann/json.hpp>
#include <vector>

namespace avtalskoll::ocr {

// The Layout of raster_protocol.h. Throws std::runtime_error, in English and without the file's
// name, for what BlankLayout refuses.
nlohmann::json read_acroform(const std::vector<char>& pdf);

}  // namespace avtalskoll::ocr
