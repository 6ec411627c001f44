// Uploaded forms (multipart/form-data, RFC 7578), unpacked from disk to disk.
#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace avtalskoll::app::web {

struct UploadedFile {
    std::string name;            // as the browser gave it, without folders; never used as a path
    std::filesystem::path path;  // where its bytes are
};

struct UploadedForm {
    std::map<std::string, std::string> fields;
    std::vector<UploadedFile> files;  // those with a name and at least one byte
    std::vector<std::string> empty;   // names of those without a byte
};

struct MultipartLimits {
    int parts = 200;
    std::size_t field_bytes = 4096;
};

// Writes files into `folder`. Throws Error{BadInput} when the body is no such form or is cut short,
// Error{OverLimit} when it has too many or too large parts, Error{Io} when a file cannot be
// written.
UploadedForm unpack_multipart(const std::filesystem::path& body, const std::string& content_type,
                              const std::filesystem::path& folder, const MultipartLimits& limits);

}  // namespace avtalskoll::app::web
