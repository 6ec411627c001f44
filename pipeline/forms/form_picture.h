// Draws a form's pages with the places that its definition names, for people to look at.
#pragma once
#include <filesystem>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/form.h"

namespace avtalskoll::pipeline {

// A point's number and a field's id.
using DoubtedFields = std::set<std::pair<std::string, std::string>>;

// Writes page-1.png, page-2.png … to `folder`, which is made; returns them in order. The names of
// `doubted` fields end in a question mark. Throws Error{BadInput} when the blank cannot be drawn,
// Error{Io} when a file cannot be written.
std::vector<std::filesystem::path> draw_form(const Form& form, const std::filesystem::path& folder,
                                             const DoubtedFields& doubted = {});

}  // namespace avtalskoll::pipeline
