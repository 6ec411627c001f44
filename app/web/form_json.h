// A form's definition as the editor in the browser has it.
//
// Pure; safe from many threads.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "app/service/form_workshop.h"
#include "pipeline/forms/form_faults.h"

namespace avtalskoll::app::web {

nlohmann::json json_of(const WorkshopForm& form);

// What the editor sends. id and version are the given ones; pages are not read. Throws
// Error{BadInput} when it is no such definition.
pipeline::FormDefinition definition_from(const std::string& json, const WorkshopForm& form);

}  // namespace avtalskoll::app::web
