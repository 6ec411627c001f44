#include "app/cli/usage.h"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>

#include "models/text.h"

namespace avtalskoll::app {
namespace {

// The deepest command that the first arguments name. `next` becomes the index of the argument after
// it.
const CLI::App* command_of(const CLI::App& app, const std::vector<std::string>& arguments,
                           std::size_t& next) {
    const CLI::App* at = &app;
    for (next = 0; next < arguments.size(); ++next) {
        const auto inner = at->get_subcommands(
            [&](const CLI::App* sub) { return sub->get_name() == arguments[next]; });
        if (inner.empty()) break;
        at = inner.front();
    }
    return at;
}

std::string full_name(const CLI::App* command) {
    return command->get_parent() ? full_name(command->get_parent()) + " " + command->get_name()
                                 : "avtalskoll";
}

std::vector<std::string> names_of_commands(const CLI::App* command) {
    std::vector<std::string> names;
    for (const CLI::App* sub : command->get_subcommands([](const CLI::App*) { return true; }))
        names.push_back(sub->get_name());
    return names;
}

// The message about a word that is no command and no option.
std::string unknown_word(const CLI::App* command, const std::string& word) {
    if (!word.starts_with("-")) {
        const std::vector<std::string> known = names_of_commands(command);
        if (known.empty())
            return fmt::format("'{}' is one argument too many for '{}'", word, full_name(command));
        return fmt::format("'{}' is not a command of '{}'{}", word, full_name(command),
                           did_you_mean(word, known));
    }
    std::vector<std::string> known;
    for (const CLI::Option* option : command->get_options())
        for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    return fmt::format("'{}' is not an option of '{}'{}", word, full_name(command),
                       did_you_mean(word.substr(0, word.find('=')), known));
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& choices) {
    std::string best;
    int least = static_cast<int>(word.size()) / 3 + 1;  // more slips than that are another word
    for (const std::string& choice : choices) {
        const int slips = edit_distance(word, choice);
        if (slips > least || (slips == least && !best.empty())) continue;
        least = slips;
        best = choice;
    }
    return best;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& choices) {
    const std::string near = nearest(word, choices);
    return near.empty() ? "" : fmt::format("; did you mean '{}'?", near);
}

std::string usage_fault(const CLI::App& app, const std::vector<std::string>& arguments,
                        const CLI::ParseError& error) {
    std::size_t next = 0;
    const CLI::App* command = command_of(app, arguments, next);
    std::string fault = error.what();
    const std::vector<std::string> left = command->remaining();
    if (command->get_require_subcommand_min() > 0) {
        fault = next < arguments.size() ? unknown_word(command, arguments[next])
                                        : fmt::format("say what to do: {}",
                                                      fmt::join(names_of_commands(command), ", "));
    } else if (!left.empty()) {
        const auto option = std::find_if(left.begin(), left.end(), [](const std::string& word) {
            return word.starts_with("-");
        });
        fault = unknown_word(command, option == left.end() ? left.front() : *option);
    }
    return fmt::format("avtalskoll: {} (see '{} --help')\n", fault, full_name(command));
}

}  // namespace avtalskoll::app
