// Sets up a new form's folder from its blank.
#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "pipeline/forms/form_draft.h"

namespace avtalskoll::pipeline {

struct ImportOptions {
    std::filesystem::path blank;
    // Scans of the form that are filled in, from which the blank is made when none is given.
    std::vector<std::filesystem::path> filled = {};
    std::string id;                   // letters, digits, '-' and '_'
    std::string version;              // letters, digits, '.', '-' and '_'
    std::string title = {};           // empty: as printed
    std::string counterparty = {};    // empty: to be guessed
    std::filesystem::path out = ".";  // the folder of forms
};

struct ImportedForm {
    std::filesystem::path folder;  // out/<id>-<version>
    FormDraft draft;
    // `out` had no requirements.yaml and got one that asks for this form.
    bool required_anew = false;
    bool required = false;  // `out` has one that names the form's id already
};

// Writes the folder whole or not at all, with the blank and a form.yaml that load_form accepts.
// Throws Error{BadInput} when the blank cannot be used (encrypted, damaged, rotated or odd pages,
// two fields of one name), the id or version is not well formed or is registered already; Error{Io}
// when nothing can be written.
ImportedForm import_form(const ImportOptions& options, const FieldWords& words);

}  // namespace avtalskoll::pipeline
