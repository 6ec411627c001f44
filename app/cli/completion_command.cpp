#include "app/cli/completion_command.h"

#include <fmt/format.h>

#include "app/cli/options.h"

namespace avtalskoll::app {
namespace {

// A command as it is written after the program's name, and the words that may follow it.
using Words = std::map<std::string, std::string>;

void collect(const CLI::App& command, const std::string& path, Words& words) {
    std::string& list = words[path];
    for (const CLI::Option* option : command.get_options())
        for (const std::string& name : option->get_lnames()) list += "--" + name + " ";
    for (const CLI::App* sub : command.get_subcommands({})) {
        if (sub->get_group().empty()) continue;
        list += sub->get_name() + " ";
        collect(*sub, path + " " + sub->get_name(), words);
    }
}

std::string bash_script(const Words& words) {
    std::string commands, cases;
    for (const auto& [path, list] : words) {
        if (!path.empty()) commands += fmt::format("{}\"{}\"", commands.empty() ? "" : "|", path);
        cases += fmt::format("        \"{}\") words=\"{}\" ;;\n", path, list);
    }
    return fmt::format(R"(# Completes the words of avtalskoll in bash.
_avtalskoll() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} path="" word words=""
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$path $word" in
            {}) path="$path $word" ;;
        esac
    done
    case "$path" in
{}    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
    [[ $current == -* ]] || COMPREPLY+=($(compgen -f -- "$current"))
}}
complete -o filenames -F _avtalskoll avtalskoll
)",
                       commands, cases);
}

}  // namespace

void add_completion(CLI::App& program, Work& work) {
    CLI::App* completion =
        program.add_subcommand("completion", "Print a script that completes words in bash");
    completion->group("");  // not shown
    completion->callback([&program, &work] {
        work = [&program] {
            Words words;
            collect(program, "", words);
            print_out(bash_script(words));
            return 0;
        };
    });
}

}  // namespace avtalskoll::app
