// `avtalskoll doctor`: proves that the machine and the installation are fit, and says what is not.
#pragma once
#include <filesystem>

#include "app/cli/work.h"
#include "app/store/store_place.h"

namespace avtalskoll::app {

struct DoctorOptions {
    StorePlace store;             // empty: not checked
    std::filesystem::path forms;  // empty: the program's own
    bool require_landlock = false;
};

// Exit status: 0 all is well, 1 something is not.
int run_doctor(const DoctorOptions& options);

// Adds the command to the program.
void add_doctor(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
