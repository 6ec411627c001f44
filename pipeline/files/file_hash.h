// SHA-256 of a file's bytes, and of a text's.
#pragma once
#include <filesystem>
#include <string>

namespace avtalskoll::pipeline {

// 64 lower-case hexadecimal digits; empty when the file cannot be read. Safe from many threads.
std::string sha256_of(const std::filesystem::path& file);
std::string sha256_of_text(const std::string& text);

}  // namespace avtalskoll::pipeline
