// Writes a file so that it is there whole or not at all.
#pragma once
#include <filesystem>
#include <string_view>

namespace avtalskoll::pipeline {

// Writes to a temporary name beside `path` (mode 0600), syncs it and renames. Makes parent folders.
// Throws Error{Io} saying which file and why; leaves no temporary file behind then.
void write_whole(const std::filesystem::path& path, std::string_view content);

}  // namespace avtalskoll::pipeline
