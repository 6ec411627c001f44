// `avtalskoll check`: the main job over files, folders and batches.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "app/service/checker.h"
#include "app/store/store_place.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

struct CheckOptions {
    std::vector<std::filesystem::path> paths;
    std::filesystem::path out = "avtalskoll-out";
    StorePlace store;  // empty: nothing is kept but the reports
    CheckerOptions checker;
    pipeline::IntakeOptions intake;
    OutputFormat format = OutputFormat::Text;
    bool timing = false;  // say on standard error where the time went
};

// The contract's exit status: 0 all complete, 1 some flagged, 130 interrupted. Throws Error when it
// could not run.
int run_check(const CheckOptions& options);

// Adds the command to the program.
void add_check(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
