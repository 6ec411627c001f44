#include "app/cli/address.h"

#include <fmt/format.h>

#include <charconv>

#include "models/error.h"

namespace avtalskoll::app {

Address parse_address(const char* option, const std::string& listen) {
    const auto colon = listen.rfind(':');
    Address address;
    const std::string port = colon == std::string::npos ? "" : listen.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (port.empty() || error != std::errc{} || end != port.data() + port.size())
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: '{}' is not an address with a port; give one such as "
                                "127.0.0.1:8080 or [::1]:8080",
                                option, listen));
    address.host = listen.substr(0, colon);
    if (address.host.starts_with('[') && address.host.ends_with(']'))
        address.host = address.host.substr(1, address.host.size() - 2);
    return address;
}

}  // namespace avtalskoll::app
