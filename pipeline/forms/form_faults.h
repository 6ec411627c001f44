// What is wrong or doubtful in a form's definition, said to whoever edits it.
//
// Pure; safe from many threads.
#pragma once
#include <vector>

#include "models/form.h"
#include "models/message.h"
#include "pipeline/forms/form_writer.h"

namespace avtalskoll::pipeline {

struct FormFault {
    FieldName at;  // empty: of the whole form
    Message message;
    bool is_error = false;  // the form cannot be registered so
};

// `pages`: the blank's sizes. Errors first.
std::vector<FormFault> find_form_faults(const FormDefinition& form,
                                        const std::vector<SizePt>& pages);

}  // namespace avtalskoll::pipeline
