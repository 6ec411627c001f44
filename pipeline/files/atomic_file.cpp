#include "pipeline/files/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "models/error.h"
#include "pipeline/files/system_advice.h"

namespace avtalskoll::pipeline {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
    const int why = errno;
    throw Error(ErrorKind::Io,
                fmt::format("{}: cannot be written: {}", path.string(), system_trouble(why)));
}

bool write_fully(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t put = ::write(fd, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

}  // namespace

void write_whole(const std::filesystem::path& path, std::string_view content) {
    std::error_code ignored;
    std::filesystem::create_directories(path.parent_path(), ignored);
    const std::string temporary = path.string() + ".part";
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) fail(path);
    const bool written = write_fully(fd, content) && ::fsync(fd) == 0;
    const int why = errno;
    ::close(fd);
    if (written && ::rename(temporary.c_str(), path.c_str()) == 0) return;
    if (!written) errno = why;
    const int kept = errno;
    ::unlink(temporary.c_str());
    errno = kept;
    fail(path);
}

}  // namespace avtalskoll::pipeline
