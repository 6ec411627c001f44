#include "tests/support/certificates.h"

#include <fmt/format.h>

#include <fstream>

#include "tests/support/server_process.h"

namespace avtalskoll {

Certificates make_certificates(const std::filesystem::path& folder) {
    std::ofstream(folder / "names") << "subjectAltName=DNS:localhost\n";
    run_command(fmt::format(
        "cd {} && umask 077 && exec 2> openssl.log && openssl req -x509 -newkey ec -pkeyopt "
        "ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=The tests' -keyout authority.key -out "
        "authority.pem && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "
        "/CN=localhost -keyout server.key -out server.csr && openssl x509 -req -days 2 -in "
        "server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -extfile names -out "
        "server.pem",
        folder.string()));
    return {folder / "authority.pem", folder / "server.pem", folder / "server.key"};
}

}  // namespace avtalskoll
