// Writes a form's definition: the text of form.yaml.
//
// Pure; safe from many threads.
#pragma once
#include <string>
#include <vector>

#include "models/form.h"
#include "pipeline/forms/form_draft.h"

namespace avtalskoll::pipeline {

struct FormDefinition {
    std::string id;
    std::string version;
    std::string title;
    bool withdrawn = false;
    std::string blank = "blank.pdf";      // the file beside it
    std::vector<std::string> notes = {};  // comments at the top
    std::vector<DraftPoint> points = {};
    std::vector<Relation> relations = {};
};

// What load_form reads back as the same form, its blank beside it. A field's doubts
// become comments. Boxes are rounded to a tenth of a point.
std::string yaml_of(const FormDefinition& form);

}  // namespace avtalskoll::pipeline
