#include "tests/support/postgresql_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <pqxx/pqxx>
#include <stdexcept>
#include <thread>

#include "tests/support/server_process.h"

namespace avtalskoll {
namespace {

namespace fs = std::filesystem;

constexpr const char* kUser = "provning";

fs::path newest_programs() {
    fs::path newest;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql"))
        if (entry.path() / "bin" > newest) newest = entry.path() / "bin";
    return newest;
}

}  // namespace

PostgresqlServer& PostgresqlServer::shared() {
    static PostgresqlServer server;
    return server;
}

PostgresqlServer::PostgresqlServer()
    : folder_(server_folder("postgresql", "postgres")),
      programs_(newest_programs()),
      port_(free_port()),
      certificates_(make_certificates(folder_)) {
    if (::geteuid() == 0) run_command(fmt::format("chown postgres {}/server.*", folder_.string()));
    std::ofstream(folder_ / "password") << "hemligt";
    run_command(
        command("initdb", fmt::format("-D {0}/data -U {1} -A scram-sha-256 --pwfile={0}/password "
                                      "--data-checksums -E UTF8 --locale=C.UTF-8 > {0}/initdb.log",
                                      folder_.string(), kUser)));
    start();
}

PostgresqlServer::~PostgresqlServer() {
    const std::string stop = command(
        "pg_ctl", fmt::format("-D {}/data -m immediate stop > /dev/null", folder_.string()));
    if (std::system(stop.c_str()) == 0) {
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
}

void PostgresqlServer::start() {
    const std::string log = (folder_ / "server.log").string();
    const std::string starting = command(
        "pg_ctl", fmt::format("-D {0}/data -w -l {1} -o \"-p {2} -c listen_addresses=127.0.0.1 -c "
                              "unix_socket_directories={0} -c ssl=on -c ssl_cert_file={3} -c "
                              "ssl_key_file={4}\" start > /dev/null 2>&1",
                              folder_.string(), log, port_, certificates_.certificate.string(),
                              certificates_.key.string()));
    // After a kill the first start may find the lock of the dead server.
    for (int tries = 0; std::system(starting.c_str()) != 0; ++tries) {
        if (tries == 10) throw std::runtime_error("the server does not start; see " + log);
        std::this_thread::sleep_for(std::chrono::seconds(1));
    }
}

void PostgresqlServer::kill() {
    pid_t pid = 0;
    std::ifstream(folder_ / "data" / "postmaster.pid") >> pid;
    if (pid <= 1) throw std::runtime_error("no server to kill");
    run_command(fmt::format("kill -KILL {0} $(pgrep -P {0})", pid));
}

std::string PostgresqlServer::new_database() {
    const std::string of_server =
        fmt::format("postgresql://{}:hemligt@127.0.0.1:{}/", kUser, port_);
    const std::string name = fmt::format("avtalskoll_{}", ++databases_);
    pqxx::connection server(of_server + "postgres");
    pqxx::nontransaction making(server);
    making.exec("CREATE DATABASE " + name);
    return of_server + name;
}

std::string PostgresqlServer::command(const std::string& program,
                                      const std::string& arguments) const {
    return fmt::format("cd / && {}{} {}", as_user("postgres"), (programs_ / program).string(),
                       arguments);
}

}  // namespace avtalskoll
