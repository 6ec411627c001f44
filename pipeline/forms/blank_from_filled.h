// Makes a blank from scans of the form that are filled in. Internal to pipeline/forms/.
#pragma once
#include <filesystem>
#include <vector>

namespace avtalskoll::pipeline {

// Writes a PDF of pictures to `blank`. Throws Error{BadInput} as ocr::common_print does, and when a
// scan cannot be drawn.
void write_blank_from_filled(const std::vector<std::filesystem::path>& scans,
                             const std::filesystem::path& blank);

}  // namespace avtalskoll::pipeline
