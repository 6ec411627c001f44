// The configuration file: options of the command line, by their names without dashes, in a section
// for each command. The command line wins over the file. CLI11 reads it.
#pragma once
#include <functional>
#include <string>

#include "app/cli/work.h"

namespace CLI {
class App;
}  // namespace CLI

namespace avtalskoll::app {

inline constexpr const char* kConfigFile = "/etc/avtalskoll/avtalskoll.conf";

// Adds --config to the program and to every command that it has by now. Without --config, the file
// that AVTALSKOLL_CONFIG names is read, or else kConfigFile when it exists. An empty name means no
// file. When help or the version is asked for, nothing in the file is looked at.
void add_config_file(CLI::App& program);

// Adds the hidden command `configuration`, which prints a file with every option in a comment.
void add_configuration(CLI::App& program, Work& work);

using AddCommands = std::function<void(CLI::App& program, Work& work)>;

// `program`: as it is after its arguments could not be parsed. One line that says where in the
// configuration file the fault is; empty: the file has none.
std::string config_fault(const CLI::App& program, const AddCommands& add_commands);

}  // namespace avtalskoll::app
