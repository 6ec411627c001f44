// The command line: reads the arguments, runs the command, turns what goes wrong into one line and
// an exit status.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "app/cli/account_command.h"
#include "app/cli/check_command.h"
#include "app/cli/console.h"
#include "app/cli/doctor_command.h"
#include "app/cli/form_command.h"
#include "app/cli/serve_command.h"
#include "app/cli/signature_command.h"
#include "app/cli/store_command.h"
#include "app/cli/watch_command.h"
#include "models/error.h"
#include "models/version.h"
#include "rules/caution.h"

namespace {

using namespace avtalskoll;

const std::map<std::string, app::OutputFormat> kTextOrJson{{"text", app::OutputFormat::Text},
                                                           {"json", app::OutputFormat::Json}};

// What is only heeded when it is in the environment before the process starts. Tesseract's OpenMP
// threads cost more than they give when pages are read side by side; with large memory pages
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

// One of a map's words, or an error with the words in it; CLI11's own shows what the words are
// inside the program.
template <class Map>
CLI::Validator one_of(const Map& words) {
    std::map<std::string, std::string> inner;
    std::vector<std::string> choices;
    for (const auto& [word, value] : words) {
        inner[word] = std::to_string(static_cast<int>(value));
        choices.push_back(word);
    }
    const auto check = [inner, choices](std::string& word) {
        const auto at = inner.find(word);
        if (at == inner.end())
            return fmt::format("'{}' is none of: {}{}", word, fmt::join(choices, ", "),
                               app::did_you_mean(word, choices));
        word = at->second;
        return std::string();
    };
    return CLI::Validator(check, "", "");
}

// The command that the first arguments name, as deep as they do; `next` is left at the argument
// after it.
const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& arguments,
                           std::size_t& next) {
    const CLI::App* at = &app;
    for (next = 0; next < arguments.size(); ++next) {
        const auto inner = at->get_subcommands(
            [&](const CLI::App* sub) { return sub->get_name() == arguments[next]; });
        if (inner.empty()) break;
        at = inner.front();
    }
    return at;
}

std::string full_name(const CLI::App* command) {
    return command->get_parent() ? full_name(command->get_parent()) + " " + command->get_name()
                                 : "avtalskoll";
}

// What is wrong with a word that no command or option has.
std::string unknown_word(const CLI::App* command, const std::string& word) {
    std::vector<std::string> known;
    if (!word.starts_with("-")) {
        for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; }))
            known.push_back(sub->get_name());
        if (known.empty())
            return fmt::format("'{}' is one argument too many for '{}'", word, full_name(command));
        return fmt::format("'{}' is no command of '{}'{}", word, full_name(command),
                           app::did_you_mean(word, known));
    }
    for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    return fmt::format("'{}' is no option of '{}'{}", word, full_name(command),
                       app::did_you_mean(word.substr(0, word.find('=')), known));
}

// One line for arguments that cannot be understood.
std::string usage_fault(const CLI::App& app, const std::vector<std::string>& arguments,
                        const CLI::ParseError& error) {
    std::size_t next = 0;
    const CLI::App* command = command_of(app, arguments, next);
    std::string fault = error.what();
    const std::vector<std::string> left = command->remaining();
    if (command->get_require_subcommand_min() > 0) {
        std::vector<std::string> known;
        for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; }))
            known.push_back(sub->get_name());
        fault = next < arguments.size() ? unknown_word(command, arguments[next])
                                        : fmt::format("say what to do: {}", fmt::join(known, ", "));
    } else if (!left.empty()) {
        const auto option = std::find_if(left.begin(), left.end(), [](const std::string& word) {
            return word.starts_with("-");
        });
        fault = unknown_word(command, option == left.end() ? left.front() : *option);
    }
    return fmt::format("avtalskoll: {} (see '{} --help')\n", fault, full_name(command));
}

// What the arguments ask for.
using Work = std::function<int()>;

// `run` with `options` becomes the work when `command` is given.
template <class Options>
void when_given(CLI::App* command, Work& work, int (*run)(const Options&), const Options& options) {
    command->callback([&work, run, &options] { work = [run, &options] { return run(options); }; });
}

void add_forms(CLI::App* to, std::filesystem::path& forms) {
    to->add_option("--forms", forms, "Folder of registered forms (default: the program's own)")
        ->type_name("DIR");
}

