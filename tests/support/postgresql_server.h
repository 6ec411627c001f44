// A PostgreSQL server of Debian's package, in a folder of its own, for the tests of one program.
#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "tests/support/certificates.h"

namespace avtalskoll {

// Throws std::runtime_error when the server cannot be made or started.
class PostgresqlServer {
public:
    // Started at its first use, stopped at the program's end.
    static PostgresqlServer& shared();

    PostgresqlServer();
    ~PostgresqlServer();
    PostgresqlServer(const PostgresqlServer&) = delete;
    PostgresqlServer& operator=(const PostgresqlServer&) = delete;

    // The URL of a new, empty database.
    std::string new_database();
    // What the server's certificate, for `localhost`, is to be checked against.
    const std::filesystem::path& authority() const { return certificates_.authority; }

    // Ends as when the machine loses its power.
    void kill();
    void start();
    // Sockets and data.
    const std::filesystem::path& folder() const { return folder_; }

private:
    // Runs one of the server's programs as the user that it wants to be.
    std::string command(const std::string& program, const std::string& arguments) const;

    std::filesystem::path folder_, programs_;
    std::string port_;
    Certificates certificates_;
    int databases_ = 0;
};

}  // namespace avtalskoll
