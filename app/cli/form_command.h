// `avtalskoll form`: sets up, checks and shows registered forms.
#pragma once
#include <filesystem>
#include <string>

#include "app/cli/console.h"
#include "app/cli/work.h"
#include "pipeline/forms/form_import.h"

namespace avtalskoll::app {

struct FormCheckOptions {
    std::filesystem::path folder;
    std::filesystem::path out;  // for the pictures; empty: form-check/<id>-<version>
};

struct FormListOptions {
    std::filesystem::path forms;  // empty: the program's own
    OutputFormat format = OutputFormat::Text;
};

struct FormShowOptions {
    std::filesystem::path forms;
    std::string id;
    std::string version;  // empty: every version
    OutputFormat format = OutputFormat::Text;
};

// Each returns the exit status, 0. They throw Error when a blank or a definition is wrong, or a
// form is not there.
struct FormImportOptions {
    pipeline::ImportOptions import;
    std::filesystem::path pictures;  // empty: form-check/<id>-<version>
};
int run_form_import(const FormImportOptions& options);
int run_form_check(const FormCheckOptions& options);
int run_form_list(const FormListOptions& options);
int run_form_show(const FormShowOptions& options);

// Adds the command to the program.
void add_form(CLI::App& program, Work& work);

}  // namespace avtalskoll::app
