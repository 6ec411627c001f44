// Draws a form's pages with the places that its definition names, for people to look at.
#pragma once
#include <filesystem>
#include <vector>

#include "models/form.h"

namespace avtalskoll::pipeline {

// Writes page-1.png, page-2.png … to `folder`, which is made; returns them in order. Throws
// Error{BadInput} when the blank cannot be drawn, Error{Io} when a file cannot be written.
std::vector<std::filesystem::path> draw_form(const Form& form, const std::filesystem::path& folder);

}  // namespace avtalskoll::pipeline
