// The accounts, in SQL.
#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "app/store/accounts.h"
#include "app/store/audit.h"
#include "app/store/sql_database.h"
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

class SqlAccounts final : public Accounts {
public:
    SqlAccounts(const StorePlace& store, int connections)
        : pool_([&] { return open_database(store, false, kPatienceMs); }, connections) {
        if (sodium_init() < 0) throw Error(ErrorKind::Internal, "libsodium cannot be used");
        nobody_ = hash_of(random_secret());
    }

    void add_user(const std::string& name, Role role, const std::string& password) override;
    void set_password(const std::string& name, const std::string& password) override;
    void set_blocked(const std::string& name, bool blocked) override;
    std::vector<User> users() override;
    bool is_blocked(const std::string& name) override;
    std::optional<std::string> log_in(const std::string& name,
                                      const std::string& password) override;
    std::optional<Identity> session(const std::string& secret) override;
    void log_out(const std::string& secret) override;
    std::string add_token(const std::string& name, Role role) override;
    void remove_token(const std::string& name) override;
    std::vector<Token> tokens() override;
    std::optional<Identity> token(const std::string& secret) override;

private:
    SqlPool pool_;
    std::string nobody_;  // a hash that no password has
};

void SqlAccounts::add_user(const std::string& name, Role role, const std::string& password) {
    check_name(name);
    if (name.starts_with(kTokenPrefix))
        throw Error(ErrorKind::BadInput,
                    fmt::format("'{}': names that begin with 'token ' are those of tokens", name));
    check_password(password);
    const std::string hash = hash_of(password);
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        const auto changed = database.run(
            "INSERT INTO users (name, role, password, added_at) VALUES ($1, $2, "
            "$3, $4) ON CONFLICT DO NOTHING",
            name, std::string(to_string(role)), hash, database.now());
        if (changed == 0)
            throw Error(ErrorKind::BadInput, fmt::format("there is a user '{}' already", name));
        database.log(user_name(), 0,
                     {.action = AuditAction::UserAdded, .subject = name, .role = role});
        transaction.commit();
    });
}

void SqlAccounts::set_password(const std::string& name, const std::string& password) {
    check_password(password);
    const std::string hash = hash_of(password);
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        const auto changed =
            database.run("UPDATE users SET password = $1 WHERE name = $2", hash, name);
        if (changed == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        database.run("DELETE FROM sessions WHERE \"user\" = $1", name);
        database.log(user_name(), 0, {.action = AuditAction::PasswordSet, .subject = name});
        transaction.commit();
    });
}

void SqlAccounts::set_blocked(const std::string& name, bool blocked) {
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        const auto changed =
            database.run("UPDATE users SET blocked_at = CASE WHEN $1 THEN $2 END WHERE name = $3",
                         static_cast<int>(blocked), database.now(), name);
        if (changed == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no user '{}' (see 'avtalskoll user list')", name));
        database.run("DELETE FROM sessions WHERE \"user\" = $1", name);
        database.log(user_name(), 0,
                     {.action = blocked ? AuditAction::UserBlocked : AuditAction::UserUnblocked,
                      .subject = name});
        transaction.commit();
    });
}

std::vector<User> SqlAccounts::users() {
    return pool_.with([](SqlDatabase& database) {
        std::vector<User> users;
        for (const SqlRow& row : database.rows(
                 "SELECT name, role, added_at, coalesce(blocked_at, '') FROM users ORDER BY name"))
            users.push_back({row.text(0), parse_role(row.text(1)).value_or(Role::Reader),
                             row.text(2), row.text(3)});
        return users;
    });
}

bool SqlAccounts::is_blocked(const std::string& name) {
    const std::string folded = folded_words(name);
    return pool_.with([&](SqlDatabase& database) {
        bool blocked = false;
        for (const SqlRow& row :
             database.rows("SELECT name FROM users WHERE blocked_at IS NOT NULL"))
            blocked |= row.text(0) == name || folded_words(row.text(0)) == folded;
        return blocked;
    });
}

