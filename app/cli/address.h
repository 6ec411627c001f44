// An address with a port, as a command line gives it.
#pragma once
#include <cstdint>
#include <string>

namespace avtalskoll::app {

struct Address {
    std::string host;
    std::uint16_t port = 0;
};

// `listen`: 127.0.0.1:8080 or [::1]:8080. Throws Error{BadInput}, naming the option, when it is no
// such address.
Address parse_address(const char* option, const std::string& listen);

}  // namespace avtalskoll::app
