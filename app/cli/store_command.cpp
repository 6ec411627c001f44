#include "app/cli/store_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/options.h"
#include "app/store/store.h"
#include "app/store/store_copy.h"
#include "models/error.h"
#include "models/text.h"
#include "pipeline/files/atomic_file.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

StoredSubmission found(Store& store, const SubmissionsOptions& options) {
    auto stored = store.find(options.id);
    if (!stored)
        throw Error(ErrorKind::BadInput,
                    fmt::format("{}: holds no submission '{}' (see 'avtalskoll submissions list')",
                                options.store.shown(), options.id));
    return *stored;
}

void print_files(const std::vector<SubmittedFile>& files) {
    for (const SubmittedFile& file : files)
        fmt::print("  {}  {}\n", file.path.filename().string(), file.name);
}

void copy_originals(const std::vector<SubmittedFile>& files, const fs::path& folder) {
    for (const SubmittedFile& file : files) {
        if (!fs::exists(file.path)) continue;  // purged, or it could not be read when it came
        const fs::path copy = folder / fs::path(file.name).filename();
        fs::create_directories(copy.parent_path());
        fs::copy_file(file.path, copy, fs::copy_options::overwrite_existing);
        fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
    }
}

void write_report_files(const fs::path& folder, const FinishedReport& report) {
    pipeline::write_whole(folder / "report.html", report.html);
    pipeline::write_whole(folder / "report.json", report.json);
}

}  // namespace

int run_submissions_list(const SubmissionsOptions& options) {
    const auto store = open_store(options.store, false);
    for (const SubmissionLine& line : store->list(options.verdict)) {
        if (options.format == OutputFormat::Json)
            fmt::print("{}\n", nlohmann::ordered_json{{"id", line.id},
                                                      {"received", line.received},
                                                      {"checked", line.checked},
                                                      {"verdict", line.verdict},
                                                      {"summary", to_string(line.lacks)},
                                                      {"files", line.files},
                                                      {"purged", line.purged}}
                                   .dump());
        else
            fmt::print("{}  {:<10}  {}{}{}{}\n", line.received,
                       line.verdict.empty() ? "waiting" : line.verdict, line.id,
                       line.lacks.empty() ? "" : "  ", to_string(line.lacks),
                       line.purged ? "  (purged)" : "");
    }
    return 0;
}

int run_submissions_show(const SubmissionsOptions& options) {
    const auto store = open_store(options.store, false);
    const StoredSubmission stored = found(*store, options);
    const auto report = store->latest_report(options.id);
    if (options.format == OutputFormat::Json) {
        fmt::print("{}", report ? report->json : "null\n");
        return 0;
    }
    fmt::print("{}: {}{}\n", options.id, report ? to_string(report->verdict) : "waiting",
               report && !report->lacks.empty() ? "  " + to_string(report->lacks) : "");
    if (report)
        fmt::print("engine {}, forms {}, rules {}\n", report->versions.engine,
                   report->versions.forms, report->versions.rules);
    fmt::print("\nFiles\n");
    print_files(stored.submission.files);
    for (const EarlierContent& earlier : store->earlier(options.id)) {
        fmt::print("\nEarlier files, {} to {}: {}{}\n", earlier.received, earlier.replaced,
                   earlier.report ? earlier.verdict : "not checked",
                   earlier.purged ? "  (purged)" : "");
        print_files(earlier.files);
    }
    for (const SetAsideReport& aside : store->set_aside(options.id))
        fmt::print("\nReport of {}, set aside {}, for it did not speak of every page: {}\n",
                   aside.made, aside.set_aside, aside.verdict);
    fmt::print("\nWhat happened\n");
    for (const AuditLine& line : store->audit(options.id))
        fmt::print("  {}  {}  {}: {}\n", line.at, line.actor,
                   line.event.action == AuditAction::Unknown ? line.event.subject
                                                             : to_string(line.event.action),
                   line.words.empty() ? details_of(line.event) : line.words);
    return 0;
}

int run_submissions_export(const SubmissionsOptions& options) {
    const auto store = open_store(options.store, false);
    const StoredSubmission stored = found(*store, options);
    const fs::path folder = options.out / options.id;
    if (const auto report = store->latest_report(options.id))
        write_report(options.out, options.id, *report);
    copy_originals(stored.submission.files, folder / "originals");
    for (const EarlierContent& earlier : store->earlier(options.id)) {
        const fs::path of_then =
            folder / "originals" / "earlier" / fmt::format("{}-{}", earlier.received, earlier.key);
        copy_originals(earlier.files, of_then);
        if (const auto report = earlier.report ? store->report(earlier.report) : std::nullopt;
            report && !earlier.purged)
            write_report_files(of_then, *report);
    }
    for (const SetAsideReport& aside : store->set_aside(options.id))
        if (const auto report = store->report(aside.report))
            write_report_files(
                folder / "set-aside" / fmt::format("{}-{}", aside.made, aside.report), *report);
    fmt::print("{}\n", folder.string());
    return 0;
}

