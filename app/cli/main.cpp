// The program's start: reads the arguments, runs the command, turns what goes wrong into one line
// and an exit status.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "app/cli/account_command.h"
#include "app/cli/case_command.h"
#include "app/cli/check_command.h"
#include "app/cli/completion_command.h"
#include "app/cli/config_file.h"
#include "app/cli/console.h"
#include "app/cli/doctor_command.h"
#include "app/cli/form_command.h"
#include "app/cli/mail_command.h"
#include "app/cli/queue_command.h"
#include "app/cli/serve_command.h"
#include "app/cli/signature_command.h"
#include "app/cli/store_command.h"
#include "app/cli/usage.h"
#include "app/cli/watch_command.h"
#include "app/service/data_dir.h"
#include "models/error.h"
#include "models/version.h"
#include "pipeline/texts/texts.h"

namespace {

using namespace avtalskoll;

// Some settings work only when they are in the environment before the process starts. Tesseract's
// OpenMP threads cost more than they give when pages are read side by side; with large memory pages
// (glibc 2.35) its models load in a third of the time.
void restart_in_better_environment(char** argv) {
    bool changed = false;
    for (const auto& [name, value] : {std::pair("OMP_THREAD_LIMIT", "1"),
                                      std::pair("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")}) {
        if (std::getenv(name)) continue;
        setenv(name, value, 1);
        changed = true;
    }
    if (changed) execv("/proc/self/exe", argv);  // when this fails the program is slower, no more
}

// A service manager hands secrets over as files (systemd.exec, LoadCredential=).
void take_credentials() {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (!folder) return;
    const std::filesystem::path queue = std::filesystem::path(folder) / "avtalskoll.queue-password",
                                store = std::filesystem::path(folder) / "avtalskoll.store-password";
    constexpr int kKeep = 0;
    if (::access(queue.c_str(), R_OK) == 0)
        setenv("AVTALSKOLL_QUEUE_PASSWORD_FILE", queue.c_str(), kKeep);
    std::ifstream in(store);
    if (std::string password; std::getline(in, password))
        setenv("PGPASSWORD", password.c_str(), kKeep);
}

// In the order in which --help shows them.
void add_commands(CLI::App& program, app::Work& work) {
    app::add_check(program, work);
    app::add_watch(program, work);
    app::add_submit(program, work);
    app::add_worker(program, work);
    app::add_dead(program, work);
    app::add_signature(program, work);
    app::add_form(program, work);
    app::add_submissions(program, work);
    app::add_cases(program, work);
    app::add_countersign(program, work);
    app::add_mail_commands(program, work);
    app::add_store_commands(program, work);
    app::add_purge(program, work);
    app::add_doctor(program, work);
    app::add_serve(program, work);
    app::add_user(program, work);
    app::add_token(program, work);
    app::add_completion(program, work);
    app::add_configuration(program, work);
}

// In words, as far as the texts can be read.
std::string told(const Error& error) {
    try {
        return pipeline::Texts(app::data_dir() / "texts" / "sv.yaml").say(error.reason());
    } catch (const std::exception&) {
        return error.what();
    }
}

// The exit status of the work, or 2 with a line on standard error when it cannot go on.
int run_guarded(const app::Work& work) {
    try {
        const int status = work();
        app::flush_out();
        return status;
    } catch (const Error& e) {
        fmt::print(stderr, "avtalskoll: {}\n", told(e));
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::broken_pipe) return 0;
        fmt::print(stderr, "avtalskoll: {}\n", app::told(e));
    } catch (const std::exception& e) {
        fmt::print(stderr, "avtalskoll: unexpected: {}\n", e.what());
    }
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    restart_in_better_environment(argv);
    take_credentials();
    ::umask(0077);  // files that this program writes hold personal data
    CLI::App program(
        "Avtalskoll checks scanned, hand-signed agreements: is every required point there?");
    program.set_version_flag("--version", std::string("avtalskoll ") + kVersion);
    program.require_subcommand(1);
    app::Work work;
    add_commands(program, work);
    app::add_config_file(program);
    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return program.exit(e);
        const std::string in_file = app::config_fault(program, add_commands);
        fmt::print(
            stderr, "{}",
            in_file.empty() ? app::usage_fault(program, {argv + 1, argv + argc}, e) : in_file);
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves must not take the reports with it
    return run_guarded(work);
}
