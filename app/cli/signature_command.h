// `avtalskoll signature`: judges signature places in any picture of a page.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/work.h"

namespace avtalskoll::app {

struct SignatureOptions {
    std::filesystem::path image;
    // Each: x, y, width, height in pixels; none: the whole picture.
    std::vector<std::vector<double>> boxes;
    OutputFormat format = OutputFormat::Text;
};

// Always 0. Throws Error when the picture cannot be read or a box lies outside it.
int run_signature(const SignatureOptions& options);

// Adds the command to the program.
void add_signature(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
