// The command line: reads the arguments, runs the command, turns what goes wrong into one line and an exit status.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "app/check_command.h"
#include "app/doctor_command.h"
#include "app/form_command.h"
#include "app/signature_command.h"
#include "app/store_command.h"
#include "app/watch_command.h"
#include "models/error.h"
#include "pipeline/version.h"
#include "rules/caution.h"

namespace {

using namespace avtalskoll;

const std::map<std::string, app::OutputFormat> kTextOrJson{{"text", app::OutputFormat::Text}, {"json", app::OutputFormat::Json}};

// What is only heeded when it is in the environment before the process starts. Tesseract's OpenMP threads cost more than they
// give when pages are read side by side; with large memory pages (glibc 2.35) its models load in a third of the time.
void restart_in_better_environment(char** argv) {
    bool changed = false;
    for (const auto& [name, value] : {std::pair("OMP_THREAD_LIMIT", "1"), std::pair("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")}) {
        if (std::getenv(name)) continue;
        setenv(name, value, 1);
        changed = true;
    }
    if (changed) execv("/proc/self/exe", argv);  // when this fails the program is slower, no more
}

void add_sandbox(CLI::App* to, bool& require_landlock) {
    to->add_option_function<std::string>(
          "--sandbox", [&require_landlock](const std::string& level) { require_landlock = level == "require-landlock"; },
          "require-landlock: refuse to open documents where the kernel cannot restrict paths (default: then they open no file at all)")
        ->check(CLI::IsMember({"require-landlock", "any"}))
        ->type_name("LEVEL")
        ->group("Limits");
}

void add_store(CLI::App* to, std::filesystem::path& store, bool required) {
    CLI::Option* option = to->add_option("--store", store, "The store: a database file; originals go to FILE.files")->type_name("FILE");
    if (required) option->required();
}

void add_format(CLI::App* to, app::OutputFormat& format) {
    to->add_option("--format", format, "What goes to standard output")->transform(CLI::CheckedTransformer(kTextOrJson).description(""))->type_name("text|json");
}

// What shapes the checking itself, for `check` and `watch`.
void add_checking(CLI::App* to, app::CheckerOptions& options, pipeline::IntakeOptions& intake) {
    to->add_option("--forms", options.forms, "Folder of registered forms (default: the program's own)")->type_name("DIR");
    to->add_option("--personal-data", intake.personal_data, "Whether the data sets hold personal data, where submission.json does not say")
        ->transform(CLI::CheckedTransformer(std::map<std::string, bool>{{"yes", true}, {"no", false}}).description(""))
        ->type_name("yes|no");
    to->add_option("--jobs", options.jobs, "Submissions at a time (default: one for each core)")->check(CLI::Range(1, 256))->type_name("N");
    to->add_option("--caution", options.caution, "How careful to be: 1 as measured, 4 asks a person oftener, 0.25 seldomer (docs/accuracy.md has the curve)")
        ->check(CLI::Range(rules::kLeastCaution, rules::kMostCaution))
        ->capture_default_str()
        ->type_name("X");
    ocr::RasterLimits& limits = options.limits;
    const auto number = [&](const char* name, auto& value, const char* what, auto least, auto most) {
        to->add_option(name, value, what)->check(CLI::Range(least, most))->capture_default_str()->type_name("N")->group("Limits");
    };
    const auto megabytes = [&](const char* name, std::uint64_t& bytes, const std::string& what, std::uint64_t least, std::uint64_t most) {
        to->add_option_function<std::uint64_t>(
              name, [&bytes](std::uint64_t mb) { bytes = mb << 20; }, fmt::format("{} [{}]", what, bytes >> 20))
            ->check(CLI::Range(least, most))
            ->type_name("N")
            ->group("Limits");
    };
    megabytes("--max-file-mb", limits.max_file_bytes, "Megabytes a document may have", 1, 4096);
    number("--max-pages", limits.max_pages, "Pages a document may have", 1, 100'000);
    number("--max-page-pixels", limits.max_page_pixels, "Pixels a page may have when drawn", 1'000'000, 400'000'000);
    number("--max-page-seconds", limits.max_page_seconds, "Seconds that a page, or the opening, may take", 1, 3600);
    number("--max-document-seconds", limits.max_document_seconds, "Seconds that drawing a document may take", 1, 36'000);
    megabytes("--max-memory-mb", limits.max_memory_bytes, "Megabytes that drawing a document may take", 256, 65'536);
    add_sandbox(to, limits.require_landlock);
}

void add_check(CLI::App& app, app::CheckOptions& options) {
    CLI::App* check = app.add_subcommand("check", "Check submissions and write a report for each");
    check->footer(
        "A folder with PDF files is one submission; a folder of such folders is a batch; a PDF file alone is a submission too.\n"
        "Each may hold a submission.json: {\"id\": \"s1\", \"personal_data\": true, \"organisation_number\": \"212000-1355\"}.\n"
        "Reports go to DIR/<id>/report.html and report.json, the table to DIR/summary.csv. Originals are never changed.\n"
        "With --store everything is kept, too: what was checked before is not checked again, and a run that was ended goes on.\n\n"
        "Exit status: 0 all complete, 1 some flagged, 2 could not run, 130 interrupted.\n\n"
        "Examples:\n"
        "  avtalskoll check inbox/ --out reports/\n"
        "  avtalskoll check avtal.pdf --personal-data no\n"
        "  avtalskoll check scans/ --each-file --format csv > table.csv\n"
        "  avtalskoll check inbox/ --store /var/lib/avtalskoll/store.db");
    check->add_option("PATH", options.paths, "Files or folders to check")->required();
    check->add_option("--out", options.out, "Folder for the reports")->type_name("DIR")->capture_default_str();
    add_store(check, options.store, false);
    check->add_flag("--each-file", options.intake.each_file, "Take every PDF below a folder as a submission of its own");
    check->add_option("--format", options.format, "What goes to standard output")
        ->transform(
            CLI::CheckedTransformer(std::map<std::string, app::OutputFormat>{{"text", app::OutputFormat::Text}, {"json", app::OutputFormat::Json}, {"csv", app::OutputFormat::Csv}})
                .description(""))
        ->type_name("text|json|csv");
    check->add_flag("--timing", options.timing, "Say on standard error how fast it went and where the time went");
    add_checking(check, options.checker, options.intake);
}

void add_watch(CLI::App& app, app::WatchOptions& options) {
    CLI::App* watch = app.add_subcommand("watch", "Take submissions in from an inbox folder as they come, and check them");
    watch->footer(
        "An entry of the inbox, a folder or a file, is taken when it is renamed in, or when nothing in it has changed for some seconds. A file\n"
        "that comes later opens the submission again. Originals stay where they are; each is taken once, over restarts and renames.\n\n"
        "Exit status: 0 done (--once), 2 could not start, 130 stopped.\n\n"
        "Examples:\n"
        "  avtalskoll watch /srv/inbox --store /var/lib/avtalskoll/store.db\n"
        "  avtalskoll watch /srv/inbox --store store.db --out reports/ --once");
    watch->add_option("DIR", options.inbox, "The inbox")->required();
    add_store(watch, options.store, true);
    watch->add_option("--out", options.out, "Folder for the reports as well (default: they are in the store alone)")->type_name("DIR");
    watch->add_option("--quiet-seconds", options.quiet_seconds, "How long nothing in an entry may have changed before it is taken")
        ->check(CLI::Range(0, 86'400))
        ->capture_default_str()
        ->type_name("N");
    watch->add_flag("--once", options.once, "End when all that is there was taken and checked");
    add_checking(watch, options.checker, options.intake);
}

void add_signature(CLI::App& app, app::SignatureOptions& options) {
    CLI::App* signature = app.add_subcommand("signature", "Judge signature places in a picture of any page");
    signature->footer(
        "Says of each place whether a hand signed there: signed, empty (whatever else is there: print, a stamp, a smudge) or\n"
        "doubtful (initials, a tick, what cannot be told). No form needs to be registered.\n\n"
        "Exit status: 0 judged, 2 the picture cannot be read.\n\n"
        "Examples:\n"
        "  avtalskoll signature page.jpg --box 120,1800,600,150\n"
        "  avtalskoll signature cutting.png --format json");
    signature->add_option("IMAGE", options.image, "The picture: JPEG, PNG or TIFF")->required();
    signature->add_option("--box", options.boxes, "A place in pixels of the picture; may be given several times (default: the whole picture)")
        ->type_name("X,Y,W,H")
        ->delimiter(',')
        ->type_size(4)
        ->allow_extra_args(false);
    add_format(signature, options.format);
}

struct FormCommands {
    CLI::App *import = nullptr, *check = nullptr, *list = nullptr, *show = nullptr;
    pipeline::ImportOptions import_options;
    app::FormCheckOptions check_options;
    app::FormListOptions list_options;
    app::FormShowOptions show_options;

    void add_to(CLI::App& app) {
        CLI::App* form = app.add_subcommand("form", "Set up, check and show registered forms");
        form->require_subcommand(1);
        form->footer("docs/forms.md tells step by step how a new agreement is set up.");
        import = form->add_subcommand("import", "Set up a new form from its blank PDF");
        import->footer(
            "Writes DIR/<id>-<version>/ with the blank and a drafted form.yaml, or nothing at all. Fillable fields, printed boxes,\n"
            "table cells and lines with a label become places; numbered headings become points. What is doubtful is said.\n\n"
            "Example:\n"
            "  avtalskoll form import leveransavtal.pdf --id leveransavtal --version 1.0 --out data/forms");
        import->add_option("BLANK", import_options.blank, "The blank form, a PDF that nothing is filled in on")->required()->check(CLI::ExistingFile);
        import->add_option("--id", import_options.id, "Stable name of the agreement in reports")->required();
        import->add_option("--version", import_options.version, "Version as printed on the form")->required();
        import->add_option("--title", import_options.title, "Name for people (default: the largest print on page 1)");
        import->add_option("--counterparty", import_options.counterparty, "Who signs for the other side, as printed (default: guessed)")->type_name("NAME");
        import->add_option("--out", import_options.out, "Folder of forms")->type_name("DIR")->capture_default_str();
        check = form->add_subcommand("check", "Say what is wrong with a form's folder, or draw what was understood");
        check->add_option("DIR", check_options.folder, "The form's folder, with form.yaml")->required()->check(CLI::ExistingDirectory);
        check->add_option("--out", check_options.out, "Folder for the pictures (default: form-check/<id>-<version>)")->type_name("DIR");
        list = form->add_subcommand("list", "List the registered forms");
        list->add_option("--forms", list_options.forms, "Folder of registered forms (default: the program's own)")->type_name("DIR");
        add_format(list, list_options.format);
        show = form->add_subcommand("show", "Show what a form asks for and where");
        show->add_option("ID", show_options.id, "The form's id")->required();
        show->add_option("--version", show_options.version, "One version only");
        show->add_option("--forms", show_options.forms, "Folder of registered forms (default: the program's own)")->type_name("DIR");
        add_format(show, show_options.format);
    }

    // Runs what was given; nullopt when it was no form command.
    std::optional<int> run() const {
        if (import->parsed()) return app::run_form_import(import_options);
        if (check->parsed()) return app::run_form_check(check_options);
        if (list->parsed()) return app::run_form_list(list_options);
        if (show->parsed()) return app::run_form_show(show_options);
        return std::nullopt;
    }
};

struct StoreCommands {
    CLI::App *list = nullptr, *show = nullptr, *export_one = nullptr, *purge = nullptr, *doctor = nullptr;
    app::SubmissionsOptions options;
    app::PurgeOptions purge_options;
    app::DoctorOptions doctor_options;

    void add_to(CLI::App& app) {
        CLI::App* submissions = app.add_subcommand("submissions", "List, show and hand out what the store has");
        submissions->require_subcommand(1);
        list = submissions->add_subcommand("list", "A line for each submission, oldest first");
        list->add_option("--verdict", options.verdict, "Only those with this verdict")
            ->check(CLI::IsMember({"complete", "incomplete", "review", "rejected"}))
            ->type_name("VERDICT");
        show = submissions->add_subcommand("show", "One submission: verdict, files, what happened to it");
        export_one = submissions->add_subcommand("export", "Write a submission's report and originals to DIR/<id>");
        export_one->add_option("--out", options.out, "Folder to write to")->type_name("DIR")->capture_default_str();
        for (CLI::App* command : {list, show, export_one}) add_store(command, options.store, true);
        for (CLI::App* command : {list, show}) add_format(command, options.format);
        for (CLI::App* command : {show, export_one}) command->add_option("ID", options.id, "The submission's id")->required();
        purge = app.add_subcommand("purge", "Remove personal data of old submissions from the store");
        purge->footer(
            "Originals, pages, crops and values of submissions that were received more than DAYS days ago are removed; their verdicts stay, without\n"
            "texts, and the audit log says what was done. Exported and written reports are yours to remove. docs/personal-data.md tells all.");
        add_store(purge, purge_options.store, true);
        purge->add_option("--older-than", purge_options.older_than_days, "Days")->required()->check(CLI::Range(0, 36'500))->type_name("DAYS");
        doctor = app.add_subcommand("doctor", "Prove that this machine and installation are fit: sandbox, models, forms, store, disk");
        doctor->footer("Exit status: 0 all is well, 1 something is not.");
        add_store(doctor, doctor_options.store, false);
        doctor->add_option("--forms", doctor_options.forms, "Folder of registered forms (default: the program's own)")->type_name("DIR");
        add_sandbox(doctor, doctor_options.require_landlock);
    }

    // Runs what was given; nullopt when it was none of these.
    std::optional<int> run() const {
        if (list->parsed()) return app::run_submissions_list(options);
        if (show->parsed()) return app::run_submissions_show(options);
        if (export_one->parsed()) return app::run_submissions_export(options);
        if (purge->parsed()) return app::run_purge(purge_options);
        if (doctor->parsed()) return app::run_doctor(doctor_options);
        return std::nullopt;
    }
};

}  // namespace

int main(int argc, char** argv) {
    restart_in_better_environment(argv);
    ::umask(0077);  // what this program writes holds personal data
    CLI::App app("Avtalskoll checks scanned, hand-signed agreements: is every required point there?");
    app.set_version_flag("--version", std::string("avtalskoll ") + pipeline::kVersion);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App* at, const CLI::Error& e) {
        return fmt::format("avtalskoll: {} (see '{} --help')\n", e.what(), at->get_parent() ? "avtalskoll " + at->get_name() : "avtalskoll");
    });
    app::CheckOptions check;
    app::WatchOptions watch;
    app::SignatureOptions signature;
    add_check(app, check);
    add_watch(app, watch);
    add_signature(app, signature);
    FormCommands forms;
    forms.add_to(app);
    StoreCommands stores;
    stores.add_to(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    try {
        if (const auto status = forms.run()) return *status;
        if (const auto status = stores.run()) return *status;
        if (app.got_subcommand("watch")) return app::run_watch(watch);
        return app.got_subcommand("check") ? app::run_check(check) : app::run_signature(signature);
    } catch (const Error& e) {
        fmt::print(stderr, "avtalskoll: {}\n", e.what());
    } catch (const std::exception& e) {
        fmt::print(stderr, "avtalskoll: unexpected: {}\n", e.what());
    }
    return 2;
}
