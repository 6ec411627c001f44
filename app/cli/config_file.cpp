#include "app/cli/config_file.h"

#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <vector>

#include "app/cli/console.h"
#include "app/cli/usage.h"

namespace avtalskoll::app {
namespace {

using Items = std::vector<CLI::ConfigItem>;
using CommandPath = std::vector<std::string>;

// CLI11 marks where sections begin and end by items of these names.
bool is_mark(const CLI::ConfigItem& item) { return item.name == "++" || item.name == "--"; }

// Calls `visit` for every command and its path below `app`.
void visit_commands(const CLI::App& app, const CommandPath& path,
                    const std::function<void(const CLI::App&, const CommandPath&)>& visit) {
    for (const CLI::App* command : app.get_subcommands({})) {
        if (command->get_name().empty()) continue;  // a group of options
        CommandPath deeper = path;
        deeper.push_back(command->get_name());
        visit(*command, deeper);
        visit_commands(*command, deeper, visit);
    }
}

bool asks_for_facts_alone(const CLI::App& app) {
    for (const CLI::Option* option : {app.get_help_ptr(), app.get_version_ptr()})
        if (option && option->count() > 0) return true;
    for (const CLI::App* command : app.get_subcommands())
        if (asks_for_facts_alone(*command)) return true;
    return false;
}

// CLI11 would take the first of two and not mention the second.
void refuse_repetition(const Items& items) {
    std::set<std::string> seen;
    for (const CLI::ConfigItem& item : items)
        if (!is_mark(item) && !seen.insert(item.fullname()).second)
            throw CLI::ConfigError(fmt::format("'{}' is set twice", item.fullname()));
}

// The file as CLI11 reads it, but what stands before the first section is for all commands that
// have such an option. Their own sections win.
class FileFormat : public CLI::ConfigBase {
public:
    explicit FileFormat(const CLI::App& program) : program_(program) {}

    Items from_config(std::istream& in) const override {
        if (asks_for_facts_alone(program_)) return {};
        const Items read = CLI::ConfigBase::from_config(in);
        refuse_repetition(read);
        Items own, common;
        for (const CLI::ConfigItem& item : read) {
            const Items copies = item.parents.empty() ? copies_for_commands(item) : Items();
            common.insert(common.end(), copies.begin(), copies.end());
            if (copies.empty()) own.push_back(item);
        }
        own.insert(own.end(), common.begin(), common.end());  // CLI11 keeps the first
        return own;
    }

private:
    Items copies_for_commands(const CLI::ConfigItem& item) const {
        Items copies;
        visit_commands(program_, {}, [&](const CLI::App& command, const CommandPath& path) {
            const CLI::Option* option = command.get_option_no_throw("--" + item.name);
            if (!option || !option->get_configurable()) return;
            copies.push_back(item);
            copies.back().parents = path;
        });
        return copies;
    }

