#include "app/cli/account_command.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "app/cli/options.h"
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

// The accounts of a store; with `create`, the store is made when it is not there yet.
struct OpenAccounts {
    explicit OpenAccounts(const AccountOptions& options, bool create = false)
        : store(open_store(options.store, create)), accounts(open_accounts(options.store, 1)) {}
    std::unique_ptr<Store> store;
    std::unique_ptr<Accounts> accounts;
};

// A user or a token, for a list.
struct AccountLine {
    std::string name;
    Role role;
    std::string added_at, ended_at;
};

// `ended`: the word for one that is not let in any more.
void print_line(OutputFormat format, const AccountLine& line, const std::string& ended) {
    if (format == OutputFormat::Json)
        fmt::print("{}\n", nlohmann::ordered_json{{"name", line.name},
                                                  {"role", to_string(line.role)},
                                                  {"added_at", line.added_at},
                                                  {ended + "_at", line.ended_at}}
                               .dump());
    else
        fmt::print("{}  {:<8}  {}{}\n", line.added_at, to_string(line.role), line.name,
                   line.ended_at.empty() ? "" : fmt::format("  ({} {})", ended, line.ended_at));
}

}  // namespace

int run_user_add(const AccountOptions& options) {
    OpenAccounts open(options, true);
    open.accounts->add_user(options.name, options.role, read_password());
    fmt::print("{} may log in as {}\n", options.name, to_string(options.role));
    return 0;
}

int run_user_password(const AccountOptions& options) {
    OpenAccounts open(options);
    open.accounts->set_password(options.name, read_password());
    fmt::print("{} has a new password and is logged out everywhere\n", options.name);
    return 0;
}

int run_user_block(const AccountOptions& options) {
    OpenAccounts(options).accounts->set_blocked(options.name, true);
    fmt::print("{} may not log in, and is logged out everywhere\n", options.name);
    return 0;
}

int run_user_unblock(const AccountOptions& options) {
    OpenAccounts(options).accounts->set_blocked(options.name, false);
    fmt::print("{} may log in again\n", options.name);
    return 0;
}

int run_user_list(const AccountOptions& options) {
    for (const User& user : OpenAccounts(options).accounts->users())
        print_line(options.format, {user.name, user.role, user.added_at, user.blocked_at},
                   "blocked");
    return 0;
}

int run_token_add(const AccountOptions& options) {
    fmt::print("{}\n", OpenAccounts(options).accounts->add_token(options.name, options.role));
    fmt::print(stderr,
               "This token is shown once; keep it as a password. Send it as 'Authorization: Bearer "
               "TOKEN'.\n");
    return 0;
}

int run_token_remove(const AccountOptions& options) {
    OpenAccounts(options).accounts->remove_token(options.name);
    fmt::print("the token {} is not taken any more\n", options.name);
    return 0;
}

int run_token_list(const AccountOptions& options) {
    for (const Token& token : OpenAccounts(options).accounts->tokens())
        print_line(options.format, {token.name, token.role, token.added_at, token.removed_at},
                   "removed");
    return 0;
}

namespace {

const std::map<std::string, Role> kRoles{
    {"reader", Role::Reader}, {"officer", Role::Officer}, {"admin", Role::Admin}};

// Adds commands on users, or on tokens, that share their options.
class AccountCommands {
public:
    AccountCommands(CLI::App* of, Work& work) : of_(of), work_(work) {}

    using Run = int (*)(const AccountOptions&);

    void add(const char* name, const char* meaning, Run run) {
        CLI::App* command = made(name, meaning, run);
        add_name(command);
        command
            ->add_option("--role", options_->role,
                         "reader: see; officer: decide and upload too; admin: the log and the "
                         "users too")
            ->transform(one_of(kRoles))
            ->type_name("reader|officer|admin")
            ->required();
    }

    void change(const char* name, const char* meaning, Run run) {
        add_name(made(name, meaning, run));
    }

    void list(const char* name, const char* meaning, Run run) {
        add_format(made(name, meaning, run), options_->format);
    }

private:
    CLI::App* made(const char* name, const char* meaning, Run run) {
        CLI::App* command = of_->add_subcommand(name, meaning);
        add_store(command, options_->store, true);
        when_given(command, work_, run, options_);
        return command;
    }

    void add_name(CLI::App* command) {
        command->add_option("NAME", options_->name, "Who")->required();
    }

    CLI::App* of_;
    Work& work_;
    const std::shared_ptr<AccountOptions> options_ = std::make_shared<AccountOptions>();
};

}  // namespace

void add_user(CLI::App& program, Work& work) {
    CLI::App* user =
        program.add_subcommand("user", "Add, block and list those who may log in to the pages");
    user->require_subcommand(1);
    user->footer(
        "Passwords are asked for on the terminal, or read from standard input's first line.");
    AccountCommands commands(user, work);
    commands.add("add", "Let somebody in", run_user_add);
    commands.change("password", "Set a new password and end all sessions", run_user_password);
    commands.change("block", "Keep somebody out and end all sessions", run_user_block);
    commands.change("unblock", "Let somebody in again", run_user_unblock);
    commands.list("list", "A line for each", run_user_list);
}

void add_token(CLI::App& program, Work& work) {
    CLI::App* token = program.add_subcommand(
        "token", "Add, remove and list tokens of other systems, for the API");
    token->require_subcommand(1);
    AccountCommands commands(token, work);
    commands.add("add", "Make a token and print it, once", run_token_add);
    commands.change("remove", "Take a token no longer", run_token_remove);
    commands.list("list", "A line for each", run_token_list);
}

}  // namespace avtalskoll::app
