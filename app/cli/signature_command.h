// `avtalskoll signature`: judges signature places in any picture of a page.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/check_command.h"

namespace avtalskoll::app {

struct SignatureOptions {
    std::filesystem::path image;
    std::vector<std::vector<double>>
        boxes;  // x, y, width, height in pixels; none: the whole picture
    OutputFormat format = OutputFormat::Text;
};

// Always 0. Throws Error when the picture cannot be read or a box lies outside it.
int run_signature(const SignatureOptions& options);

}  // namespace avtalskoll::app
