// `avtalskoll user` and `avtalskoll token`: who may use the review server and the API.
#pragma once
#include <filesystem>
#include <string>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "app/store/accounts.h"

namespace avtalskoll::app {

struct AccountOptions {
    StorePlace store;
    std::string name;
    Role role = Role::Officer;
    OutputFormat format = OutputFormat::Text;
};

// Each returns the exit status, 0. They throw Error when the store cannot be used, or the name or
// password is not acceptable. A password is asked for on the terminal, unseen, or read from
// standard input's first line.
int run_user_add(const AccountOptions& options);
int run_user_password(const AccountOptions& options);
int run_user_block(const AccountOptions& options);
int run_user_unblock(const AccountOptions& options);
int run_user_list(const AccountOptions& options);
int run_token_add(const AccountOptions& options);
int run_token_remove(const AccountOptions& options);
int run_token_list(const AccountOptions& options);

// Adds the commands to the program.
void add_user(CLI::App& program, Work& work);
void add_token(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
