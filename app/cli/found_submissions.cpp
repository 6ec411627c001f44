#include "app/cli/found_submissions.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/error.h"

namespace avtalskoll::app {

std::vector<Submission> found_submissions(const std::vector<std::filesystem::path>& paths,
                                          pipeline::IntakeOptions intake, const StorePlace& store) {
    constexpr std::size_t kMostTold = 10;
    intake.own = store.own_files();
    pipeline::IntakeNotes notes;
    std::vector<Submission> submissions = pipeline::find_submissions(paths, intake, &notes);
    for (std::size_t i = 0; i < std::min(kMostTold, notes.passed_by.size()); ++i)
        fmt::print(stderr,
                   "avtalskoll: {}: not read: it is not a PDF or a picture, and does not lie in a "
                   "submission's folder\n",
                   notes.passed_by[i].string());
    if (notes.passed_by.size() > kMostTold)
        fmt::print(stderr, "avtalskoll: and {} more\n", notes.passed_by.size() - kMostTold);
    if (notes.holds_something) return submissions;
    std::vector<std::string> places;
    for (const auto& path : paths) places.push_back(path.string());
    throw Error(
        ErrorKind::BadInput,
        fmt::format(
            "no documents found in {}; give a folder or file with PDFs or pictures of pages",
            fmt::join(places, ", ")));
}

}  // namespace avtalskoll::app
