// The drawing server: started once by the program, gets itself ready, then forks a child for each
// document. The server itself reads nothing from outside; the child shuts itself into the sandbox
// before it reads its first byte, and ends with its document.
//
// Usage: avtalskoll-rasterizer, with the control socket (raster_protocol.h) as standard input. Ends
// when that is closed.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "ocr/sandboxed/draw_document.h"
#include "ocr/sandboxed/sandbox.h"

namespace {

using namespace avtalskoll::ocr;

// Where a child finds its descriptors; whatever else it took over is closed.
enum ChildFd {
    kDocumentFd = 0,
    kNothingFd = 1,
    kErrorsFd = 2,
    kChannelFd = 3,
    kPixelsFd = 4,
    kFirstOtherFd = 5
};

struct Order {
    ServerRequest request;
    std::vector<int> fds;  // channel, document, pixels
};

// nullopt when the program has closed its end.
std::optional<Order> receive_order() {
    Order order;
    iovec bytes{&order.request, sizeof order.request};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(3 * sizeof(int))> ancillary{};
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    message.msg_control = ancillary.data();
    message.msg_controllen = ancillary.size();
    ssize_t got = -1;
    do got = ::recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof order.request)) return std::nullopt;
    for (cmsghdr* at = CMSG_FIRSTHDR(&message); at; at = CMSG_NXTHDR(&message, at)) {
        if (at->cmsg_level != SOL_SOCKET || at->cmsg_type != SCM_RIGHTS) continue;
        order.fds.resize((at->cmsg_len - CMSG_LEN(0)) / sizeof(int));
        std::memcpy(order.fds.data(), CMSG_DATA(at), order.fds.size() * sizeof(int));
    }
    return order;
}

// Puts the order's descriptors in their places and closes every other but the sandbox's own: a
// child must not reach the other documents' channels, nor the control socket.
void keep_only(const std::vector<int>& fds, int sandbox) {
    // Out of the way first, so that no place is taken by one that is still to move.
    std::vector<int> moved;
    for (const int fd : fds) moved.push_back(::fcntl(fd, F_DUPFD, kFirstOtherFd));
    const int nothing = ::open("/dev/null", O_RDWR);
    constexpr std::array kPlaces{kChannelFd, kDocumentFd, kPixelsFd};
    for (std::size_t i = 0; i < moved.size(); ++i) ::dup2(moved[i], kPlaces.at(i));
    if (fds.size() == 1) ::dup2(nothing, kDocumentFd);
    ::dup2(nothing, kNothingFd);
    ::dup2(nothing, kErrorsFd);
    const auto close_between = [](unsigned first, unsigned last) {
        if (first > last || ::close_range(first, last, 0) == 0) return;
        for (unsigned fd = first; fd <= std::min(last, 4096U); ++fd)
            ::close(static_cast<int>(fd));  // Linux before 5.9
    };
    if (sandbox < 0) return close_between(kFirstOtherFd, ~0U);
    close_between(kFirstOtherFd, static_cast<unsigned>(sandbox) - 1);
    close_between(static_cast<unsigned>(sandbox) + 1, ~0U);
}

[[noreturn]] void self_test(const Sandbox& sandbox, const ServerRequest& request) {
    const RasterChannel out(kChannelFd);
    sandbox.enter({request.max_memory_bytes, request.max_cpu_seconds});
    nlohmann::json trials = nlohmann::json::array();
    for (const SandboxTrial& trial : try_to_break_out())
        trials.push_back({{"what", trial.what}, {"denied", trial.denied}});
    out.send(
        {.kind = RasterKind::Trials},
        nlohmann::json{{"landlock", sandbox.has_landlock()}, {"trials", std::move(trials)}}.dump(),
        kMaxFactsBytes);
    ::_exit(0);
}

[[noreturn]] void lay_out(const Sandbox& sandbox, const ServerRequest& request) {
    RasterChannel out(kChannelFd);
    sandbox.enter({request.max_memory_bytes, request.max_cpu_seconds});
    read_layout(kDocumentFd, request.max_file_bytes, out);
    ::_exit(0);
}

