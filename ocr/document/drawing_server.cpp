#include "ocr/document/drawing_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <utility>

#include "models/error.h"

namespace avtalskoll::ocr {
namespace {

namespace fs = std::filesystem;

std::string drawing_program() {
    const fs::path folder = fs::read_symlink("/proc/self/exe").parent_path();
    const fs::path beside = folder / "avtalskoll-rasterizer";
    const fs::path installed =
        folder.parent_path() / "libexec" / "avtalskoll" / "avtalskoll-rasterizer";
    for (const fs::path& program : {beside, installed})
        if (fs::exists(program)) return program.string();
    throw Error(ErrorKind::NotFound,
                fmt::format("the drawing program is missing; looked for {} and {}", beside.string(),
                            installed.string()));
}

std::pair<Descriptor, Descriptor> socket_pair(int type) {
    std::array<int, 2> ends{-1, -1};
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw Error(ErrorKind::Io,
                    fmt::format("no socket to the drawing program: {}", std::strerror(errno)));
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

std::mutex& running_mutex() {
    static std::mutex mutex;
    return mutex;
}
std::shared_ptr<DrawingServer>& running_server() {
    static std::shared_ptr<DrawingServer> server;
    return server;
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}
Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

std::pair<Descriptor, Descriptor> make_channel() { return socket_pair(SOCK_STREAM); }

DrawingServer::DrawingServer(const std::string& program) {
    auto [ours, theirs] = socket_pair(SOCK_SEQPACKET);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, theirs.get(), STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::string name = program;
    std::array<char*, 2> argv{name.data(), nullptr};
    const int failed =
        ::posix_spawn(&process_, program.c_str(), &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        throw Error(ErrorKind::Io,
                    fmt::format("{}: cannot be started: {}", program, std::strerror(failed)));
    control_ = std::move(ours);
}

DrawingServer::~DrawingServer() {
    control_ = Descriptor();  // its closing is the server's sign to end
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

bool DrawingServer::send(const ServerRequest& request, const std::vector<int>& fds) const {
    iovec bytes{const_cast<ServerRequest*>(&request), sizeof request};
    std::vector<char> ancillary(CMSG_SPACE(fds.size() * sizeof(int)));
    msghdr message{};
    message.msg_iov = &bytes;
    message.msg_iovlen = 1;
    if (!fds.empty()) {
        message.msg_control = ancillary.data();
        message.msg_controllen = ancillary.size();
        cmsghdr* const rights = CMSG_FIRSTHDR(&message);
        rights->cmsg_level = SOL_SOCKET;
        rights->cmsg_type = SCM_RIGHTS;
        rights->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
        std::memcpy(CMSG_DATA(rights), fds.data(), fds.size() * sizeof(int));
    }
    ssize_t sent = -1;
    do sent = ::sendmsg(control_.get(), &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent == static_cast<ssize_t>(sizeof request);
}

std::shared_ptr<DrawingServer> DrawingServer::running() {
    const std::lock_guard lock(running_mutex());
    auto& server = running_server();
    if (!server) server = std::make_shared<DrawingServer>(drawing_program());
    return server;
}

void DrawingServer::end_running() {
    const std::lock_guard lock(running_mutex());
    running_server().reset();
}

std::shared_ptr<DrawingServer> order_drawing(const ServerRequest& request,
                                             const std::vector<int>& fds) {
    for (int attempt = 0; attempt < 2; ++attempt) {
        auto server = DrawingServer::running();
        if (server->send(request, fds)) return server;
        const std::lock_guard lock(running_mutex());
        if (running_server() == server) running_server().reset();
    }
    throw Error(ErrorKind::Io,
                "the drawing program ends as soon as it is started; run it by hand to see why: "
                "avtalskoll-rasterizer < /dev/null");
}

}  // namespace avtalskoll::ocr
