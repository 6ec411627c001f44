// Writes scanned pages as a PDF the way office scanners do: one picture a page, JPEG or CCITT G4.
#pragma once
#include <filesystem>
#include <vector>

#include "tests/simulator/scanner.h"

namespace avtalskoll::simulator {

// Page i is shown turned by `scans[i]` as it is; turn the picture before for a turned page. Throws
// std::runtime_error.
void write_pdf(const std::filesystem::path& file, const std::vector<Scan>& scans);

}  // namespace avtalskoll::simulator
