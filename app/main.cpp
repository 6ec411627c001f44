// The command line: reads the arguments, runs the command, turns what goes wrong into one line and an exit status.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "app/check_command.h"
#include "app/form_command.h"
#include "app/signature_command.h"
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

void add_check(CLI::App& app, app::CheckOptions& options) {
    CLI::App* check = app.add_subcommand("check", "Check submissions and write a report for each");
    check->footer(
        "A folder with PDF files is one submission; a folder of such folders is a batch; a PDF file alone is a submission too.\n"
        "Each may hold a submission.json: {\"id\": \"s1\", \"personal_data\": true, \"organisation_number\": \"212000-1355\"}.\n"
        "Reports go to DIR/<id>/report.html and report.json, the table to DIR/summary.csv. Originals are never changed.\n\n"
        "Exit status: 0 all complete, 1 some flagged, 2 could not run, 130 interrupted.\n\n"
        "Examples:\n"
        "  avtalskoll check inbox/ --out reports/\n"
        "  avtalskoll check avtal.pdf --personal-data no\n"
        "  avtalskoll check scans/ --each-file --format csv > table.csv");
    check->add_option("PATH", options.paths, "Files or folders to check")->required();
    check->add_option("--out", options.out, "Folder for the reports")->type_name("DIR")->capture_default_str();
    check->add_flag("--each-file", options.intake.each_file, "Take every PDF below a folder as a submission of its own");
    check->add_option("--forms", options.forms, "Folder of registered forms (default: the program's own)")->type_name("DIR");
    check->add_option("--personal-data", options.intake.personal_data, "Whether the data sets hold personal data, where submission.json does not say")
        ->transform(CLI::CheckedTransformer(std::map<std::string, bool>{{"yes", true}, {"no", false}}).description(""))
        ->type_name("yes|no");
    check->add_option("--jobs", options.jobs, "Submissions at a time (default: one for each core)")->check(CLI::Range(1, 256))->type_name("N");
    check->add_option("--format", options.format, "What goes to standard output")
        ->transform(
            CLI::CheckedTransformer(std::map<std::string, app::OutputFormat>{{"text", app::OutputFormat::Text}, {"json", app::OutputFormat::Json}, {"csv", app::OutputFormat::Csv}})
                .description(""))
        ->type_name("text|json|csv");
    check->add_option("--caution", options.caution, "How careful to be: 1 as measured, 4 asks a person oftener, 0.25 seldomer (docs/accuracy.md has the curve)")
        ->check(CLI::Range(rules::kLeastCaution, rules::kMostCaution))
        ->capture_default_str()
        ->type_name("X");
    check->add_flag("--timing", options.timing, "Say on standard error how fast it went and where the time went");
    check->add_option("--max-pages", options.limits.max_pages, "Pages a document may have")->check(CLI::Range(1, 100000))->capture_default_str()->type_name("N");
    check->add_option("--max-page-pixels", options.limits.max_page_pixels, "Pixels a page may have when drawn")
        ->check(CLI::Range(1'000'000, 400'000'000))
        ->capture_default_str()
        ->type_name("N");
    check
        ->add_option_function<std::uint64_t>(
            "--max-file-mb", [&](std::uint64_t mb) { options.limits.max_file_bytes = mb << 20; }, "Megabytes a document may have (default 200)")
        ->check(CLI::Range(1, 4096))
        ->type_name("N");
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
    signature->add_option("--format", options.format, "What goes to standard output")->transform(CLI::CheckedTransformer(kTextOrJson).description(""))->type_name("text|json");
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

private:
    static void add_format(CLI::App* to, app::OutputFormat& format) {
        to->add_option("--format", format, "What goes to standard output")->transform(CLI::CheckedTransformer(kTextOrJson).description(""))->type_name("text|json");
    }
};

}  // namespace

int main(int argc, char** argv) {
    restart_in_better_environment(argv);
    CLI::App app("Avtalskoll checks scanned, hand-signed agreements: is every required point there?");
    app.set_version_flag("--version", std::string("avtalskoll ") + pipeline::kVersion);
    app.require_subcommand(1);
    app.failure_message([](const CLI::App* at, const CLI::Error& e) {
        return fmt::format("avtalskoll: {} (see '{} --help')\n", e.what(), at->get_parent() ? "avtalskoll " + at->get_name() : "avtalskoll");
    });
    app::CheckOptions check;
    app::SignatureOptions signature;
    add_check(app, check);
    add_signature(app, signature);
    FormCommands forms;
    forms.add_to(app);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    try {
        if (const auto status = forms.run()) return *status;
        return app.got_subcommand("check") ? app::run_check(check) : app::run_signature(signature);
    } catch (const Error& e) {
        fmt::print(stderr, "avtalskoll: {}\n", e.what());
    } catch (const std::exception& e) {
        fmt::print(stderr, "avtalskoll: unexpected: {}\n", e.what());
    }
    return 2;
}
