// The program's side of the drawing server (rasterizer_main.cpp): one process beside the program,
// started when first needed.
#pragma once
#include <sys/types.h>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ocr/document/raster_protocol.h"

namespace avtalskoll::ocr {

// Closes its descriptor when it goes.
class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept;
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor();
    int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

private:
    int fd_;
};

// Safe from many threads.
class DrawingServer {
public:
    // The one that runs, or a new one where none runs. Throws Error{NotFound} when its program is
    // not beside this one, Error{Io} when the system refuses.
    static std::shared_ptr<DrawingServer> running();
    // Ends the one that runs, with all its children, and waits for it: its CPU time is then in
    // getrusage(RUSAGE_CHILDREN).
    static void end_running();

    explicit DrawingServer(const std::string& program);
    ~DrawingServer();
    DrawingServer(const DrawingServer&) = delete;
    DrawingServer& operator=(const DrawingServer&) = delete;

    // False when the server is gone. The descriptors stay the caller's.
    bool send(const ServerRequest& request, const std::vector<int>& fds) const;

private:
    Descriptor control_;
    pid_t process_ = -1;
};

// Starts a child with running() and, when that server turns out to be gone, once more with a new
// one; gives the server that took the order. Throws Error{Io}.
std::shared_ptr<DrawingServer> order_drawing(const ServerRequest& request,
                                             const std::vector<int>& fds);

// A connected pair, closed on exec. Throws Error{Io}.
std::pair<Descriptor, Descriptor> make_channel();

}  // namespace avtalskoll::ocr
