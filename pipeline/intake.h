// Finds the submissions below the paths that were given, and reads what their accounts say (submission.json).
#pragma once
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "models/submission.h"

namespace avtalskoll::pipeline {

struct IntakeOptions {
    bool each_file = false;             // every document below a folder is a submission of its own
    std::optional<bool> personal_data;  // stands in where submission.json says nothing
};

// In the order of `paths`, folders by name. A submission.json that cannot be used is told in Submission::broken.
// Throws Error{BadInput} when a path does not exist or two submissions have one id.
std::vector<Submission> find_submissions(const std::vector<std::filesystem::path>& paths, const IntakeOptions& options);

// What a submission.json says. What is wrong with it is told in Submission::broken.
void read_account(std::string_view json_text, Submission& submission);

// An id may be a folder's name without harm: letters, digits, space . _ -, no leading dot, 100 characters at most.
bool is_valid_id(const std::string& id);

}  // namespace avtalskoll::pipeline
