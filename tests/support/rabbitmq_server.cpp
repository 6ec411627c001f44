#include "tests/support/rabbitmq_server.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <stdexcept>
#include <thread>

#include "tests/support/server_process.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUnixUser = "rabbitmq";
constexpr const char* kPrograms = "/usr/lib/rabbitmq/bin";

}  // namespace

RabbitmqServer& RabbitmqServer::shared() {
    static RabbitmqServer server;
    return server;
}

RabbitmqServer::RabbitmqServer()
    : folder_(server_folder("rabbitmq", kUnixUser)),
      port_(free_port()),
      tls_port_(free_port()),
      distribution_port_(free_port()),
      names_port_(free_port()),
      certificates_(make_certificates(folder_)) {
    std::ofstream(folder_ / "enabled_plugins") << "[].\n";
    std::ofstream(folder_ / "rabbitmq.conf")
        << "listeners.tcp.1 = 127.0.0.1:" << port_ << "\n"
        << "listeners.ssl.1 = 127.0.0.1:" << tls_port_ << "\n"
        << "ssl_options.cacertfile = " << certificates_.authority.string() << "\n"
        << "ssl_options.certfile = " << certificates_.certificate.string() << "\n"
        << "ssl_options.keyfile = " << certificates_.key.string() << "\n"
        << "default_user = provning\ndefault_pass = hemligt\n"
        << "vm_memory_high_watermark.absolute = 512MB\ndisk_free_limit.absolute = 50MB\n"
        << "log.console = true\n";
    run_command(
        fmt::format("mkdir {0}/home {0}/mnesia {0}/log; chmod -R a+rX {0}; [ $(id -u) != 0 "
                    "] || chown -R {1} {0}",
                    folder_.string(), kUnixUser));
    start();
}

RabbitmqServer::~RabbitmqServer() {
    const std::string stop =
        fmt::format("pkill -KILL -f '[ ]{0}/home'; epmd -port {1} -kill > {0}/epmd.log; rm -rf {0}",
                    folder_.string(), names_port_);
    if (std::system(stop.c_str()) != 0) std::fputs("RabbitMQ left files behind\n", stderr);
}

std::string RabbitmqServer::environment() const {
    const std::string folder = folder_.string();
    return fmt::format(
        "cd {0} && HOME={0}/home RABBITMQ_NODENAME=avtalskoll{1}@localhost "
        "RABBITMQ_CONFIG_FILE={0}/rabbitmq RABBITMQ_ENABLED_PLUGINS_FILE={0}/enabled_plugins "
        "RABBITMQ_MNESIA_BASE={0}/mnesia RABBITMQ_LOG_BASE={0}/log RABBITMQ_DIST_PORT={2} "
        "ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT={3} ERL_EPMD_RELAXED_COMMAND_CHECK=1 "
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="
        "'-kernel inet_dist_use_interface {{127,0,0,1}}' {4}",
        folder, port_, distribution_port_, names_port_, as_user(kUnixUser));
}

void RabbitmqServer::start() {
    run_command(
        fmt::format("({}{}/rabbitmq-server > log/console.log 2>&1 &)", environment(), kPrograms));
    const std::string ready =
        fmt::format("{}{}/rabbitmqctl await_startup > /dev/null 2>&1", environment(), kPrograms);
    for (int tries = 0; std::system(ready.c_str()) != 0; ++tries) {
        if (tries == 30)
            throw std::runtime_error("RabbitMQ does not start; see " + folder_.string());
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}

void RabbitmqServer::kill() {
    run_command(fmt::format("pkill -KILL -f '[ ]{}/home'", folder_.string()));
}

std::string RabbitmqServer::control(const std::string& arguments) const {
    const std::string command =
        fmt::format("{}{}/rabbitmqctl -q {}", environment(), kPrograms, arguments);
    std::FILE* answer = ::popen(command.c_str(), "r");
    if (!answer) throw std::runtime_error("cannot run rabbitmqctl");
    std::string text;
    std::array<char, 4096> some{};
    while (const std::size_t got = std::fread(some.data(), 1, some.size(), answer))
        text.append(some.data(), got);
    if (::pclose(answer) != 0) throw std::runtime_error("failed: rabbitmqctl " + arguments);
    return text;
}

std::string RabbitmqServer::new_vhost() {
    const std::string name = fmt::format("v{}", ++vhosts_);
    control("add_vhost " + name);
    control(fmt::format("set_permissions -p {} provning '.*' '.*' '.*'", name));
    return fmt::format("amqp://provning:hemligt@127.0.0.1:{}/{}", port_, name);
}

std::string RabbitmqServer::over_tls(const std::string& url) const {
    return std::regex_replace(url, std::regex("^amqp(://[^@]*@)[^/]*"),
                              "amqps$1localhost:" + tls_port_);
}

}  // namespace avtalskoll