void add_sandbox(CLI::App* to, bool& require_landlock) {
    to->add_option_function<std::string>(
          "--sandbox",
          [&require_landlock](const std::string& level) {
              require_landlock = level == "require-landlock";
          },
          "require-landlock: refuse to open documents where the kernel cannot restrict paths "
          "(default: then they open no file at all)")
        ->check(CLI::IsMember({"require-landlock", "any"}))
        ->type_name("LEVEL")
        ->group("Limits");
}

void add_store(CLI::App* to, std::filesystem::path& store, bool required) {
    CLI::Option* option =
        to->add_option("--store", store, "The store: a database file; originals go to FILE.files")
            ->type_name("FILE");
    if (required) option->required();
}

void add_format(CLI::App* to, app::OutputFormat& format) {
    to->add_option("--format", format, "What goes to standard output")
        ->transform(one_of(kTextOrJson))
        ->type_name("text|json");
}

// What shapes the checking itself, for `check`, `watch` and `serve`.
void add_engine(CLI::App* to, app::CheckerOptions& options) {
    add_forms(to, options.forms);
    to->add_option("--jobs", options.jobs, "Submissions at a time (default: one for each core)")
        ->check(CLI::Range(1, 256))
        ->type_name("N");
    to->add_option("--caution", options.caution,
                   "How careful to be: 1 as measured, 4 asks a person oftener, 0.25 seldomer "
                   "(docs/accuracy.md has the curve)")
        ->check(CLI::Range(rules::kLeastCaution, rules::kMostCaution))
        ->capture_default_str()
        ->type_name("X");
    ocr::RasterLimits& limits = options.limits;
    const auto number = [&](const char* name, auto& value, const char* what, auto least,
                            auto most) {
        to->add_option(name, value, what)
            ->check(CLI::Range(least, most))
            ->capture_default_str()
            ->type_name("N")
            ->group("Limits");
    };
    const auto megabytes = [&](const char* name, std::uint64_t& bytes, const std::string& what,
                               std::uint64_t least, std::uint64_t most) {
        to->add_option_function<std::uint64_t>(
              name, [&bytes](std::uint64_t mb) { bytes = mb << 20; },
              fmt::format("{} [{}]", what, bytes >> 20))
            ->check(CLI::Range(least, most))
            ->type_name("N")
            ->group("Limits");
    };
    megabytes("--max-file-mb", limits.max_file_bytes, "Megabytes a document may have", 1, 4096);
    number("--max-pages", limits.max_pages, "Pages a document may have", 1, 100'000);
    number("--max-page-pixels", limits.max_page_pixels, "Pixels a page may have when drawn",
           1'000'000, 400'000'000);
    number("--max-page-seconds", limits.max_page_seconds,
           "Seconds that a page, or the opening, may take", 1, 3600);
    number("--max-document-seconds", limits.max_document_seconds,
           "Seconds that drawing a document may take", 1, 36'000);
    megabytes("--max-memory-mb", limits.max_memory_bytes,
              "Megabytes that drawing a document may take", 256, 65'536);
    add_sandbox(to, limits.require_landlock);
}

void add_checking(CLI::App* to, app::CheckerOptions& options, pipeline::IntakeOptions& intake) {
    to->add_option("--personal-data", intake.personal_data,
                   "Whether the data sets hold personal data, where submission.json does not say")
        ->transform(one_of(std::map<std::string, bool>{{"yes", true}, {"no", false}}))
        ->type_name("yes|no");
    add_engine(to, options);
}

void add_check(CLI::App& app, app::CheckOptions& options, Work& work) {
    CLI::App* check = app.add_subcommand("check", "Check submissions and write a report for each");
    check->footer(
        "A folder with PDF files is one submission; a folder of such folders is a batch; a PDF "
        "file alone is a submission too.\n"
        "Each may hold a submission.json: {\"id\": \"s1\", \"personal_data\": true, "
        "\"organisation_number\": \"212000-1355\"}.\n"
        "Reports go to DIR/<id>/report.html and report.json, the table to DIR/summary.csv. "
        "Originals are never changed.\n"
        "With --store everything is kept, too: what was checked before is not checked again, and a "
        "run that was ended goes on.\n\n"
        "Exit status: 0 all complete, 1 some flagged, 2 could not run, 130 interrupted.\n\n"
        "Examples:\n"
        "  avtalskoll check inbox/ --out reports/\n"
        "  avtalskoll check avtal.pdf --personal-data no\n"
        "  avtalskoll check scans/ --each-file --format csv > table.csv\n"
        "  avtalskoll check inbox/ --store /var/lib/avtalskoll/store.db");
    check->add_option("PATH", options.paths, "Files or folders to check")->required();
    check->add_option("--out", options.out, "Folder for the reports")
        ->type_name("DIR")
        ->capture_default_str();
    add_store(check, options.store, false);
    check->add_flag("--each-file", options.intake.each_file,
                    "Take every PDF below a folder as a submission of its own");
    check->add_option("--format", options.format, "What goes to standard output")
        ->transform(
            one_of(std::map<std::string, app::OutputFormat>{{"text", app::OutputFormat::Text},
                                                            {"json", app::OutputFormat::Json},
                                                            {"csv", app::OutputFormat::Csv}}))
        ->type_name("text|json|csv");
    check->add_flag("--timing", options.timing,
                    "Say on standard error how fast it went and where the time went");
    add_checking(check, options.checker, options.intake);
    when_given(check, work, app::run_check, options);
}

void add_watch(CLI::App& app, app::WatchOptions& options, Work& work) {
    CLI::App* watch = app.add_subcommand(
        "watch", "Take submissions in from an inbox folder as they come, and check them");
    watch->footer(
        "An entry of the inbox, a folder or a file, is taken when it is renamed in, or when "
        "nothing in it has changed for some seconds. A file\n"
        "that comes later opens the submission again. Originals stay where they are; each is taken "
        "once, over restarts and renames.\n\n"
        "Exit status: 0 done (--once), 2 could not start, 130 stopped.\n\n"
        "Examples:\n"
        "  avtalskoll watch /srv/inbox --store /var/lib/avtalskoll/store.db\n"
        "  avtalskoll watch /srv/inbox --store store.db --out reports/ --once");
    watch->add_option("DIR", options.inbox, "The inbox")->required();
    add_store(watch, options.store, true);
    watch
        ->add_option("--out", options.out,
                     "Folder for the reports as well (default: they are in the store alone)")
        ->type_name("DIR");
    watch
        ->add_option("--quiet-seconds", options.quiet_seconds,
                     "How long nothing in an entry may have changed before it is taken")
        ->check(CLI::Range(0, 86'400))
        ->capture_default_str()
        ->type_name("N");
    watch->add_flag("--once", options.once, "End when all that is there was taken and checked");
    add_checking(watch, options.checker, options.intake);
    when_given(watch, work, app::run_watch, options);
}

void add_signature(CLI::App& app, app::SignatureOptions& options, Work& work) {
    CLI::App* signature =
        app.add_subcommand("signature", "Judge signature places in a picture of any page");
    signature->footer(
        "Says of each place whether a hand signed there: signed, empty (whatever else is there: "
        "print, a stamp, a smudge) or\n"
        "doubtful (initials, a tick, what cannot be told). No form needs to be registered.\n\n"
        "Exit status: 0 judged, 2 the picture cannot be read.\n\n"
        "Examples:\n"
        "  avtalskoll signature page.jpg --box 120,1800,600,150\n"
        "  avtalskoll signature cutting.png --format json");
    signature->add_option("IMAGE", options.image, "The picture: JPEG, PNG or TIFF")->required();
    signature
        ->add_option("--box", options.boxes,
                     "A place in pixels of the picture; may be given several times (default: the "
                     "whole picture)")
        ->type_name("X,Y,W,H")
        ->delimiter(',')
        ->type_size(4)
        ->allow_extra_args(false);
    add_format(signature, options.format);
    when_given(signature, work, app::run_signature, options);
}

struct FormOptions {
    pipeline::ImportOptions import;
    app::FormCheckOptions check;
    app::FormListOptions list;
    app::FormShowOptions show;
};

void add_form(CLI::App& app, FormOptions& options, Work& work) {
    CLI::App* form = app.add_subcommand("form", "Set up, check and show registered forms");
    form->require_subcommand(1);
    form->footer("docs/forms.md tells step by step how a new agreement is set up.");
    CLI::App* import = form->add_subcommand("import", "Set up a new form from its blank PDF");
    import->footer(
        "Writes DIR/<id>-<version>/ with the blank and a drafted form.yaml, or nothing at all. "
        "Fillable fields, printed boxes,\n"
        "table cells and lines with a label become places; numbered headings become points. What "
        "is doubtful is said.\n\n"
        "Example:\n"
        "  avtalskoll form import leveransavtal.pdf --id leveransavtal --version 1.0 --out "
        "data/forms");
    import
        ->add_option("BLANK", options.import.blank,
                     "The blank form, a PDF that nothing is filled in on")
        ->required()
        ->check(CLI::ExistingFile);
    import->add_option("--id", options.import.id, "Stable name of the agreement in reports")
        ->required();
    import->add_option("--version", options.import.version, "Version as printed on the form")
        ->required();
    import->add_option("--title", options.import.title,
                       "Name for people (default: the largest print on page 1)");
    import
        ->add_option("--counterparty", options.import.counterparty,
                     "Who signs for the other side, as printed (default: guessed)")
        ->type_name("NAME");
    import->add_option("--out", options.import.out, "Folder of forms")
        ->type_name("DIR")
        ->capture_default_str();
    CLI::App* check = form->add_subcommand(
        "check", "Say what is wrong with a form's folder, or draw what was understood");
    check->add_option("DIR", options.check.folder, "The form's folder, with form.yaml")
        ->required()
        ->check(CLI::ExistingDirectory);
    check
        ->add_option("--out", options.check.out,
                     "Folder for the pictures (default: form-check/<id>-<version>)")
        ->type_name("DIR");
    CLI::App* list = form->add_subcommand("list", "List the registered forms");
    add_forms(list, options.list.forms);
    add_format(list, options.list.format);
    CLI::App* show = form->add_subcommand("show", "Show what a form asks for and where");
    show->add_option("ID", options.show.id, "The form's id")->required();
    show->add_option("--version", options.show.version, "One version only");
    add_forms(show, options.show.forms);
    add_format(show, options.show.format);
    when_given(import, work, app::run_form_import, options.import);
    when_given(check, work, app::run_form_check, options.check);
    when_given(list, work, app::run_form_list, options.list);
    when_given(show, work, app::run_form_show, options.show);
}

struct StoreOptions {
    app::SubmissionsOptions submissions;
    app::PurgeOptions purge;
    app::DoctorOptions doctor;
};

void add_store_commands(CLI::App& app, StoreOptions& options, Work& work) {
    CLI::App* submissions =
        app.add_subcommand("submissions", "List, show and hand out what the store has");
    submissions->require_subcommand(1);
    CLI::App* list =
        submissions->add_subcommand("list", "A line for each submission, oldest first");
    list->add_option("--verdict", options.submissions.verdict, "Only those with this verdict")
        ->check(CLI::IsMember({"complete", "incomplete", "review", "rejected"}))
        ->type_name("VERDICT");
    CLI::App* show =
        submissions->add_subcommand("show", "One submission: verdict, files, what happened to it");
    CLI::App* export_one = submissions->add_subcommand(
        "export", "Write a submission's report and originals to DIR/<id>");
    export_one->add_option("--out", options.submissions.out, "Folder to write to")
        ->type_name("DIR")
        ->capture_default_str();
    for (CLI::App* command : {list, show, export_one})
        add_store(command, options.submissions.store, true);
    for (CLI::App* command : {list, show}) add_format(command, options.submissions.format);
    for (CLI::App* command : {show, export_one})
        command->add_option("ID", options.submissions.id, "The submission's id")->required();
    CLI::App* purge =
        app.add_subcommand("purge", "Remove personal data of old submissions from the store");
    purge->footer(
        "Originals, pages, crops and values of submissions that were received more than DAYS days "
        "ago are removed; their verdicts stay, without\n"
        "texts, and the audit log says what was done. Exported and written reports are yours to "
        "remove. docs/personal-data.md tells all.");
    add_store(purge, options.purge.store, true);
    purge->add_option("--older-than", options.purge.older_than_days, "Days")
        ->required()
        ->check(CLI::Range(0, 36'500))
        ->type_name("DAYS");
    CLI::App* doctor = app.add_subcommand(
        "doctor",
        "Prove that this machine and installation are fit: sandbox, models, forms, store, disk");
    doctor->footer("Exit status: 0 all is well, 1 something is not.");
    add_store(doctor, options.doctor.store, false);
    add_forms(doctor, options.doctor.forms);
    add_sandbox(doctor, options.doctor.require_landlock);
    when_given(list, work, app::run_submissions_list, options.submissions);
    when_given(show, work, app::run_submissions_show, options.submissions);
    when_given(export_one, work, app::run_submissions_export, options.submissions);
    when_given(purge, work, app::run_purge, options.purge);
    when_given(doctor, work, app::run_doctor, options.doctor);
}

void add_serve(CLI::App& app, app::ServeOptions& options, Work& work) {
    CLI::App* serve = app.add_subcommand(
        "serve", "Serve the case officers' pages and the API, and check what is uploaded");
    serve->footer(
        "Officers log in with the users of the store ('avtalskoll user add'); other systems use "
        "tokens ('avtalskoll token add').\n"
        "Browsers keep a login only over HTTPS or on the machine itself: put a web server with TLS "
        "before it (docs/review.md).\n\n"
        "Exit status: 2 could not start, 130 stopped.\n\n"
        "Examples:\n"
        "  avtalskoll user add anna --role officer --store store.db\n"
        "  avtalskoll serve --store store.db\n"
        "  avtalskoll serve --store store.db --listen '[::1]:9000'");
    add_store(serve, options.store, true);
    serve->add_option("--listen", options.listen, "Address and port")
        ->capture_default_str()
        ->type_name("ADDRESS:PORT");
    serve->add_flag("--leave-checking", options.leave_checking,
                    "Do not check what was taken in: a 'watch' on the same store does");
    serve
        ->add_option("--max-upload-mb", options.most_upload_mb, "Megabytes that an upload may have")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str()
        ->type_name("N")
        ->group("Limits");
    serve
        ->add_option("--max-connections", options.most_connections,
                     "Connections at a time; of more, the one idle longest is closed")
        ->check(CLI::Range(16, 60'000))
        ->capture_default_str()
        ->type_name("N")
        ->group("Limits");
    add_engine(serve, options.checker);
    when_given(serve, work, app::run_serve, options);
}

const std::map<std::string, app::Role> kRoles{
    {"reader", app::Role::Reader}, {"officer", app::Role::Officer}, {"admin", app::Role::Admin}};

void add_accounts(CLI::App& app, app::AccountOptions& options, Work& work) {
    const auto command = [&](CLI::App* of, const char* name, const char* what,
                             int (*run)(const app::AccountOptions&)) {
        CLI::App* made = of->add_subcommand(name, what);
        add_store(made, options.store, true);
        if (std::string(name) == "list") add_format(made, options.format);
        else made->add_option("NAME", options.name, "Who")->required();
        if (std::string(name) == "add")
            made->add_option(
                    "--role", options.role,
                    "reader: see; officer: decide and upload too; admin: the log and the users too")
                ->transform(one_of(kRoles))
                ->type_name("reader|officer|admin")
                ->required();
        when_given(made, work, run, options);
    };
    CLI::App* user =
        app.add_subcommand("user", "Add, block and list those who may log in to the pages");
    user->require_subcommand(1);
    user->footer(
        "Passwords are asked for on the terminal, or read from standard input's first line.");
    command(user, "add", "Let somebody in", app::run_user_add);
    command(user, "password", "Set a new password and end all sessions", app::run_user_password);
    command(user, "block", "Keep somebody out and end all sessions", app::run_user_block);
    command(user, "unblock", "Let somebody in again", app::run_user_unblock);
    command(user, "list", "A line for each", app::run_user_list);
    CLI::App* token =
        app.add_subcommand("token", "Add, remove and list tokens of other systems, for the API");
    token->require_subcommand(1);
    command(token, "add", "Make a token and print it, once", app::run_token_add);
    command(token, "remove", "Take a token no longer", app::run_token_remove);
    command(token, "list", "A line for each", app::run_token_list);
}

}  // namespace

int main(int argc, char** argv) {
    restart_in_better_environment(argv);
    ::umask(0077);  // what this program writes holds personal data
    CLI::App app(
        "Avtalskoll checks scanned, hand-signed agreements: is every required point there?");
    app.set_version_flag("--version", std::string("avtalskoll ") + pipeline::kVersion);
    app.require_subcommand(1);
    Work work;
    app::CheckOptions check;
    app::WatchOptions watch;
    app::SignatureOptions signature;
    FormOptions form;
    StoreOptions store;
    app::ServeOptions serve;
    app::AccountOptions accounts;
    add_check(app, check, work);
    add_watch(app, watch, work);
    add_signature(app, signature, work);
    add_form(app, form, work);
    add_store_commands(app, store, work);
    add_serve(app, serve, work);
    add_accounts(app, accounts, work);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        if (e.get_exit_code() == 0) return app.exit(e);
        fmt::print(stderr, "{}", usage_fault(app, {argv + 1, argv + argc}, e));
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves must not take the reports with it
    try {
        const int status = work();
        app::flush_out();
        return status;
    } catch (const Error& e) {
        fmt::print(stderr, "avtalskoll: {}\n", e.what());
    } catch (const std::system_error& e) {
        if (e.code() == std::errc::broken_pipe) return 0;
        fmt::print(stderr, "avtalskoll: {}\n", app::told(e));
    } catch (const std::exception& e) {
        fmt::print(stderr, "avtalskoll: unexpected: {}\n", e.what());
    }
    return 2;
}
