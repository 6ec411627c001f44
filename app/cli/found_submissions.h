// The submissions below the paths of a command line, for `check` and `submit`.
#pragma once
#include <filesystem>
#include <vector>

#include "app/store/store_place.h"
#include "models/submission.h"
#include "pipeline/intake.h"

namespace avtalskoll::app {

// Tells on standard error what was passed over. Throws Error{BadInput} when there is nothing to
// read, and as pipeline::find_submissions().
std::vector<Submission> found_submissions(const std::vector<std::filesystem::path>& paths,
                                          pipeline::IntakeOptions intake, const StorePlace& store);

}  // namespace avtalskoll::app
