// The form of a command: it adds its arguments to the program, and the work that they ask for.
#pragma once
#include <functional>

namespace CLI {
class App;
}

namespace avtalskoll::app {

// Does what the arguments ask for; returns the exit status.
using Work = std::function<int()>;

}  // namespace avtalskoll::app
