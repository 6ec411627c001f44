// Certificates for the tests' servers, made with openssl.
#pragma once
#include <filesystem>

namespace avtalskoll {

// An authority of its own, and a server's certificate of it for the name `localhost`.
struct Certificates {
    std::filesystem::path authority, certificate, key;
};

// Throws std::runtime_error when they cannot be made.
Certificates make_certificates(const std::filesystem::path& folder);

}  // namespace avtalskoll