int run_purge(const PurgeOptions& options) {
    const Purged purged = open_store(options.store, false)->purge(options.older_than_days);
    const std::string earlier =
        purged.earlier == 0
            ? ""
            : fmt::format("{} of submissions that stay purged, ",
                          counted(static_cast<std::size_t>(purged.earlier), "earlier content"));
    fmt::print("{} purged, {}{} removed; verdicts are kept\n",
               counted(static_cast<std::size_t>(purged.submissions), "submission"), earlier,
               counted(static_cast<std::size_t>(purged.files), "original"));
    return 0;
}

void add_submissions(CLI::App& program, Work& work) {
    const auto options = std::make_shared<SubmissionsOptions>();
    CLI::App* submissions =
        program.add_subcommand("submissions", "List, show and hand out what the store has");
    submissions->require_subcommand(1);
    CLI::App* list =
        submissions->add_subcommand("list", "A line for each submission, oldest first");
    list->add_option("--verdict", options->verdict, "Only those with this verdict")
        ->check(CLI::IsMember({"complete", "incomplete", "review", "rejected"}))
        ->type_name("VERDICT");
    CLI::App* show =
        submissions->add_subcommand("show", "One submission: verdict, files, what happened to it");
    CLI::App* export_one = submissions->add_subcommand(
        "export", "Write a submission's report and originals to DIR/<id>");
    export_one->add_option("--out", options->out, "Folder to write to")
        ->type_name("DIR")
        ->capture_default_str();
    for (CLI::App* command : {list, show, export_one}) add_store(command, options->store, true);
    for (CLI::App* command : {list, show}) add_format(command, options->format);
    for (CLI::App* command : {show, export_one})
        command->add_option("ID", options->id, "The submission's id")->required();
    when_given(list, work, run_submissions_list, options);
    when_given(show, work, run_submissions_show, options);
    when_given(export_one, work, run_submissions_export, options);
}

int run_store_copy(const StoreCopyOptions& options) {
    const StoreCopy copy = copy_store(options.from, options.to);
    for (const CopiedTable& table : copy.tables)
        if (table.rows > 0) fmt::print("{:>9}  {}\n", table.rows, table.name);
    fmt::print("{:>9}  originals\n{} holds the same as {}\n", copy.originals, options.to.shown(),
               options.from.shown());
    return 0;
}

void add_store_commands(CLI::App& program, Work& work) {
    CLI::App* store = program.add_subcommand("store", "Back up a store, or move it");
    store->require_subcommand(1);
    const auto copying = std::make_shared<StoreCopyOptions>();
    CLI::App* copy = store->add_subcommand(
        "copy", "Copy a store to another place, and show that both hold the same");
    copy->footer(
        "It may be in use meanwhile: the copy is what it was at one moment. End what writes to it "
        "before you move for good.\n\n"
        "Example:\n"
        "  avtalskoll store copy store.db postgresql://db/avtalskoll --to-originals "
        "/srv/originals");
    copy->add_option("FROM", copying->from.database, "A database file, or postgresql://HOST/NAME")
        ->required();
    copy->add_option("TO", copying->to.database, "The same, with nothing in it yet")->required();
    copy->add_option("--from-originals", copying->from.originals,
                     "Folder of the originals (default: FROM.files)")
        ->type_name("DIR");
    copy->add_option("--to-originals", copying->to.originals,
                     "Folder for the originals (default: TO.files)")
        ->type_name("DIR");
    when_given(copy, work, run_store_copy, copying);
    const auto backing = std::make_shared<StoreCopyOptions>();
    CLI::App* backup =
        store->add_subcommand("backup", "Write a whole copy to FILE and FILE.files, while it runs");
    backup->footer("To restore, use FILE as the store, or 'avtalskoll store copy FILE TO'.");
    add_store(backup, backing->from, true);
    backup->add_option("FILE", backing->to.database, "A file that is not there yet")->required();
    when_given(backup, work, run_store_copy, backing);
}

void add_purge(CLI::App& program, Work& work) {
    const auto options = std::make_shared<PurgeOptions>();
    CLI::App* purge =
        program.add_subcommand("purge", "Remove personal data of old submissions from the store");
    purge->footer(
        "Originals, pages, crops and values of submissions that were received more than DAYS days "
        "ago are removed; their verdicts stay, without\n"
        "texts, and the audit log says what was done. Exported and written reports are yours to "
        "remove. docs/personal-data.md tells all.");
    add_store(purge, options->store, true);
    purge->add_option("--older-than", options->older_than_days, "Days")
        ->required()
        ->check(CLI::Range(0, 36'500))
        ->type_name("DAYS");
    when_given(purge, work, run_purge, options);
}

}  // namespace avtalskoll::app
