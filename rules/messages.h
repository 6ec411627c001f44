// The texts that people read: one Swedish sentence for each reason code of a field.
//
// Pure; safe from many threads.
#pragma once
#include <string>

namespace avtalskoll::rules {

// Empty for an empty code. An unknown code gives a general sentence, never nothing.
std::string message_for(const std::string& reason, const std::string& label);

}  // namespace avtalskoll::rules
