#include "app/store/accounts.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <ctime>

#include "app/store/sqlite_file.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/account.h"
#include "pipeline/files/file_hash.h"

namespace avtalskoll::app {
namespace {

constexpr int kPatienceMs = 5000;
constexpr const char* kTokenPrefix = "token ";  // of the name under which a token decides
constexpr std::size_t kSecretBytes = 32;
constexpr std::time_t kFailureSeconds = std::time_t{60} * LoginLimiter::kFailureMinutes;
constexpr std::size_t kMostAddresses = 10'000;  // remembered by the limiter

std::string random_secret() {
    std::array<unsigned char, kSecretBytes> bytes{};
    randombytes_buf(bytes.data(), bytes.size());
    std::array<char, 2 * kSecretBytes + 1> text{};
    return sodium_bin2hex(text.data(), text.size(), bytes.data(), bytes.size());
}

std::string hash_of(const std::string& password) {
    std::array<char, crypto_pwhash_STRBYTES> hash{};
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(),
                          crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw Error(ErrorKind::Io, "no memory to hash a password (64 MB)");
    return hash.data();
}

void check_password(const std::string& password) {
    const std::size_t letters = static_cast<std::size_t>(edit_distance(password, ""));
    if (letters < kLeastPassword || letters > kMostPassword)
        throw Error(ErrorKind::BadInput,
                    fmt::format("a password has {} to {} characters; this one has {}",
                                kLeastPassword, kMostPassword, letters));
}

void check_name(const std::string& name) {
    if (!pipeline::is_valid_id(name))
        throw Error(ErrorKind::BadInput, fmt::format("'{}' is not a name: letters, digits, space, "
                                                     "'.', '_' and '-', 100 characters at most",
                                                     name));
}

std::string key_of(const std::string& name, const std::string& peer) {
    return peer + "\n" + name.substr(0, 100);
}

}  // namespace

const char* to_string(Role role) {
    switch (role) {
        case Role::Reader: return "reader";
        case Role::Officer: return "officer";
        case Role::Admin: return "admin";
    }
    return "?";
}

std::optional<Role> parse_role(const std::string& text) {
    for (const Role role : {Role::Reader, Role::Officer, Role::Admin})
        if (text == to_string(role)) return role;
    return std::nullopt;
}

struct Accounts::Connections {
    Connections(const std::filesystem::path& store, int connections)
        : pool(store, connections, kPatienceMs) {
        if (sodium_init() < 0) throw Error(ErrorKind::Internal, "libsodium cannot be used");
        nobody = hash_of(random_secret());
    }
    SqlitePool pool;
    std::string nobody;  // a hash that no password has
};

Accounts::Accounts(const std::filesystem::path& store, int connections)
    : connections_(std::make_unique<Connections>(store, connections)) {}
Accounts::~Accounts() = default;

void Accounts::add_user(const std::string& name, Role role, const std::string& password) {
    check_name(name);
    if (name.starts_with(kTokenPrefix))
        throw Error(ErrorKind::BadInput,
                    fmt::format("'{}': names that begin with 'token ' are those of tokens", name));
    check_password(password);
    const std::string hash = hash_of(password);
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert(file.database(),
                                 "INSERT INTO users (name, role, password, added_at) VALUES (?, ?, "
                                 "?, ?) ON CONFLICT DO NOTHING");
        bind_all(insert, name, std::string(to_string(role)), hash, utc_now());
        if (insert.exec() == 0)
            throw Error(ErrorKind::BadInput, fmt::format("there is a user '{}' already", name));
        file.log(user_name(), "user added", fmt::format("{}, {}", name, to_string(role)));
        transaction.commit();
    });
}

void Accounts::set_password(const std::string& name, const std::string& password) {
    check_password(password);
    const std::string hash = hash_of(password);
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(file.database(), "UPDATE users SET password = ? WHERE name = ?");
        bind_all(update, hash, name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        file.run("DELETE FROM sessions WHERE user = ?", name);
        file.log(user_name(), "password set", name);
        transaction.commit();
    });
}

void Accounts::set_blocked(const std::string& name, bool blocked) {
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(
            file.database(), "UPDATE users SET blocked_at = CASE WHEN ? THEN ? END WHERE name = ?");
        bind_all(update, static_cast<int>(blocked), utc_now(), name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        file.run("DELETE FROM sessions WHERE user = ?", name);
        file.log(user_name(), std::string(blocked ? "user blocked" : "user unblocked"), name);
        transaction.commit();
    });
}

std::vector<User> Accounts::users() {
    return connections_->pool.with([](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            "SELECT name, role, added_at, coalesce(blocked_at, '') FROM users ORDER BY name");
        std::vector<User> users;
        while (rows.executeStep())
            users.push_back({rows.getColumn(0),
                             parse_role(rows.getColumn(1)).value_or(Role::Reader),
                             rows.getColumn(2), rows.getColumn(3)});
        return users;
    });
}

