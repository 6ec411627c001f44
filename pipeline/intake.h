// Finds the submissions below the paths that were given, and reads what their accounts say
// (submission.json).
#pragma once
#include <filesystem>
#include <optional>
#include <vector>

#include "models/submission.h"
#include "pipeline/account.h"

namespace avtalskoll::pipeline {

struct IntakeOptions {
    bool each_file = false;             // every document below a folder is a submission of its own
    std::optional<bool> personal_data;  // stands in where submission.json says nothing
    // Files and folders of this program's own (a store, its originals): passed over.
    std::vector<std::filesystem::path> own = {};
};

// The things that were found beside submissions.
struct IntakeNotes {
    // May hold pages, are no documents, and lie in no submission.
    std::vector<std::filesystem::path> passed_by;
    bool holds_something = false;  // a document, an account, or a file that may be a document
};

// In the order of `paths`, folders by name; each folder and file once, however often and by
// whatever links it is given. Reports of this program are passed over. The fault of a
// submission.json that cannot be used is in Submission::broken. Throws Error{BadInput} when a path
// does not exist or is neither file nor folder, or two submissions have one id; Error{Io} when a
// folder cannot be read.
std::vector<Submission> find_submissions(const std::vector<std::filesystem::path>& paths,
                                         const IntakeOptions& options,
                                         IntakeNotes* notes = nullptr);

}  // namespace avtalskoll::pipeline
