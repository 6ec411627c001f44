// The sentences for the reason codes of fields.
//
// Pure; safe from many threads.
#pragma once
#include <string>

#include "models/message.h"

namespace avtalskoll::rules {

// Empty for an empty code. An unknown code gives a general sentence, never nothing.
Message message_for(const std::string& reason, const std::string& label);

}  // namespace avtalskoll::rules
