#include "ocr/reading/reading_models.h"

namespace avtalskoll::ocr {

std::array<std::filesystem::path, 3> ReadingModels::files(const std::filesystem::path& folder) {
    return {folder / "signature.onnx", folder / "line_reader.onnx",
            folder / "line_reader.alphabet.txt"};
}

ReadingModels::ReadingModels(const std::filesystem::path& folder)
    : signatures(files(folder)[0]), lines(files(folder)[1], files(folder)[2]) {}

}  // namespace avtalskoll::ocr
