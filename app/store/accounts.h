// The accounts of the review server: users with passwords, their sessions, tokens of other systems.
// Kept in the store.
//
// Passwords are hashed with argon2id (libsodium, its "interactive" cost: 64 MB, some 60 ms); of
// sessions and tokens only the SHA-256 of their 256 random bits is kept. Safe from many threads.
// Throws Error{Io} when the store cannot be read or written.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace avtalskoll::app {

// Each role may do what those before it may, and more.
enum class Role {
    Reader,   // see
    Officer,  // decide, upload
    Admin,    // see the log and the users
};
const char* to_string(Role role);
std::optional<Role> parse_role(const std::string& text);

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
    Accounts(const std::filesystem::path& store, int connections);
    ~Accounts();
    Accounts(const Accounts&) = delete;
    Accounts& operator=(const Accounts&) = delete;

    // Throws Error{BadInput} when the name or the password is not acceptable, or the name is taken.
    void add_user(const std::string& name, Role role, const std::string& password);
    // Ends the user's sessions, too. Throws Error{BadInput} when there is no such user.
    void set_password(const std::string& name, const std::string& password);
    void set_blocked(const std::string& name, bool blocked);
    std::vector<User> users();

    // The secret for the browser; nullopt: wrong name or password, or blocked. Takes as long
    // whether the name is known or not.
    std::optional<std::string> log_in(const std::string& name, const std::string& password);
    std::optional<Identity> session(const std::string& secret);
    void log_out(const std::string& secret);

    // The secret, which is not kept. Throws Error{BadInput} when the name is taken or not
    // acceptable.
    std::string add_token(const std::string& name, Role role);
    void remove_token(const std::string& name);
    std::vector<Token> tokens();
    std::optional<Identity> token(const std::string& secret);

private:
    struct Connections;
    std::unique_ptr<Connections> connections_;
};

// Slows down whoever guesses passwords. The limit is kMostFailures failed tries for a name from one
// address within kFailureMinutes, or ten times as many from one address. Beyond it no try is looked
// at until as much time has passed. For this machine's own address only names count, since a web
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

}  // namespace avtalskoll::app
