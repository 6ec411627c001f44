#include "app/cli/account_command.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/store/store.h"
#include "models/error.h"

namespace avtalskoll::app {
namespace {

// The terminal shows nothing of what is written while this lives.
class Unseen {
public:
    Unseen() {
        ::tcgetattr(STDIN_FILENO, &before_);
        termios unseen = before_;
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
    }
    ~Unseen() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;

private:
    termios before_{};
};

std::string asked(const char* prompt) {
    fmt::print(stderr, "{}", prompt);
    const Unseen unseen;
    std::string line;
    std::getline(std::cin, line);
    fmt::print(stderr, "\n");
    return line;
}

std::string read_password() {
    if (::isatty(STDIN_FILENO)) {
        std::string password =
            asked(fmt::format("Password ({} characters or more): ", kLeastPassword).c_str());
        if (asked("The same again: ") != password)
            throw Error(ErrorKind::BadInput, "the two are not the same; nothing was changed");
        return password;
    }
    std::string line;
    std::getline(std::cin, line);
    return line;
}

// The accounts of a store; `create`: which is made when it is not there yet.
struct OpenAccounts {
    explicit OpenAccounts(const AccountOptions& options, bool create = false)
        : store(open_sqlite_store(options.store, create)), accounts(options.store, 1) {}
    std::unique_ptr<Store> store;
    Accounts accounts;
};

void print_line(const AccountOptions& options, const std::string& name, Role role,
                const std::string& added_at, const std::string& ended_at, const char* ended) {
    if (options.format == OutputFormat::Json)
        fmt::print("{}\n", nlohmann::ordered_json{{"name", name},
                                                  {"role", to_string(role)},
                                                  {"added_at", added_at},
                                                  {std::string(ended) + "_at", ended_at}}
                               .dump());
    else
        fmt::print("{}  {:<8}  {}{}\n", added_at, to_string(role), name,
                   ended_at.empty() ? "" : fmt::format("  ({} {})", ended, ended_at));
}

}  // namespace

int run_user_add(const AccountOptions& options) {
    OpenAccounts open(options, true);
    open.accounts.add_user(options.name, options.role, read_password());
    fmt::print("{} may log in as {}\n", options.name, to_string(options.role));
    return 0;
}

int run_user_password(const AccountOptions& options) {
    OpenAccounts open(options);
    open.accounts.set_password(options.name, read_password());
    fmt::print("{} has a new password and is logged out everywhere\n", options.name);
    return 0;
}

int run_user_block(const AccountOptions& options) {
    OpenAccounts(options).accounts.set_blocked(options.name, true);
    fmt::print("{} may not log in, and is logged out everywhere\n", options.name);
    return 0;
}

int run_user_unblock(const AccountOptions& options) {
    OpenAccounts(options).accounts.set_blocked(options.name, false);
    fmt::print("{} may log in again\n", options.name);
    return 0;
}

int run_user_list(const AccountOptions& options) {
    for (const User& user : OpenAccounts(options).accounts.users())
        print_line(options, user.name, user.role, user.added_at, user.blocked_at, "blocked");
    return 0;
}

int run_token_add(const AccountOptions& options) {
    fmt::print("{}\n", OpenAccounts(options).accounts.add_token(options.name, options.role));
    fmt::print(stderr,
               "This token is shown once; keep it as a password. Send it as 'Authorization: Bearer "
               "TOKEN'.\n");
    return 0;
}

int run_token_remove(const AccountOptions& options) {
    OpenAccounts(options).accounts.remove_token(options.name);
    fmt::print("the token {} is not taken any more\n", options.name);
    return 0;
}

int run_token_list(const AccountOptions& options) {
    for (const Token& token : OpenAccounts(options).accounts.tokens())
        print_line(options, token.name, token.role, token.added_at, token.removed_at, "removed");
    return 0;
}

}  // namespace avtalskoll::app