[[noreturn]] void draw(const Sandbox& sandbox, const ServerRequest& request) {
    struct stat memory {};
    std::uint8_t* pixels = nullptr;
    if (::fstat(kPixelsFd, &memory) == 0 &&
        static_cast<std::uint64_t>(memory.st_size) >= kPixelSlots * request.max_page_pixels)
        if (void* mapped = ::mmap(nullptr, static_cast<std::size_t>(memory.st_size),
                                  PROT_READ | PROT_WRITE, MAP_SHARED, kPixelsFd, 0);
            mapped != MAP_FAILED)
            pixels = static_cast<std::uint8_t*>(mapped);
    if (!pixels) ::_exit(4);
    ::close(kPixelsFd);
    RasterChannel out(kChannelFd, pixels, request.max_page_pixels);
    try {
        if (request.require_landlock != 0 && !sandbox.has_landlock()) out.refuse("Landlock");
        sandbox.enter({request.max_memory_bytes + static_cast<std::uint64_t>(memory.st_size),
                       request.max_cpu_seconds});
    } catch (const std::exception& e) {
        out.refuse(e.what());
    }
    DrawingTask task{request.dpi,
                     request.max_file_bytes,
                     request.max_pages,
                     static_cast<double>(request.max_page_pixels),
                     request.max_page_cpu_seconds,
                     std::vector<std::uint8_t>(request.selection_bytes)};
    out.receive(task.selection.data(), task.selection.size());
    draw_document(kDocumentFd, task, out);
    ::_exit(0);
}

struct Child {
    std::uint64_t ticket = 0;
    int channel = -1;  // to say how the child ended
};

class Server {
public:
    Server() : self_(::getpid()) {
        sigset_t ends;
        sigemptyset(&ends);
        sigaddset(&ends, SIGCHLD);
        ::sigprocmask(SIG_BLOCK, &ends, nullptr);
        child_ended_ = ::signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
    }

    void serve() {
        for (;;) {
            std::array<pollfd, 2> wait{{{STDIN_FILENO, POLLIN, 0}, {child_ended_, POLLIN, 0}}};
            if (::poll(wait.data(), wait.size(), -1) < 0) continue;
            if (wait[1].revents != 0) reap_children();
            if (wait[0].revents == 0) continue;
            const auto order = receive_order();
            if (!order) break;
            if (order->request.task == ServerTask::Kill) kill_child(order->request.ticket);
            else start_child(*order);
        }
        for (const auto& [pid, child] : children_) ::kill(pid, SIGKILL);
        while (::wait(nullptr) > 0 || errno == EINTR) {  // their time counts as this process's
        }
    }

private:
    // How many descriptors come with an order.
    static std::size_t descriptors_of(ServerTask task) {
        switch (task) {
            case ServerTask::Draw: return 3;
            case ServerTask::Layout: return 2;
            default: return 1;
        }
    }

    void start_child(const Order& order) {
        const ServerTask task = order.request.task;
        const pid_t pid = order.fds.size() == descriptors_of(task) ? ::fork() : -1;
        if (pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != self_) ::_exit(3);
            sigset_t none;
            sigemptyset(&none);
            ::sigprocmask(SIG_SETMASK, &none, nullptr);
            keep_only(order.fds, sandbox_.descriptor());
            if (task == ServerTask::Draw) draw(sandbox_, order.request);
            if (task == ServerTask::Layout) lay_out(sandbox_, order.request);
            self_test(sandbox_, order.request);
        }
        for (std::size_t i = pid > 0 ? 1 : 0; i < order.fds.size(); ++i) ::close(order.fds[i]);
        if (pid > 0) children_.emplace(pid, Child{order.request.ticket, order.fds[0]});
    }

    void kill_child(std::uint64_t ticket) {
        for (const auto& [pid, child] : children_)
            if (child.ticket == ticket) ::kill(pid, SIGKILL);
    }

    void reap_children() {
        std::array<signalfd_siginfo, 16> notes{};
        while (::read(child_ended_, notes.data(), sizeof notes) > 0) {
        }
        int status = 0;
        for (pid_t pid = 0; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
            const auto child = children_.find(pid);
            if (child == children_.end()) continue;
            RasterRecord ended{.kind = RasterKind::Ended};
            ended.status = status;
            // The program may have hung up long since.
            (void)::send(child->second.channel, &ended, sizeof ended, MSG_DONTWAIT | MSG_NOSIGNAL);
            ::close(child->second.channel);
            children_.erase(child);
        }
    }

    const pid_t self_;
    Sandbox sandbox_;
    int child_ended_ = -1;
    std::map<pid_t, Child> children_;
};

}  // namespace

int main() try {
    // Ctrl-C in a terminal, a closed terminal and a service that is stopped reach everyone; the
    // program decides what ends when.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) ::signal(signal, SIG_IGN);
    // Signature checks are prepared before the fork and used after it.
    ::setenv("NSS_STRICT_NOFORK", "DISABLED", 1);
    warm_up_drawing();
    Server().serve();
    return 0;
} catch (const std::exception&) {
    return 1;  // the program says that the server is gone
}
