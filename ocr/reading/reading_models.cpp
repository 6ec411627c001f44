#include "ocr/reading/reading_models.h"

namespace avtalskoll::ocr {

std::array<std::filesystem::path, 4> ReadingModels::files(const std::filesystem::path& folder) {
    return {folder / "signature.onnx", folder / "handwriting.onnx", folder / "line_reader.onnx",
            folder / "line_reader.alphabet.txt"};
}

ReadingModels::ReadingModels(const std::filesystem::path& folder)
    : signatures(files(folder)[0]),
      handwriting(files(folder)[1]),
      lines(files(folder)[2], files(folder)[3]) {}

}  // namespace avtalskoll::ocr