std::optional<std::string> Accounts::log_in(const std::string& name, const std::string& password) {
    if (password.size() > 4 * kMostPassword) return std::nullopt;
    const std::string hash = connections_->pool.with([&](SqliteFile& file) {
        SQLite::Statement row(file.database(),
                              "SELECT password FROM users WHERE name = ? AND blocked_at IS NULL");
        row.bind(1, name);
        return row.executeStep() ? row.getColumn(0).getString() : connections_->nobody;
    });
    if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0)
        return std::nullopt;
    std::string secret = random_secret();
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        file.run("DELETE FROM sessions WHERE began_at < ?", utc_ago(std::chrono::days(1)));
        file.run(
            "INSERT INTO sessions (hash, user, csrf, began_at, seen_at) VALUES (?, ?, ?, ?, ?)",
            pipeline::sha256_of_text(secret), name, random_secret(), utc_now(), utc_now());
        file.log(name, "logged in", "");
        transaction.commit();
    });
    return secret;
}

std::optional<Identity> Accounts::session(const std::string& secret) {
    if (secret.empty()) return std::nullopt;
    const std::string hash = pipeline::sha256_of_text(secret);
    return connections_->pool.with([&](SqliteFile& file) -> std::optional<Identity> {
        SQLite::Statement row(
            file.database(),
            "SELECT u.name, u.role, s.csrf, s.seen_at < ?2 FROM sessions s JOIN users u ON u.name "
            "= s.user AND "
            "u.blocked_at IS NULL WHERE s.hash = ?1 AND s.began_at >= ?3 AND s.seen_at >= ?4");
        bind_all(row, hash, utc_ago(std::chrono::minutes(1)),
                 utc_ago(std::chrono::hours(kSessionHours)),
                 utc_ago(std::chrono::minutes(kSessionIdleMinutes)));
        if (!row.executeStep()) return std::nullopt;
        Identity identity{row.getColumn(0), parse_role(row.getColumn(1)).value_or(Role::Reader),
                          row.getColumn(2)};
        const bool is_old = row.getColumn(3).getInt() != 0;
        row.reset();
        if (is_old) file.run("UPDATE sessions SET seen_at = ? WHERE hash = ?", utc_now(), hash);
        return identity;
    });
}

void Accounts::log_out(const std::string& secret) {
    connections_->pool.with([&](SqliteFile& file) {
        file.run("DELETE FROM sessions WHERE hash = ?", pipeline::sha256_of_text(secret));
    });
}

std::string Accounts::add_token(const std::string& name, Role role) {
    check_name(name);
    std::string secret = random_secret();
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert(file.database(),
                                 "INSERT INTO tokens (name, hash, role, added_at) VALUES (?, ?, ?, "
                                 "?) ON CONFLICT DO NOTHING");
        bind_all(insert, name, pipeline::sha256_of_text(secret), std::string(to_string(role)),
                 utc_now());
        if (insert.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is, or was, a token '{}' already", name));
        file.log(user_name(), "token added", fmt::format("{}, {}", name, to_string(role)));
        transaction.commit();
    });
    return secret;
}

void Accounts::remove_token(const std::string& name) {
    connections_->pool.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(
            file.database(),
            "UPDATE tokens SET removed_at = ? WHERE name = ? AND removed_at IS NULL");
        bind_all(update, utc_now(), name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no token '{}' (see 'avtalskoll token list')", name));
        file.log(user_name(), "token removed", name);
        transaction.commit();
    });
}

std::vector<Token> Accounts::tokens() {
    return connections_->pool.with([](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            "SELECT name, role, added_at, coalesce(removed_at, '') FROM tokens ORDER BY name");
        std::vector<Token> tokens;
        while (rows.executeStep())
            tokens.push_back({rows.getColumn(0),
                              parse_role(rows.getColumn(1)).value_or(Role::Reader),
                              rows.getColumn(2), rows.getColumn(3)});
        return tokens;
    });
}

std::optional<Identity> Accounts::token(const std::string& secret) {
    return connections_->pool.with([&](SqliteFile& file) -> std::optional<Identity> {
        SQLite::Statement row(
            file.database(), "SELECT name, role FROM tokens WHERE hash = ? AND removed_at IS NULL");
        row.bind(1, pipeline::sha256_of_text(secret));
        if (!row.executeStep()) return std::nullopt;
        return Identity{kTokenPrefix + row.getColumn(0).getString(),
                        parse_role(row.getColumn(1)).value_or(Role::Reader), ""};
    });
}

bool LoginLimiter::begin(const std::string& name, const std::string& peer) {
    const std::lock_guard lock(mutex_);
    if (failures_.size() > kMostAddresses) failures_.clear();
    const bool counts_address = !peer.starts_with("127.") && peer != "::1";
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

}  // namespace avtalskoll::app
