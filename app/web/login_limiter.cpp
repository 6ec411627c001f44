#include "app/web/login_limiter.h"

#include <ctime>

namespace avtalskoll::app::web {
namespace {

constexpr std::time_t kFailureSeconds = std::time_t{60} * LoginLimiter::kFailureMinutes;
constexpr std::size_t kMostAddresses = 10'000;  // remembered

std::string key_of(const std::string& name, const std::string& peer) {
    return peer + "\n" + name.substr(0, 100);
}

}  // namespace

bool LoginLimiter::begin(const std::string& name, const std::string& peer) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() > kMostAddresses) failures_.clear();
    const bool counts_address = !peer.empty() && !peer.starts_with("127.") && peer != "::1";
    if (is_over(key_of(name, peer), kMostFailures) ||
        (counts_address && is_over(peer, 10 * kMostFailures)))
        return false;
    add(key_of(name, peer));
    if (counts_address) add(peer);
    return true;
}

void LoginLimiter::succeeded(const std::string& name, const std::string& peer) {
    const std::lock_guard lock(mutex_);
    failures_.erase(key_of(name, peer));
    if (const auto of_peer = failures_.find(peer); of_peer != failures_.end())
        --of_peer->second.count;
}

bool LoginLimiter::is_over(const std::string& key, int most) {
    const auto at = failures_.find(key);
    if (at == failures_.end()) return false;
    if (std::time(nullptr) - at->second.since > kFailureSeconds) {
        failures_.erase(at);
        return false;
    }
    return at->second.count >= most;
}

void LoginLimiter::add(const std::string& key) {
    Failures& failures = failures_[key];
    if (failures.count == 0 || std::time(nullptr) - failures.since > kFailureSeconds)
        failures = {0, std::time(nullptr)};
    ++failures.count;
}

}  // namespace avtalskoll::app::web
