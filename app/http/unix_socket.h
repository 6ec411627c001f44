// A Unix socket that is listened on. Its file belongs to this run and goes with it.
//
// The file's owner and group may connect (mode 0660). A file that a dead program left behind is
// replaced. For one thread; several programs may begin at once.
#pragma once
#include <sys/types.h>

#include <filesystem>

namespace avtalskoll::app::web {

class UnixSocket {
public:
    // Throws Error{BadInput} when the path is too long or of something else than a socket,
    // Error{Io} when a program listens there already, or the socket cannot be made.
    explicit UnixSocket(std::filesystem::path path);
    // Removes the file, unless another program has put its own there.
    ~UnixSocket();
    UnixSocket(const UnixSocket&) = delete;
    UnixSocket& operator=(const UnixSocket&) = delete;

    // The descriptor, which is the caller's from then on.
    int release();

private:
    void listen();

    std::filesystem::path path_;
    int descriptor_ = -1;
    dev_t device_ = 0;
    ino_t file_ = 0;
};

}  // namespace avtalskoll::app::web
