#include "app/store_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/console.h"
#include "app/store.h"
#include "models/error.h"
#include "pipeline/atomic_file.h"

namespace avtalskoll::app {
namespace {

namespace fs = std::filesystem;

StoredSubmission found(Store& store, const SubmissionsOptions& options) {
    auto stored = store.find(options.id);
    if (!stored) throw Error(ErrorKind::BadInput, fmt::format("{}: holds no submission '{}' (see 'avtalskoll submissions list')", options.store.string(), options.id));
    return *stored;
}

}  // namespace

int run_submissions_list(const SubmissionsOptions& options) {
    const auto store = open_sqlite_store(options.store, false);
    for (const SubmissionLine& line : store->list(options.verdict)) {
        if (options.format == OutputFormat::Json)
            fmt::print("{}\n", nlohmann::ordered_json{{"id", line.id},
                                                      {"received", line.received},
                                                      {"checked", line.checked},
                                                      {"verdict", line.verdict},
                                                      {"summary", line.summary},
                                                      {"files", line.files},
                                                      {"purged", line.purged}}
                                   .dump());
        else
            fmt::print("{}  {:<10}  {}{}{}{}\n", line.received, line.verdict.empty() ? "waiting" : line.verdict, line.id, line.summary.empty() ? "" : "  ", line.summary,
                       line.purged ? "  (purged)" : "");
    }
    return 0;
}

int run_submissions_show(const SubmissionsOptions& options) {
    const auto store = open_sqlite_store(options.store, false);
    const StoredSubmission stored = found(*store, options);
    const auto report = store->latest_report(options.id);
    if (options.format == OutputFormat::Json) {
        fmt::print("{}", report ? report->json : "null\n");
        return 0;
    }
    fmt::print("{}: {}{}\n", options.id, report ? to_string(report->verdict) : "waiting", report && !report->summary.empty() ? "  " + report->summary : "");
    if (report) fmt::print("engine {}, forms {}, rules {}\n", report->versions.engine, report->versions.forms, report->versions.rules);
    fmt::print("\nFiles\n");
    for (const SubmittedFile& file : stored.submission.files) fmt::print("  {}  {}\n", file.path.filename().string(), file.name);
    fmt::print("\nWhat happened\n");
    for (const AuditLine& line : store->audit(options.id)) fmt::print("  {}  {}  {}: {}\n", line.at, line.actor, line.action, line.detail);
    return 0;
}

int run_submissions_export(const SubmissionsOptions& options) {
    const auto store = open_sqlite_store(options.store, false);
    const StoredSubmission stored = found(*store, options);
    const fs::path folder = options.out / options.id;
    if (const auto report = store->latest_report(options.id)) write_report(options.out, options.id, *report);
    for (const SubmittedFile& file : stored.submission.files) {
        if (!fs::exists(file.path)) continue;  // purged, or it could not be read when it came
        const fs::path copy = folder / "originals" / fs::path(file.name).filename();
        fs::create_directories(copy.parent_path());
        fs::copy_file(file.path, copy, fs::copy_options::overwrite_existing);
        fs::permissions(copy, fs::perms::owner_read | fs::perms::owner_write);
    }
    fmt::print("{}\n", folder.string());
    return 0;
}

int run_purge(const PurgeOptions& options) {
    const Purged purged = open_sqlite_store(options.store, false)->purge(options.older_than_days);
    fmt::print("{} purged, {} removed; their verdicts are kept\n", counted(static_cast<std::size_t>(purged.submissions), "submission"), counted(static_cast<std::size_t>(purged.files), "original"));
    return 0;
}

}  // namespace avtalskoll::app
