#include "app/cli/mail_command.h"

#include <fmt/format.h>

#include "app/cli/options.h"
#include "app/service/mail_sender.h"
#include "app/store/sql_database.h"
#include "models/error.h"

namespace avtalskoll::app {

int run_mail_list(const MailOptions& options) {
    const std::vector<MailLine> lines = open_mail_store(options.store, 1)->list(0);
    for (const MailLine& line : lines)
        print_out(fmt::format("{:>6}  {}  {:<8}  {:<8}  {}{}{}\n", line.mail.key, line.mail.at,
                              to_string(line.mail.state), to_string(line.mail.kind), line.id,
                              line.mail.fault.empty() ? "" : "  ", line.mail.fault));
    return lines.empty() ? 0 : 1;
}

int run_mail_send(const MailOptions& options) {
    const auto store = open_mail_store(options.store, 1);
    const auto carrier = mail_carrier(options.mail);
    const SentMail sent = send_waiting_mail(*store, *carrier);
    print_out(fmt::format("{} sent, {} to be tried later, {} refused, {} unclear\n", sent.sent,
                          sent.later, sent.failed, sent.unclear));
    return sent.later + sent.failed + sent.unclear > 0 ? 1 : 0;
}

int run_mail_settle(const MailOptions& options) {
    if (!open_mail_store(options.store, 1)->settle(options.key, options.has_left, user_name()))
        throw Error(ErrorKind::BadInput,
                    fmt::format("there is no mail {} that failed or is unclear (see 'avtalskoll "
                                "mail list')",
                                options.key));
    return 0;
}

void add_mail_commands(CLI::App& program, Work& work) {
    const auto options = std::make_shared<MailOptions>();
    CLI::App* mail =
        program.add_subcommand("mail", "The mail of cases: what has not left, and handing it over");
    mail->require_subcommand(1);
    mail->footer(
        "'serve' hands mail over by itself when it knows where to. Mail that may have left when "
        "the program or the server ended is unclear:\n"
        "it is never sent again by itself. Look into the mail server's log, then say with 'settle' "
        "what became of it.\n\n"
        "Examples:\n"
        "  avtalskoll mail list --store store.db\n"
        "  avtalskoll mail send --store store.db --mail-spool /var/spool/avtalskoll --mail-from "
        "avtal@example.se\n"
        "  avtalskoll mail settle 7 --left --store store.db");
    CLI::App* list = mail->add_subcommand("list", "What has not left (exit status 1 when any)");
    CLI::App* send = mail->add_subcommand("send", "Hand over all that can go now, once");
    CLI::App* settle =
        mail->add_subcommand("settle", "Say what became of mail that is unclear or failed");
    for (CLI::App* command : {list, send, settle}) add_store(command, options->store, true);
    add_mail(send, options->mail);
    settle->add_option("MAIL", options->key, "Its number in 'mail list'")->required();
    settle->add_flag("--left", options->has_left, "It has left (default: send it again)");
    when_given(list, work, run_mail_list, options);
    when_given(send, work, run_mail_send, options);
    when_given(settle, work, run_mail_settle, options);
}

}  // namespace avtalskoll::app
