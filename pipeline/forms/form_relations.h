// Reads and writes the rules between fields of a form.yaml (`rules:`). Internal to pipeline/forms/.
#pragma once
#include <vector>

#include "models/form.h"
#include "pipeline/files/definition.h"

namespace avtalskoll::pipeline {

// `form`: with all its points. Throws Error{BadInput} naming file, line and reason.
std::vector<Relation> read_relations(const Definition& file, const Form& form);

void emit_relations(YAML::Emitter& out, const std::vector<Relation>& relations);

}  // namespace avtalskoll::pipeline
