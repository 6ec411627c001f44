// The system's words when it refuses something, with advice on what a person can do.
#pragma once
#include <string>

namespace avtalskoll::pipeline {

// "No space left on device; make room there and run it again". `error`: an errno.
std::string system_trouble(int error);

}  // namespace avtalskoll::pipeline
