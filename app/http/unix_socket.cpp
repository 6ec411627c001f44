#include "app/http/unix_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "models/error.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerAndGroup = 0660;

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_;
};

[[noreturn]] void fail(const fs::path& path, const std::string& advice) {
    throw Error(ErrorKind::Io, fmt::format("--listen unix:{}: {}; {}", path.string(),
                                           std::generic_category().message(errno), advice));
}

sockaddr_un address_of(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path.string();
    if (name.empty() || name.size() >= sizeof address.sun_path)
        throw Error(ErrorKind::BadInput,
                    fmt::format("--listen unix:{}: a socket's path has 1 to {} bytes; give another",
                                name, sizeof address.sun_path - 1));
    std::memcpy(static_cast<char*>(address.sun_path), name.data(), name.size());
    return address;
}

const sockaddr* plain(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

Descriptor new_socket(const fs::path& path) {
    const int number = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (number < 0) fail(path, "try again when fewer files are open");
    return Descriptor(number);
}

std::optional<struct stat> state_of(const fs::path& path) {
    struct stat state {};
    if (::lstat(path.c_str(), &state) != 0) return std::nullopt;
    return state;
}

// Removes the socket of a dead program.
void make_room(const fs::path& path, const sockaddr_un& address) {
    const auto there = state_of(path);
    if (!there) return;
    if (!S_ISSOCK(there->st_mode))
        throw Error(ErrorKind::BadInput,
                    fmt::format("--listen unix:{}: is there and is no socket; give another path",
                                path.string()));
    const Descriptor probe = new_socket(path);
    const bool connected = ::connect(probe.get(), plain(address), sizeof address) == 0;
    if (connected || errno == EAGAIN)  // EAGAIN: many wait there
        throw Error(ErrorKind::Io,
                    fmt::format("--listen unix:{}: a program listens there; end it, or give "
                                "another path",
                                path.string()));
    if (errno != ECONNREFUSED) fail(path, "remove the file, or give another path");
    if (::unlink(path.c_str()) != 0) fail(path, "remove the file, or give another path");
}

}  // namespace

UnixSocket::UnixSocket(fs::path path) : path_(std::move(path)) { listen(); }

void UnixSocket::listen() {
    const sockaddr_un address = address_of(path_);
    const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
    // Locked, so that of two programs that begin at once neither removes the other's new socket.
    const Descriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.get() < 0 || ::flock(lock.get(), LOCK_EX) != 0)
        fail(path_, fmt::format("make the folder {}", folder.string()));
    make_room(path_, address);
    Descriptor made = new_socket(path_);
    const char* advice = "choose a folder that this user may write to";
    if (::bind(made.get(), plain(address), sizeof address) != 0) fail(path_, advice);
    const auto state = state_of(path_);
    // Nobody can connect before it listens, so the mode is right for the first who does.
    if (!state || ::chmod(path_.c_str(), kOwnerAndGroup) != 0 ||
        ::listen(made.get(), SOMAXCONN) != 0)
        fail(path_, advice);
    device_ = state->st_dev;
    file_ = state->st_ino;
    descriptor_ = made.release();
}

UnixSocket::~UnixSocket() {
    const auto there = state_of(path_);
    if (there && there->st_dev == device_ && there->st_ino == file_) ::unlink(path_.c_str());
    if (descriptor_ >= 0) ::close(descriptor_);
}

int UnixSocket::release() { return std::exchange(descriptor_, -1); }

}  // namespace avtalskoll::app::web
