// The accounts on one machine, in SQLite.
#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "app/store/accounts.h"
#include "app/store/audit.h"
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

class SqliteAccounts final : public Accounts {
public:
    SqliteAccounts(const std::filesystem::path& store, int connections)
        : pool_(store, connections, kPatienceMs) {
        if (sodium_init() < 0) throw Error(ErrorKind::Internal, "libsodium cannot be used");
        nobody_ = hash_of(random_secret());
    }

    void add_user(const std::string& name, Role role, const std::string& password) override;
    void set_password(const std::string& name, const std::string& password) override;
    void set_blocked(const std::string& name, bool blocked) override;
    std::vector<User> users() override;
    std::optional<std::string> log_in(const std::string& name,
                                      const std::string& password) override;
    std::optional<Identity> session(const std::string& secret) override;
    void log_out(const std::string& secret) override;
    std::string add_token(const std::string& name, Role role) override;
    void remove_token(const std::string& name) override;
    std::vector<Token> tokens() override;
    std::optional<Identity> token(const std::string& secret) override;

private:
    SqlitePool pool_;
    std::string nobody_;  // a hash that no password has
};

void SqliteAccounts::add_user(const std::string& name, Role role, const std::string& password) {
    check_name(name);
    if (name.starts_with(kTokenPrefix))
        throw Error(ErrorKind::BadInput,
                    fmt::format("'{}': names that begin with 'token ' are those of tokens", name));
    check_password(password);
    const std::string hash = hash_of(password);
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert(file.database(),
                                 "INSERT INTO users (name, role, password, added_at) VALUES (?, ?, "
                                 "?, ?) ON CONFLICT DO NOTHING");
        bind_all(insert, name, std::string(to_string(role)), hash, utc_now());
        if (insert.exec() == 0)
            throw Error(ErrorKind::BadInput, fmt::format("there is a user '{}' already", name));
        file.log(user_name(), 0, {.action = AuditAction::UserAdded, .subject = name, .role = role});
        transaction.commit();
    });
}

void SqliteAccounts::set_password(const std::string& name, const std::string& password) {
    check_password(password);
    const std::string hash = hash_of(password);
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(file.database(), "UPDATE users SET password = ? WHERE name = ?");
        bind_all(update, hash, name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        file.run("DELETE FROM sessions WHERE user = ?", name);
        file.log(user_name(), 0, {.action = AuditAction::PasswordSet, .subject = name});
        transaction.commit();
    });
}

void SqliteAccounts::set_blocked(const std::string& name, bool blocked) {
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(
            file.database(), "UPDATE users SET blocked_at = CASE WHEN ? THEN ? END WHERE name = ?");
        bind_all(update, static_cast<int>(blocked), utc_now(), name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        file.run("DELETE FROM sessions WHERE user = ?", name);
        file.log(user_name(), 0,
                 {.action = blocked ? AuditAction::UserBlocked : AuditAction::UserUnblocked,
                  .subject = name});
        transaction.commit();
    });
}

std::vector<User> SqliteAccounts::users() {
    return pool_.with([](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            "SELECT name, role, added_at, coalesce(blocked_at, '') FROM users ORDER BY name");
        std::vector<User> users;
        while (rows.executeStep())
            users.push_back({rows.getColumn(0),
                             parse_role(rows.getColumn(1).getString()).value_or(Role::Reader),
                             rows.getColumn(2), rows.getColumn(3)});
        return users;
    });
}

std::optional<std::string> SqliteAccounts::log_in(const std::string& name,
                                                  const std::string& password) {
    if (password.size() > 4 * kMostPassword) return std::nullopt;
    const std::string hash = pool_.with([&](SqliteFile& file) {
        SQLite::Statement row(file.database(),
                              "SELECT password FROM users WHERE name = ? AND blocked_at IS NULL");
        row.bind(1, name);
        return row.executeStep() ? row.getColumn(0).getString() : nobody_;
    });
    if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0)
        return std::nullopt;
    std::string secret = random_secret();
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        file.run("DELETE FROM sessions WHERE began_at < ?", utc_ago(std::chrono::days(1)));
        file.run(
            "INSERT INTO sessions (hash, user, csrf, began_at, seen_at) VALUES (?, ?, ?, ?, ?)",
            pipeline::sha256_of_text(secret), name, random_secret(), utc_now(), utc_now());
        file.log(name, 0, {.action = AuditAction::LoggedIn});
        transaction.commit();
    });
    return secret;
}

