// Finds the program's data: forms, registers, the report's template, trained weights.
#pragma once
#include <filesystem>

namespace avtalskoll::app {

// AVTALSKOLL_DATA if set, else share/avtalskoll beside an installed program, else data/ of the
// source tree that the program was built in. Throws Error{NotFound} naming the places that were
// tried.
std::filesystem::path data_dir();

}  // namespace avtalskoll::app
