// Reads the registered forms: data/forms/<id>-<version>/form.yaml with its blank, and
// requirements.yaml.
#pragma once
#include <filesystem>

#include "models/form.h"

namespace avtalskoll::pipeline {

// Every folder of `dir` that holds a form.yaml, by name, and `dir`/requirements.yaml. Throws
// Error{BadInput} naming file, line and reason at the first definition that is wrong: an unknown
// key or kind, a page or box outside the blank, a field that the blank's AcroForm does not have, an
// id used twice.
FormSet load_forms(const std::filesystem::path& dir);

// One form's folder. Throws as load_forms does.
Form load_form(const std::filesystem::path& folder);

}  // namespace avtalskoll::pipeline
