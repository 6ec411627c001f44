#include "tests/support/server_process.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace avtalskoll {

void run_command(const std::string& command) {
    if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
}

std::string free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    ::close(socket);
    if (!bound) throw std::runtime_error("no free port");
    return std::to_string(ntohs(address.sin_port));
}

std::filesystem::path server_folder(const std::string& name, const std::string& user) {
    std::string folder =
        (std::filesystem::temp_directory_path() / fmt::format("avtalskoll-{}-XXXXXX", name))
            .string();
    if (!::mkdtemp(folder.data())) throw std::runtime_error("no folder for the server");
    if (::geteuid() == 0) run_command(fmt::format("chown {} {}", user, folder));
    return folder;
}

std::string as_user(const std::string& user) {
    return ::geteuid() == 0 ? fmt::format("setpriv --reuid={0} --regid={0} --init-groups ", user)
                            : "";
}

}  // namespace avtalskoll
