// `avtalskoll check`: the main job over files, folders and batches.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "ocr/rasterizer.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

enum class OutputFormat { Text, Json, Csv };

struct CheckOptions {
    std::vector<std::filesystem::path> paths;
    std::filesystem::path out = "avtalskoll-out";
    std::filesystem::path forms;  // empty: the program's own
    pipeline::IntakeOptions intake;
    int jobs = 0;  // 0: one for each core
    OutputFormat format = OutputFormat::Text;
    ocr::RasterLimits limits;
    double caution = 1;
    bool timing = false;  // say on standard error where the time went
};

// The contract's exit status: 0 all complete, 1 some flagged, 130 interrupted. Throws Error when it could not run.
int run_check(const CheckOptions& options);

}  // namespace avtalskoll::app
