// `avtalskoll completion`: a script that completes the program's words in a shell. The installation
// makes one; it is not shown in --help.
#pragma once
#include "app/cli/work.h"

namespace avtalskoll::app {

// `program`: with all other commands added; the script knows those.
void add_completion(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
