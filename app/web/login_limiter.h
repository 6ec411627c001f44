// Slows down whoever guesses passwords.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace avtalskoll::app::web {

// The limit is kMostFailures failed tries for a name from one address within kFailureMinutes, or
// ten times as many from one address. Beyond it no try is looked at until as much time has passed.
// For this machine's own address, and for a Unix socket (empty), only names count, since a web
// server there hands on everybody's requests. In memory only; thread-safe.
class LoginLimiter {
public:
    static constexpr int kMostFailures = 5, kFailureMinutes = 15;

    // Counts a try; false when it is one too many.
    bool begin(const std::string& name, const std::string& peer);
    void succeeded(const std::string& name, const std::string& peer);

private:
    struct Failures {
        int count = 0;
        std::int64_t since = 0;  // seconds
    };
    bool is_over(const std::string& key, int most);
    void add(const std::string& key);

    std::mutex mutex_;
    std::map<std::string, Failures> failures_;
};

}  // namespace avtalskoll::app::web
