// The trained networks that pages are read with.
//
// Internal to ocr/. Immutable; safe from many threads.
#pragma once
#include <array>
#include <filesystem>

#include "ocr/ink/signature_model.h"
#include "ocr/reading/line_reader.h"

namespace avtalskoll::ocr {

struct ReadingModels {
    // `folder` is data/models. Throws Error{NotFound} when a file is missing, Error{BadInput} when
    // one holds something else.
    explicit ReadingModels(const std::filesystem::path& folder);

    // The files that are read, in a fixed order: another content may give other readings.
    static std::array<std::filesystem::path, 4> files(const std::filesystem::path& folder);

    SignatureModel signatures;   // judges signature places
    SignatureModel handwriting;  // tells a hand from type in text places: surer of that
    LineReader lines;
};

}  // namespace avtalskoll::ocr
