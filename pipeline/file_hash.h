// SHA-256 of a file's bytes.
#pragma once
#include <filesystem>
#include <string>

namespace avtalskoll::pipeline {

// 64 lower-case hexadecimal digits; empty when the file cannot be read. Safe from many threads.
std::string sha256_of(const std::filesystem::path& file);

}  // namespace avtalskoll::pipeline
