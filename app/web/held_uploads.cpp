#include "app/web/held_uploads.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

namespace avtalskoll::app::web {
namespace {

namespace fs = std::filesystem;

std::string random_token() {
    std::array<unsigned char, 16> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    return fmt::format("{:02x}", fmt::join(bytes, ""));
}

}  // namespace

WorkFolder::WorkFolder(const fs::path& below) : path_(below / random_token()) {
    fs::create_directories(path_ / "parts");
}

WorkFolder::~WorkFolder() {
    std::error_code gone;
    fs::remove_all(path_, gone);
}

std::string HeldUploads::hold(const std::string& user, Upload upload) {
    const std::lock_guard lock(mutex_);
    remove_old_locked();
    const auto is_theirs = [&](const auto& entry) { return entry.second.user == user; };
    if (std::count_if(held_.begin(), held_.end(), is_theirs) >= kMostHeld) {
        auto oldest = held_.end();
        for (auto at = held_.begin(); at != held_.end(); ++at)
            if (is_theirs(*at) &&
                (oldest == held_.end() || at->second.since < oldest->second.since))
                oldest = at;
        held_.erase(oldest);
    }
    std::string token = random_token();
    held_.emplace(token, Held{user, std::move(upload), std::chrono::steady_clock::now()});
    return token;
}

std::optional<Upload> HeldUploads::find(const std::string& token, const std::string& user) {
    const std::lock_guard lock(mutex_);
    remove_old_locked();
    const auto at = held_.find(token);
    return at != held_.end() && at->second.user == user ? std::optional(at->second.upload)
                                                        : std::nullopt;
}

void HeldUploads::drop(const std::string& token, const std::string& user) {
    const std::lock_guard lock(mutex_);
    remove_old_locked();
    if (const auto at = held_.find(token); at != held_.end() && at->second.user == user)
        held_.erase(at);
}

void HeldUploads::remove_old() {
    const std::lock_guard lock(mutex_);
    remove_old_locked();
}

void HeldUploads::remove_old_locked() {
    const auto oldest = std::chrono::steady_clock::now() - kHeldFor;
    std::erase_if(held_, [&](const auto& entry) { return entry.second.since < oldest; });
}

}  // namespace avtalskoll::app::web
