// What the tests' servers share.
#pragma once
#include <filesystem>
#include <string>

namespace avtalskoll {

// Runs a command of the shell. Throws std::runtime_error when it fails.
void run_command(const std::string& command);

// A TCP port of this machine that nobody listens on now.
std::string free_port();

// A new folder that the server's user may write to.
std::filesystem::path server_folder(const std::string& name, const std::string& user);

// The words before a command that is to run as `user`, when this program is root.
std::string as_user(const std::string& user);

}  // namespace avtalskoll
