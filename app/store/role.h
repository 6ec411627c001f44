// The rights of an account.
#pragma once
#include <optional>
#include <string_view>

namespace avtalskoll::app {

// Each role may do what those before it may, and more.
enum class Role {
    Reader,   // see
    Officer,  // decide, upload
    Admin,    // see the log and the users
};

// As stored and on the command line.
const char* to_string(Role role);
std::optional<Role> parse_role(std::string_view name);

}  // namespace avtalskoll::app
