#include "app/store/originals.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "models/error.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHalfWritten = ".part";

// A file, or a folder's list of names.
void sync(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = fd >= 0 && ::fsync(fd) == 0;
    const std::error_code why(errno, std::generic_category());
    if (fd >= 0) ::close(fd);
    if (!synced) throw fs::filesystem_error("fsync", path, why);
}

}  // namespace

Originals::Originals(fs::path folder) : folder_(std::move(folder)) {
    std::error_code failed;
    fs::create_directories(folder_, failed);
    if (!failed) fs::permissions(folder_, fs::perms::owner_all, failed);
    if (failed)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be written: {}", folder_.string(), failed.message()));
}

fs::path Originals::path_of(const std::string& sha256) const {
    return sha256.empty() ? folder_ / "unread" : folder_ / sha256.substr(0, 2) / sha256;
}

// Of a name that no other process has, on whatever machine.
fs::path Originals::new_file() const {
    std::string name = (folder_ / (std::string("XXXXXX") + kHalfWritten)).string();
    const int fd = ::mkostemps(name.data(), std::strlen(kHalfWritten), O_CLOEXEC);
    if (fd < 0)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be written: {}; nothing that was taken in is lost",
                                folder_.string(), std::strerror(errno)));
    ::close(fd);
    return name;
}

std::string Originals::keep(const fs::path& file) const {
    if (::access(file.c_str(), R_OK) != 0) return {};
    const fs::path temporary = new_file();
    try {
        fs::copy_file(file, temporary, fs::copy_options::overwrite_existing);
        fs::permissions(temporary, fs::perms::owner_read);
        sync(temporary);
        std::string sha = pipeline::sha256_of(temporary);
        const fs::path place = path_of(sha);
        fs::create_directories(place.parent_path());
        fs::rename(temporary, place);
        sync(place.parent_path());
        return sha;
    } catch (const fs::filesystem_error& e) {
        std::error_code ignored;
        fs::remove(temporary, ignored);
        const bool full =
            fs::space(folder_, ignored).available <
            fs::file_size(file, ignored);  // copy_file calls that an input/output error
        throw Error(
            ErrorKind::Io,
            fmt::format("{}: cannot be written: {}; nothing that was taken in is lost",
                        folder_.string(), full ? "no room on the disk" : e.code().message()));
    }
}

int Originals::remove_unneeded(
    const std::function<bool(const std::string& sha256)>& is_needed) const {
    const auto yesterday = fs::file_time_type::clock::now() - std::chrono::hours(24);
    std::vector<fs::path> half_written, unneeded;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
        if (!entry.is_regular_file()) continue;
        const bool half = entry.path().extension() == kHalfWritten;
        if (half && entry.last_write_time() < yesterday) half_written.push_back(entry.path());
        if (!half && !is_needed(entry.path().filename().string())) unneeded.push_back(entry.path());
    }
    for (const auto* list : {&half_written, &unneeded})
        for (const fs::path& path : *list) fs::remove(path);
    return static_cast<int>(unneeded.size());
}

}  // namespace avtalskoll::app
