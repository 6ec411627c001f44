// `avtalskoll mail`: the mail of cases that has not left, and handing it over.
#pragma once
#include <cstdint>

#include "app/cli/work.h"
#include "app/mail/mail_carrier.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

struct MailOptions {
    StorePlace store;
    MailPlace mail;
    std::int64_t key = 0;  // settle
    bool has_left = false;
};

// Each returns the exit status: 0, and 1 when something has not left. They throw Error when the
// store or the mail's place cannot be used, or there is no such mail.
int run_mail_list(const MailOptions& options);
int run_mail_send(const MailOptions& options);
int run_mail_settle(const MailOptions& options);

// Adds the command to the program.
void add_mail_commands(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
