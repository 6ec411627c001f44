// Copies of the files that were submitted, each named by its SHA-256 and never changed.
#pragma once
#include <filesystem>
#include <functional>
#include <string>

namespace avtalskoll::app {

// One folder, for its owner alone. Safe from many threads and processes, but for remove_unneeded().
// A file that cannot be written is Error{Io}; remove_unneeded() throws
// std::filesystem::filesystem_error.
class Originals {
public:
    explicit Originals(std::filesystem::path folder);

    // Copies a file, whole and synced, and gives its SHA-256; empty when the file cannot be read.
    std::string keep(const std::filesystem::path& file) const;

    // Where the copy is, or would be.
    std::filesystem::path path_of(const std::string& sha256) const;

    // Removes every copy that is not needed, and what killed runs left half written a day ago; says
    // how many copies. The caller makes sure that no copy becomes needed meanwhile.
    int remove_unneeded(const std::function<bool(const std::string& sha256)>& is_needed) const;

private:
    std::filesystem::path new_file() const;

    std::filesystem::path folder_;
};

}  // namespace avtalskoll::app