    const CLI::App& program_;
};

void add_option_below(CLI::App& app, CLI::Option* config) {
    for (CLI::App* command : app.get_subcommands([](CLI::App*) { return true; })) {
        if (command->get_name().empty()) continue;
        command
            ->add_option_function<std::string>(
                "--config", [config](const std::string& file) { config->add_result(file); },
                config->get_description())
            ->trigger_on_parse()  // before CLI11 reads the file
            ->configurable(false)
            ->type_name("FILE");
        add_option_below(*command, config);
    }
}

// The program's option of the file's name. No file is chosen.
CLI::Option* declare_file(CLI::App& program) {
    program.config_formatter(std::make_shared<FileFormat>(program));
    program.allow_config_extras(CLI::config_extras_mode::error);
    CLI::Option* config = program.set_config(
        "--config", "",
        fmt::format("Read options from this file, too (default: the file that AVTALSKOLL_CONFIG "
                    "names, or else {})",
                    kConfigFile));
    config->type_name("FILE")->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    add_option_below(program, config);
    return config;
}

std::vector<std::string> words_for(const CLI::App& command) {
    std::vector<std::string> words;
    for (const CLI::Option* option : command.get_options())
        if (option->get_configurable())
            for (const std::string& name : option->get_lnames()) words.push_back(name);
    for (const CLI::App* group : command.get_subcommands({}))
        if (group->get_name().empty())
            for (const std::string& word : words_for(*group)) words.push_back(word);
    return words;
}

std::vector<std::string> words_for_all(const CLI::App& program) {
    std::set<std::string> words;
    visit_commands(program, {}, [&](const CLI::App& command, const CommandPath&) {
        for (const std::string& word : words_for(command)) words.insert(word);
    });
    return {words.begin(), words.end()};
}

std::vector<std::string> names_of_sections(const CLI::App& program) {
    std::vector<std::string> names;
    visit_commands(program, {}, [&](const CLI::App& command, const CommandPath& path) {
        if (!words_for(command).empty()) names.push_back(fmt::format("{}", fmt::join(path, ".")));
    });
    return names;
}

// What is wrong with an item that no command takes.
std::string unknown_item(const CLI::App& program, const CLI::ConfigItem& item) {
    if (item.parents.empty())
        return fmt::format("'{}' is not an option of any command{}", item.name,
                           did_you_mean(item.name, words_for_all(program)));
    const std::string section = fmt::format("{}", fmt::join(item.parents, "."));
    std::optional<std::vector<std::string>> words;
    visit_commands(program, {}, [&](const CLI::App& command, const CommandPath& path) {
        if (path == item.parents) words = words_for(command);
    });
    if (!words)
        return fmt::format("[{}] is not a command{}", section,
                           did_you_mean(section, names_of_sections(program)));
    return fmt::format("'{}' is not an option of [{}]{}", item.name, section,
                       did_you_mean(item.name, *words));
}

// The last thing that `text` says; nothing when it says nothing.
std::optional<CLI::ConfigItem> last_item(const std::string& text) {
    std::istringstream in(text);
    const Items items = CLI::ConfigBase().from_config(in);
    for (auto item = items.rbegin(); item != items.rend(); ++item)
        if (item->name != "--") return *item;
    return std::nullopt;
}

// What is wrong with the last line of `text`; nothing when all of it is well.
std::optional<std::string> fault_in(const std::string& text, const AddCommands& add_commands) {
    CLI::App program;
    Work work;
    add_commands(program, work);
    declare_file(program);
    std::istringstream in(text);
    try {
        program.parse_from_stream(in);
        return std::nullopt;
    } catch (const CLI::ConfigError& e) {
        const auto item = last_item(text);
        const std::string what = e.what();
        if (!item) return what;
        if (what == CLI::ConfigError::NotConfigurable(item->fullname()).what())
            return fmt::format("'{}' can only be given on the command line", item->name);
        if (what == CLI::ConfigError::Extras(item->fullname()).what())
            return unknown_item(program, *item);
        return what;
    } catch (const CLI::ArgumentMismatch& e) {
        const auto item = last_item(text);
        if (!item) return e.what();
        return fmt::format(
            "'{}' has {} values and takes one; write a value with a space or comma "
            "in quotation marks",
            item->name, item->inputs.size());
    } catch (const CLI::ParseError& e) {
        return e.what();
    }
}

struct LineFault {
    int line = 0;
    std::string what;
};

// The first line from which on `text`, which has a fault, is at fault to its end. A list may go
// over several lines, so that what begins with a fault may end well.
LineFault first_fault(const std::string& text, const AddCommands& add_commands) {
    std::istringstream in(text);
    std::string before;
    LineFault fault;
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        before += line + "\n";
        const auto found = fault_in(before, add_commands);
        if (!found) fault = {};
        else if (fault.line == 0) fault = {number, *found};
    }
    return fault;
}

constexpr const char* kPreface =
    R"(# Options of avtalskoll, in a section for each command. The command line wins over this file.
#
# A value with a space or comma is written in quotation marks: out = "all reports". A list is
# written in brackets: box = ["10,10,80,20", "10,40,80,20"]. A switch is true or false. A number
# sign begins a comment wherever it stands. An option before the first section is for every command
# that has it.
)";

// An option as a file sets it, in a comment below its meaning.
std::string sample_option(const CLI::Option& option) {
    std::string meaning = option.get_description();
    std::replace(meaning.begin(), meaning.end(), '\n', ' ');
    const std::string type = option.get_type_name();
    std::string value = option.get_default_str();
    if (value.empty()) value = type.substr(0, type.find(':'));
    if (option.get_expected_min() == 0) value = "false";
    return fmt::format("\n# {}\n#{} = {}\n", meaning, option.get_single_name(), value);
}

std::string sample_options(const CLI::App& command) {
    std::string text;
    for (const CLI::Option* option : command.get_options())
        if (option->get_configurable()) text += sample_option(*option);
    for (const CLI::App* group : command.get_subcommands({}))
        if (group->get_name().empty()) text += sample_options(*group);
    return text;
}

}  // namespace

void add_config_file(CLI::App& program) {
    CLI::Option* config = declare_file(program);
    const char* named = std::getenv("AVTALSKOLL_CONFIG");
    if (named) config->add_result(named);
    else if (::access(kConfigFile, F_OK) == 0) config->add_result(kConfigFile);
}

void add_configuration(CLI::App& program, Work& work) {
    CLI::App* configuration = program.add_subcommand(
        "configuration", "Print a configuration file with every option in a comment");
    configuration->group("");  // not shown
    configuration->callback([&program, &work] {
        work = [&program] {
            print_out(kPreface);
            visit_commands(program, {}, [](const CLI::App& command, const CommandPath& path) {
                const std::string options = sample_options(command);
                if (!options.empty())
                    print_out(fmt::format("\n[{}]{}", fmt::join(path, "."), options));
            });
            return 0;
        };
    });
}

std::string config_fault(const CLI::App& program, const AddCommands& add_commands) {
    const auto file = program.get_config_ptr()->as<std::string>();
    if (file.empty()) return "";
    std::ifstream in(file);
    if (!in.good() || std::filesystem::is_directory(file))
        return fmt::format("avtalskoll: {}: cannot be read; give --config another file\n", file);
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    if (!fault_in(text, add_commands)) return "";
    const LineFault fault = first_fault(text, add_commands);
    return fmt::format("avtalskoll: {}:{}: {}\n", file, fault.line, fault.what);
}

}  // namespace avtalskoll::app
