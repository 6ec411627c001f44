// A RabbitMQ server of Debian's package, in a folder of its own, for the tests of one program.
#pragma once
#include <filesystem>
#include <string>

#include "tests/support/certificates.h"

namespace avtalskoll {

// Throws std::runtime_error when the server cannot be made or started.
class RabbitmqServer {
public:
    // Started at its first use, stopped at the program's end.
    static RabbitmqServer& shared();

    RabbitmqServer();
    ~RabbitmqServer();
    RabbitmqServer(const RabbitmqServer&) = delete;
    RabbitmqServer& operator=(const RabbitmqServer&) = delete;

    // A new, empty virtual host; with the user's name and password in the URL.
    std::string new_vhost();
    // The same of a URL, over TLS; what the server's certificate is to be checked against.
    std::string over_tls(const std::string& url) const;
    const std::filesystem::path& authority() const { return certificates_.authority; }

    // Ends as when the machine loses its power.
    void kill();
    void start();

    // rabbitmqctl's answer.
    std::string control(const std::string& arguments) const;

private:
    std::string environment() const;

    std::filesystem::path folder_;
    std::string port_, tls_port_, distribution_port_, names_port_;
    Certificates certificates_;
    int vhosts_ = 0;
};

}  // namespace avtalskoll
