#include "app/http/unix_socket.h"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <future>
#include <thread>

#include "app/http/http_server.h"
#include "models/error.h"
#include "tests/support/temporary_folder.h"

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// The descriptor of a connection; below 0: nobody listens.
int connected_to(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return client;
    ::close(client);
    return -1;
}

int connected_to(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
        return client;
    ::close(client);
    return -1;
}

// Of the request for "/" on a connection, which is closed.
std::string answer_on(int client) {
    const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    EXPECT_EQ(::write(client, request.data(), request.size()),
              static_cast<ssize_t>(request.size()));
    std::string answer(4096, ' ');
    const ssize_t got = ::read(client, answer.data(), answer.size());
    ::close(client);
    return answer.substr(0, got > 0 ? static_cast<std::size_t>(got) : 0);
}

class UnixSocketTest : public testing::Test {
protected:
    std::string refusal(ErrorKind kind) {
        try {
            const UnixSocket another(path_);
        } catch (const Error& e) {
            EXPECT_EQ(e.kind(), kind);
            return e.what();
        }
        return "none";
    }

    const TemporaryFolder folder_;
    fs::path path_ = folder_.path() / "serve.sock";
};

TEST_F(UnixSocketTest, IsForOwnerAndGroupAndGoesWithItsProgram) {
    {
        const UnixSocket socket(path_);
        struct stat state {};
        ASSERT_EQ(::lstat(path_.c_str(), &state), 0);
        EXPECT_TRUE(S_ISSOCK(state.st_mode));
        EXPECT_EQ(state.st_mode & 07777, 0660U);
        const int client = connected_to(path_);
        EXPECT_GE(client, 0);
        ::close(client);
    }
    EXPECT_FALSE(fs::exists(path_));
}

TEST_F(UnixSocketTest, OfADeadProgramIsReplaced) {
    const pid_t child = ::fork();
    if (child == 0) {
        new UnixSocket(path_);
        ::_exit(0);  // as a killed program: the file stays
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
    ASSERT_TRUE(fs::exists(path_));
    EXPECT_LT(connected_to(path_), 0);
    const UnixSocket socket(path_);
    const int client = connected_to(path_);
    EXPECT_GE(client, 0);
    ::close(client);
}

TEST_F(UnixSocketTest, OfALiveProgramIsLeftAlone) {
    const UnixSocket socket(path_);
    EXPECT_THAT(refusal(ErrorKind::Io), HasSubstr("a program listens there"));
    const int client = connected_to(path_);
    EXPECT_GE(client, 0);
    ::close(client);
}

TEST_F(UnixSocketTest, AnotherFileIsLeftAlone) {
    std::ofstream(path_) << "kept";
    EXPECT_THAT(refusal(ErrorKind::BadInput), HasSubstr("is no socket"));
    EXPECT_EQ(fs::file_size(path_), 4U);
}

TEST_F(UnixSocketTest, APathThatCannotBeSaysSo) {
    path_ = folder_.path() / "absent" / "serve.sock";
    EXPECT_THAT(refusal(ErrorKind::Io), HasSubstr("make the folder"));
    path_ = folder_.path() / std::string(120, 'x');
    EXPECT_THAT(refusal(ErrorKind::BadInput), HasSubstr("1 to 107 bytes"));
}

TEST_F(UnixSocketTest, OfASuccessorIsNotRemoved) {
    auto first = std::make_unique<UnixSocket>(path_);
    fs::remove(path_);
    const UnixSocket second(path_);
    first.reset();
    EXPECT_TRUE(fs::exists(path_));
}

// Serves on a thread, and answers with what the request came over and from where.
class RunningServer {
public:
    explicit RunningServer(ServerOptions options) : options_(std::move(options)) {
        handlers_.kind = [](const std::string&, const Target&) { return Kind::Fast; };
        handlers_.respond = [](const Request& request) {
            const std::string way = request.way == Way::UnixSocket ? "unix" : "network";
            return Response{.body = way + " [" + request.peer + "]"};
        };
        handlers_.refuse = [](int status, const Target*) { return Response{.status = status}; };
        thread_ = std::thread([this] {
            serve(
                options_, handlers_, [this](std::uint16_t port) { port_.set_value(port); },
                [this] { return stop_.load(); });
        });
    }
    ~RunningServer() {
        stop_ = true;
        thread_.join();
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;
    std::uint16_t port() { return port_.get_future().get(); }

private:
    ServerOptions options_;
    Handlers handlers_;
    std::promise<std::uint16_t> port_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

TEST_F(UnixSocketTest, RequestsOverItAreKnownByIt) {
    {
        ServerOptions options;
        options.socket = path_;
        RunningServer server(std::move(options));
        EXPECT_EQ(server.port(), 0);
        EXPECT_THAT(answer_on(connected_to(path_)), HasSubstr("unix []"));
    }
    EXPECT_FALSE(fs::exists(path_)) << "removed at the end";
}

TEST(NetworkRequests, AreKnownAsSuchAndByTheirAddress) {
    ServerOptions options;
    options.port = 0;
    RunningServer server(std::move(options));
    EXPECT_THAT(answer_on(connected_to(server.port())), HasSubstr("network [127.0.0.1]"));
}

}  // namespace
}  // namespace avtalskoll::app::web
