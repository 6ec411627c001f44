// The accounts of the review server: users with passwords, their sessions, tokens of other systems.
// Kept in the store.
//
// Passwords are hashed with argon2id (libsodium, its "interactive" cost: 64 MB, some 60 ms); of
// sessions and tokens only the SHA-256 of their 256 random bits is kept. Safe from many threads.
// Throws Error{Io} when the store cannot be read or written.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/store/role.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

struct User {
    std::string name;
    Role role = Role::Reader;
    std::string added_at, blocked_at;  // the latter empty: may log in
};

struct Token {
    std::string name;
    Role role = Role::Reader;
    std::string added_at, removed_at;
};

// Somebody who has shown who he is.
struct Identity {
    std::string name;
    Role role = Role::Reader;
    std::string csrf;  // to be sent with every change; empty: came with a token
};

// Characters; OWASP ASVS 2.1.1 and 2.1.2.
inline constexpr std::size_t kLeastPassword = 12, kMostPassword = 128;
inline constexpr int kSessionHours = 12, kSessionIdleMinutes = 60;

class Accounts {
public:
    Accounts() = default;
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;
    virtual ~Accounts() = default;

    // Throws Error{BadInput} when the name or the password is not acceptable, or the name is taken.
    virtual void add_user(const std::string& name, Role role, const std::string& password) = 0;
    // Ends the user's sessions, too. Throws Error{BadInput} when there is no such user.
    virtual void set_password(const std::string& name, const std::string& password) = 0;
    virtual void set_blocked(const std::string& name, bool blocked) = 0;
    virtual std::vector<User> users() = 0;
    // Whether a user of that name is blocked, however its letters and signs are written: a sign-on
    // may take "Anna" for "anna". False when there is none.
    virtual bool is_blocked(const std::string& name) = 0;

    // The secret for the browser; nullopt: wrong name or password, or blocked. Takes as long
    // whether the name is known or not.
    virtual std::optional<std::string> log_in(const std::string& name,
                                              const std::string& password) = 0;
    virtual std::optional<Identity> session(const std::string& secret) = 0;
    virtual void log_out(const std::string& secret) = 0;

    // The secret, which is not kept. Throws Error{BadInput} when the name is taken or not
    // acceptable.
    virtual std::string add_token(const std::string& name, Role role) = 0;
    virtual void remove_token(const std::string& name) = 0;
    virtual std::vector<Token> tokens() = 0;
    virtual std::optional<Identity> token(const std::string& secret) = 0;
};

// Of a store that is there. `connections`: how many threads are served at once.
std::unique_ptr<Accounts> open_accounts(const StorePlace& store, int connections);

}  // namespace avtalskoll::app
