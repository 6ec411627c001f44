// `avtalskoll watch`: takes submissions in from an inbox folder as they come, and checks them.
#pragma once
#include <filesystem>

#include "app/cli/work.h"
#include "app/service/checker.h"
#include "app/store/store_place.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

struct WatchOptions {
    std::filesystem::path inbox;
    StorePlace store;
    std::string queue;          // empty: it checks by itself
    std::filesystem::path out;  // empty: reports are in the store alone
    CheckerOptions checker;
    pipeline::IntakeOptions intake;
    int quiet_seconds = 10;  // how long nothing in an entry may have changed before it is taken
    bool once = false;       // end when all that is there was taken and checked
};

// Exit status: 0 with `once`, 130 when asked to stop. Throws Error when it cannot start; later
// faults are reported on standard error, and the work is tried again.
int run_watch(const WatchOptions& options);

// Adds the command to the program.
void add_watch(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