std::optional<Identity> SqliteAccounts::session(const std::string& secret) {
    if (secret.empty()) return std::nullopt;
    const std::string hash = pipeline::sha256_of_text(secret);
    return pool_.with([&](SqliteFile& file) -> std::optional<Identity> {
        SQLite::Statement row(
            file.database(),
            "SELECT u.name, u.role, s.csrf, s.seen_at < ?2 FROM sessions s JOIN users u ON u.name "
            "= s.user AND "
            "u.blocked_at IS NULL WHERE s.hash = ?1 AND s.began_at >= ?3 AND s.seen_at >= ?4");
        bind_all(row, hash, utc_ago(std::chrono::minutes(1)),
                 utc_ago(std::chrono::hours(kSessionHours)),
                 utc_ago(std::chrono::minutes(kSessionIdleMinutes)));
        if (!row.executeStep()) return std::nullopt;
        Identity identity{row.getColumn(0),
                          parse_role(row.getColumn(1).getString()).value_or(Role::Reader),
                          row.getColumn(2)};
        const bool is_old = row.getColumn(3).getInt() != 0;
        row.reset();
        if (is_old) file.run("UPDATE sessions SET seen_at = ? WHERE hash = ?", utc_now(), hash);
        return identity;
    });
}

void SqliteAccounts::log_out(const std::string& secret) {
    pool_.with([&](SqliteFile& file) {
        file.run("DELETE FROM sessions WHERE hash = ?", pipeline::sha256_of_text(secret));
    });
}

std::string SqliteAccounts::add_token(const std::string& name, Role role) {
    check_name(name);
    std::string secret = random_secret();
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement insert(file.database(),
                                 "INSERT INTO tokens (name, hash, role, added_at) VALUES (?, ?, ?, "
                                 "?) ON CONFLICT DO NOTHING");
        bind_all(insert, name, pipeline::sha256_of_text(secret), std::string(to_string(role)),
                 utc_now());
        if (insert.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is, or was, a token '{}' already", name));
        file.log(user_name(), 0,
                 {.action = AuditAction::TokenAdded, .subject = name, .role = role});
        transaction.commit();
    });
    return secret;
}

void SqliteAccounts::remove_token(const std::string& name) {
    pool_.with([&](SqliteFile& file) {
        SQLite::Transaction transaction(file.database(), SQLite::TransactionBehavior::IMMEDIATE);
        SQLite::Statement update(
            file.database(),
            "UPDATE tokens SET removed_at = ? WHERE name = ? AND removed_at IS NULL");
        bind_all(update, utc_now(), name);
        if (update.exec() == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no token '{}' (see 'avtalskoll token list')", name));
        file.log(user_name(), 0, {.action = AuditAction::TokenRemoved, .subject = name});
        transaction.commit();
    });
}

std::vector<Token> SqliteAccounts::tokens() {
    return pool_.with([](SqliteFile& file) {
        SQLite::Statement rows(
            file.database(),
            "SELECT name, role, added_at, coalesce(removed_at, '') FROM tokens ORDER BY name");
        std::vector<Token> tokens;
        while (rows.executeStep())
            tokens.push_back({rows.getColumn(0),
                              parse_role(rows.getColumn(1).getString()).value_or(Role::Reader),
                              rows.getColumn(2), rows.getColumn(3)});
        return tokens;
    });
}

std::optional<Identity> SqliteAccounts::token(const std::string& secret) {
    return pool_.with([&](SqliteFile& file) -> std::optional<Identity> {
        SQLite::Statement row(
            file.database(), "SELECT name, role FROM tokens WHERE hash = ? AND removed_at IS NULL");
        row.bind(1, pipeline::sha256_of_text(secret));
        if (!row.executeStep()) return std::nullopt;
        return Identity{kTokenPrefix + row.getColumn(0).getString(),
                        parse_role(row.getColumn(1).getString()).value_or(Role::Reader), ""};
    });
}

}  // namespace

std::unique_ptr<Accounts> open_sqlite_accounts(const std::filesystem::path& store,
                                               int connections) {
    return std::make_unique<SqliteAccounts>(store, connections);
}

}  // namespace avtalskoll::app
