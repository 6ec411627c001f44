// `avtalskoll check`: the main job over files, folders and batches.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/service/checker.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

enum class OutputFormat { Text, Json, Csv };

struct CheckOptions {
    std::vector<std::filesystem::path> paths;
    std::filesystem::path out = "avtalskoll-out";
    std::filesystem::path store;  // empty: nothing is kept but the reports
    CheckerOptions checker;
    pipeline::IntakeOptions intake;
    OutputFormat format = OutputFormat::Text;
    bool timing = false;  // say on standard error where the time went
};

// What belongs to a store and must not be taken for a submission when it lies in an inbox: SQLite's
// files, the originals, notes of crashes. None for an empty name.
std::vector<std::filesystem::path> files_of_store(const std::filesystem::path& store);

// The contract's exit status: 0 all complete, 1 some flagged, 130 interrupted. Throws Error when it
// could not run.
int run_check(const CheckOptions& options);

}  // namespace avtalskoll::app