std::optional<std::string> SqlAccounts::log_in(const std::string& name,
                                               const std::string& password) {
    if (password.size() > 4 * kMostPassword) return std::nullopt;
    const std::string hash = pool_.with([&](SqlDatabase& database) {
        const auto row =
            database.row("SELECT password FROM users WHERE name = $1 AND blocked_at IS NULL", name);
        return row ? row->text(0) : nobody_;
    });
    if (crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) != 0)
        return std::nullopt;
    std::string secret = random_secret();
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        database.run("DELETE FROM sessions WHERE began_at < $1",
                     database.ago(std::chrono::days(1)));
        database.run(
            "INSERT INTO sessions (hash, \"user\", csrf, began_at, seen_at) VALUES ($1, $2, $3, "
            "$4, "
            "$5)",
            pipeline::sha256_of_text(secret), name, random_secret(), database.now(),
            database.now());
        database.log(name, 0, {.action = AuditAction::LoggedIn});
        transaction.commit();
    });
    return secret;
}

std::optional<Identity> SqlAccounts::session(const std::string& secret) {
    if (secret.empty()) return std::nullopt;
    const std::string hash = pipeline::sha256_of_text(secret);
    return pool_.with([&](SqlDatabase& database) -> std::optional<Identity> {
        const auto row = database.row(
            "SELECT u.name, u.role, s.csrf, s.seen_at < $2 FROM sessions s JOIN users u ON u.name "
            "= s.\"user\" AND u.blocked_at IS NULL WHERE s.hash = $1 AND s.began_at >= $3 AND "
            "s.seen_at >= $4",
            hash, database.ago(std::chrono::minutes(1)),
            database.ago(std::chrono::hours(kSessionHours)),
            database.ago(std::chrono::minutes(kSessionIdleMinutes)));
        if (!row) return std::nullopt;
        Identity identity{row->text(0), parse_role(row->text(1)).value_or(Role::Reader),
                          row->text(2)};
        if (row->truth(3))
            database.run("UPDATE sessions SET seen_at = $1 WHERE hash = $2", database.now(), hash);
        return identity;
    });
}

void SqlAccounts::log_out(const std::string& secret) {
    pool_.with([&](SqlDatabase& database) {
        database.run("DELETE FROM sessions WHERE hash = $1", pipeline::sha256_of_text(secret));
    });
}

std::string SqlAccounts::add_token(const std::string& name, Role role) {
    check_name(name);
    std::string secret = random_secret();
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        const auto changed = database.run(
            "INSERT INTO tokens (name, hash, role, added_at) VALUES ($1, $2, $3, "
            "$4) ON CONFLICT DO NOTHING",
            name, pipeline::sha256_of_text(secret), std::string(to_string(role)), database.now());
        if (changed == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is, or was, a token '{}' already", name));
        database.log(user_name(), 0,
                     {.action = AuditAction::TokenAdded, .subject = name, .role = role});
        transaction.commit();
    });
    return secret;
}

void SqlAccounts::remove_token(const std::string& name) {
    pool_.with([&](SqlDatabase& database) {
        SqlTransaction transaction(database, SqlScope::Everything);
        const auto changed =
            database.run("UPDATE tokens SET removed_at = $1 WHERE name = $2 AND removed_at IS NULL",
                         database.now(), name);
        if (changed == 0)
            throw Error(ErrorKind::BadInput,
                        fmt::format("there is no token '{}' (see 'avtalskoll token list')", name));
        database.log(user_name(), 0, {.action = AuditAction::TokenRemoved, .subject = name});
        transaction.commit();
    });
}

std::vector<Token> SqlAccounts::tokens() {
    return pool_.with([](SqlDatabase& database) {
        std::vector<Token> tokens;
        for (const SqlRow& row : database.rows(
                 "SELECT name, role, added_at, coalesce(removed_at, '') FROM tokens ORDER BY name"))
            tokens.push_back({row.text(0), parse_role(row.text(1)).value_or(Role::Reader),
                              row.text(2), row.text(3)});
        return tokens;
    });
}

std::optional<Identity> SqlAccounts::token(const std::string& secret) {
    return pool_.with([&](SqlDatabase& database) -> std::optional<Identity> {
        const auto row =
            database.row("SELECT name, role FROM tokens WHERE hash = $1 AND removed_at IS NULL",
                         pipeline::sha256_of_text(secret));
        if (!row) return std::nullopt;
        return Identity{kTokenPrefix + row->text(0),
                        parse_role(row->text(1)).value_or(Role::Reader), ""};
    });
}

}  // namespace

std::unique_ptr<Accounts> open_accounts(const StorePlace& store, int connections) {
    return std::make_unique<SqlAccounts>(store, connections);
}

}  // namespace avtalskoll::app
